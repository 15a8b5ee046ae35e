// Package formula reads functions of cells as functions of columns, from their
// typed trees. Its nouns are Source, what a session knows, Target, a function
// that a frame was given, and Refusal, why one is called instead.
//
// What is read is arithmetic, comparisons, functions of math and of texts, if,
// switch, return, loops whose turns are the same for every row, and variables
// and functions of the function's own, over its arguments or the columns of its
// row. Other functions and methods of cells are read where they are
// called, as they are at that time, since a call would find them so; and so
// are variables, structs, lists and maps of cells that nothing can change
// while rows flow.
package formula
