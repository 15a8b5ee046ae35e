// Package oracle says by definition what plans must give, for tests that hold the engine against it.
//
// A [Log] is a topic as a list of [Event]s with the marks of their partitions; [Key.Concat] is several as one. [Windows], [Join] and [Key.Released]
// go over all of a log again for each answer, with maps, sorting and rational numbers, and share no code with the
// engine: what they lack in speed they have in being obvious.
package oracle
