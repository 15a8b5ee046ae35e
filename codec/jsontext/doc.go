// Package jsontext reads and writes JSON as bytes, strictly by RFC 8259.
//
// [Skip] passes over a value, [String], [ScanNumber] and [Value] read one, all
// at a place in a slice; [AppendString], [AppendFloat] and [AppendValue] write
// the one form that this project gives to a value. A [SyntaxError] says where
// bytes are not JSON. Stricter than encoding/json: invalid UTF-8 and half a
// surrogate pair are errors.
package jsontext
