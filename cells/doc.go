// Package cells is what notebooks and exported programs import: the language
// of frames, the verbs, and charts as values.
//
// The language is that of package dataframe, under short names. A verb, such
// as [Show], [Live] or [Export], acts when a notebook runs it; the notebook
// puts its own functions in the place of those here, which do nothing, so that
// the same statements compile into a program that only builds its graph.
package cells
