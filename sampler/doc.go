// Package sampler reads a bounded, repeatable part of topics and keeps it: what every run of every cell looks at.
//
// A [Spec] says which rows ([First], [Last], [For]); a [Sampler] reads them from a cluster and pins them in a folder, where
// the next call, and the next process, finds them; [Sampler.Again] reads them anew in the same way. [Pins] is that folder, and needs no Kafka. Rows are in package file.
// [Sampler.Topics], [Sampler.Groups] and [Sampler.Peek] look around.
//
// Partitions are read directly and up to offsets fixed before: a sampler joins no consumer group and commits nothing, so whoever
// else reads the topics does not notice.
package sampler
