// Package kafkatest gives tests a Kafka to talk to: the in-process fake, or a real Apache Kafka.
//
// A [Broker] is what a test holds: addresses, and helpers that make topics, produce and read back.
// [Fake] makes one from kfake in a millisecond. [Real] shares one Apache Kafka (KRaft, one node) among all
// tests of a test binary; [Each] runs a test on both. A [Process] is an Apache Kafka of the test's own, which
// it may kill and restart.
//
// The jars come from Maven Central once, into .cache/kafka at the root of the repository. Where java or mvn is
// missing, tests of the real Kafka are skipped with the reason, and fail if CI is set. With
// KAFKA_BROKERS=host:9092 they use that cluster instead.
package kafkatest
