// Package corpus holds pipelines with their inputs and outputs, on which the
// ways of running a plan are held against each other.
//
// A [Case] is a pipeline written in the language of cells and, in testdata, a
// txtar file of its name: "in" has a record a line, "out" the rows that it
// must give. Run the tests with -update to write "out" anew, and read the diff.
package corpus
