// Package codec turns the values of records into columns and back.
//
// A [Codec] is a format: [JSON], [CSV] or [Raw]. Its [Decoder] fills the
// columns that a plan reads and leaves the rest of each record as bytes; its
// [Encoder] writes one row as one value. [Splicer] writes a row into the
// object that it came from. [Infer] finds the columns of a sample.
//
// A record that is not in its format, or whose field has another kind than the
// plan says, is a [BadRow]; nothing is guessed.
package codec
