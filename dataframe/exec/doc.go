// Package exec runs plans.
//
// A [Topology] is a plan cut where rows move to another partition; each
// [Subtopology] runs as one [Task] a partition. A task is fed records, drives
// its operators by direct calls, and collects what is to be sent; it neither
// reads nor writes anything else. Who feeds it and who commits is not its
// business: the [Driver] does so in memory, package stream over Kafka.
//
// What a task gives for a key depends on the rows of its inputs and the plan,
// never on where batches were cut, how inputs were interleaved, or when state
// was saved and restored.
package exec
