// Bench measures Riffle beside programs written by hand for the same jobs, in one run on one Kafka, and checks every row.
//
// A [workload] is the topic that all read; a [job] what is to be computed, with the reference for its rows; a [program]
// one way of doing a job, written by hand or exported from a notebook; a [result] what one run of it cost. CPU seconds per million rows are the figure to look at:
// on a shared machine rows per second say more about the neighbours.
//
//	go run ./bench -rows 2000000 -rounds 5
//	go run ./bench -build bench/bin
//	go run ./bench -peers streams,quix,goka
//	go run ./bench -latency
//
// The second leaves the exported jobs as programs that others can measure: each is told by BOOTSTRAP, IN, OUT, GROUP and STATE_DIR where
// to read and write (J5 reads $IN-gps and $IN-g), begins at the earliest offsets, and runs until SIGTERM.
package main
