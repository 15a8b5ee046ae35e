// Package table reads and writes tables that lie in files: CSV with a header,
// JSON lines, and Parquet.
//
// [ReadCSV] and [ReadLines] give the records of a file, which package codec
// decodes like those of a topic; [ReadParquet] gives a batch, since the file has
// kinds of its own. [Write] writes rows in the form that a file's name ends in.
package table
