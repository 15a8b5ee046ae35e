// Package export makes programs of what a notebook built.
//
// A [Program] is a slice of the notebook with its plan, its sample and the rows
// that it gave. A [Workshop] is a folder in which programs are built without a
// network: it holds the engine's sources and the libraries they need. It builds
// the child of a live run, and it writes the module of an exported program,
// which carries its own copy of both. [Verify] compares what a built program
// gives with what the notebook gave.
package export
