// Package kernel is the Jupyter protocol: it serves notebooks on ZeroMQ and hands their cells to an Evaluator.
//
// An Evaluator runs cells, one at a time, and writes what they show to an Output. Serve is a kernel from
// its start to its shutdown, over the five channels that a Connection file names: shell (the cells, in
// order), control (answered while a cell runs), stdin, iopub (what everybody sees) and heartbeat.
//
// It knows neither the language of the cells nor what they are for. Package pipe puts the evaluator into a
// process of its own, package guard keeps hostile peers off the sockets, package wire is the form of messages.
package kernel
