// Package codec turns the bytes of records into rows and back.
//
// A [Codec] is a format: [JSON], [CSV], [Raw], or one of the packages below,
// which [Formats] bring in. Its [Decoder] fills a batch
// with the columns that are wanted and reports each [BadRow]; its [Encoder]
// writes one row as one record value. [Infer] finds the columns and kinds of a
// sample, and [Splicer] writes a row into the JSON object that it came from.
package codec
