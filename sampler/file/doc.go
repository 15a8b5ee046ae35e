// Package file is the stored form of a sample: rows of topics as they came, byte for byte, with no need of Kafka to read them.
//
// A [Writer] takes [Row] after [Row] and puts the file in place when it is whole; [Read] returns a [Sample]. The [Fingerprint] is over
// what the rows are, not over when they were fetched: equal fingerprints, equal rows.
//
// A file is
//
//	magic      16 bytes, with the version
//	header     u32 length, JSON
//	row ...    uvarint length of body, varint arrival gap in ns, uvarint topic (its place in the header), body
//	end        uvarint 0
//	trailer    u64 rows, 32 bytes fingerprint, u32 CRC-32C of all before, 8 bytes magic
//
// and a body is: uvarint partition, uvarint offset, varint time in ms, flags,
// key and value if there are any, uvarint number of headers, headers. Byte strings have a uvarint length in front; fixed numbers are little-endian.
package file
