// Package stream runs a plan over Kafka for as long as it is let.
//
// [Run] is one process of a program: a member of a consumer group whose tasks
// read, compute and write in transactions that hold the output, the changelog
// of the state, and the offsets of the inputs together. Kafka is the truth; the
// state folder is a cache of the changelog, written after each commit. So a
// process may die anywhere, and another goes on where the last transaction ended.
//
// A [Config] says where and how; [Events] tell what happens. [Main] is the
// whole of an exported program: flags, environment, exit codes.
package stream
