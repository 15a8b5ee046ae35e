// Package avro is the codec of Avro records.
//
// A record is decoded by the schema that it was written with, straight into
// the columns that are wanted; what nobody reads is passed over. [Format] is
// how package codec finds it. Between the writer's schema and the reader's the
// rules of Avro's schema resolution hold: fields are matched by name or alias,
// numbers are widened, and a field that the writer lacks has its default.
//
// A record of a schema registry begins with a zero byte and the schema's id;
// of a single object with its schema's fingerprint; a plain one with neither.
package avro
