// Package code names the code of a function: a hash over its text and the text
// of all that it reaches in its package.
//
// A [Source] is the files of the package, which a program carries within itself. So
// the hash is that of the program that runs, whoever edited it since it was exported.
package code
