// Package wire is the form of Jupyter messages: frames, headers, signatures.
//
// A Codec decodes frames into a Message, checking the signature before it parses anything, and encodes
// what the kernel says.
package wire
