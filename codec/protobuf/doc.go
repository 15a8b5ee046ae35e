// Package protobuf is the codec of Protocol Buffers.
//
// A record's fields are read by their numbers, straight into the columns that
// are wanted; lists, maps and what else holds several values go through
// dynamicpb. The description of the message comes from a schema registry, whose
// records say which message of it they are, or is given: as the text of a .proto
// file, or as the FileDescriptorSet that protoc writes. [Format] is how package
// codec finds it.
package protobuf
