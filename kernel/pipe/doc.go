// Package pipe puts a kernel.Evaluator into a process of its own, so that the kernel survives what a cell does.
//
// A Client is the evaluator as the front sees it: it starts the worker process, speaks with it over a pipe,
// says in the running cell why a worker died, and starts another for the next cell. Serve, or Worker with
// the descriptors that the Client passes, is the other end.
package pipe
