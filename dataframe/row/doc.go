// Package row holds rows as typed columns.
//
// A [Record] is a message as Kafka gave it. A [Batch] is a run of rows, one
// [Vec] a column under one [Schema], with what time needs beside them. A [Row]
// is a cursor on one row of a batch, for the functions that users write. The
// package knows nothing of expressions, plans or Kafka.
package row
