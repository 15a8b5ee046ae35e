// Package vector computes Go functions of rows as loops over columns.
//
// A [Func] is the body of a function as a list of ops, each of which gives a
// [Value]: a column of numbers, text or truths. It is built by the front end
// that read the body, with the meaning that Go gives each operator: integers
// wrap and divide towards zero, floats are never fused, NaN equals nothing,
// and there is no null. [Compile] makes a [Program] of it for rows of one
// schema.
//
// Both branches of an if are computed for every row, and then one is chosen. An
// op that can panic knows for which rows it counts; a row for which it would is
// a fault, for which the function itself must be called: so what it panics with
// and where is told as ever.
package vector
