// Package state keeps what the tasks of a program remember.
//
// A [DB] holds the state of one process, in memory or in a folder. A
// [Partition] is the state of one task in it: committed entries, and the
// pending changes of the running transaction on top. Operators see a [Store],
// which is bytes under bytes. A [Position] says where in the inputs and in the
// changelog a partition stands; it is written with the entries in one step, so
// a partition is never ahead of its position.
//
// The folder is a cache of the changelog. Whatever is doubtful in it is set
// aside, reported as an [Incident], and rebuilt; it is never trusted.
package state
