// Package expr is the expressions that cells write in strings.
//
// [Parse] reads text into an [Expr], an immutable tree whose text is
// canonical; [Col] and [Lit] build the same trees from Go. An Expr is checked
// against a schema, and [Compile] makes a [Program] of it, which computes a
// column from a batch of rows.
//
// Null and NaN are different things. Arithmetic, comparisons and functions
// give null if an argument is null; and, or and not are three-valued (Kleene);
// x ?? y and has(x) look at null itself, and so does x == null, with the
// literal. Comparisons with NaN are false, but for !=, as in Go.
//
// Integers keep 64 bits: one that overflows becomes null and is counted, and
// a comparison of an int with a float is exact. / and ** give a float, div an
// int; div and % round down, so that the sign of a % b is that of b, as in
// Polars and Python; a division by zero is null for ints and ±Inf or NaN for
// floats. % of floats is exact. A duration holds 292 years, as in Go; a longer
// one counts as an overflow.
//
// Values of a column of kind any are looked at one by one, with the same
// rules; where a value has a kind that the rules refuse, the result is null
// and [Program.Misfits] counts it.
package expr
