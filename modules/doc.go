// Package modules brings Go modules into a session. Cells are interpreted, and what they import must be compiled, so a
// Riffle is built that has the modules linked in, and takes over from the one that runs. Its nouns are Request, what
// the user asks for; Module, what became of it; Linked, what a program has; and Linker, which builds the next one.
package modules
