// Package display turns values into what a notebook shows.
//
// A [Bundle] is one thing in several forms, by MIME type; a [Bundler] makes its
// own. [Value] shows any Go value. [Table] is a table of text, as HTML and as
// aligned text; [Failure] an error with its source line and caret; [Progress] a
// bar. What comes from data is escaped everywhere, and characters that cannot
// be seen are shown by their escapes.
package display
