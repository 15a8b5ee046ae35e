// Package live runs a plan over the rows that come now, and says what it gives.
//
// [Run] assigns the topics' partitions to itself, looks back a little, and
// drives the plan's tasks in memory: it joins no group, writes nothing to
// Kafka and keeps nothing. What it gives goes as [Message]s through a pipe to
// the process that shows it, which reads them with a [Reader].
package live
