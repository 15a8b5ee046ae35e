// Verify tries whether a program exported from a notebook loses rows, doubles some or gets some wrong while everything around it
// is killed. What must come out is computed by the ledger, apart from the engine.
//
// A [trial] feeds rows to a Kafka and has a [fleet] of workers run the program of ledger.ipynb on it. Workers are killed every one to
// three seconds, at any time and at named failpoints, lose their state folders, and stay away for longer than the group waits for
// them. Meanwhile a [kafka] has its brokers killed, its coordinators moved and answers to EndTxn forged. An [output] reads what
// is committed. In the end it is held against the ledger, and so is what a reader of uncommitted rows sees, in which the
// ledger must find something.
//
//	go run ./verify -rows 1000000 -seed 7
//	go run ./verify -brokers 0
//
// The second has a fake Kafka in this process, which cannot be killed; all else is as on a real one.
package main
