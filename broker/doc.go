// Package broker is the Kafka that a notebook has when nobody gave it one: a fake in memory, in a process of its own, one for
// each user.
//
// [Run] is that process. It listens on a free port of 127.0.0.1, says where in a file of the user's runtime folder (package embedded),
// and ends when nobody has been connected for a while. [FindOrStart] gives the address of the one that lives, and starts one
// if there is none. With Config.Telemetry a [Feed] fills two topics for ever; a Feed can fill any other cluster, too.
//
// It is for trying things, not for keeping data: nothing is written to disk, and all topics end with the process.
package broker
