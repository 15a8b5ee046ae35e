package protobuf

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/riffle-stream/riffle/codec"
)

// ErrSchema is wrapped by errors about the description of messages.
var ErrSchema = fmt.Errorf("description of messages")

// mainFile is what a schema without a name is called as a file.
const mainFile = "riffle-schema.proto"

// describe reads a schema: the text of a .proto file with those that it
// imports, or a FileDescriptorSet, whose last file is the schema's; as it is, or in base64.
func describe(s codec.Schema) (protoreflect.FileDescriptor, error) {
	if set, ok := setOf(s.Text); ok {
		return fromSet(set)
	}
	if set, ok := single(s); ok {
		return fromSet(set)
	}
	files := map[string]string{mainFile: s.Text}
	for _, r := range s.References {
		files[r.Name] = r.Text
	}
	c := protocompile.Compiler{Resolver: protocompile.WithStandardImports(&protocompile.SourceResolver{Accessor: protocompile.SourceAccessorFromMap(files)})}
	got, err := c.Compile(context.Background(), mainFile)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSchema, err)
	}
	return got[0], nil
}

// setOf reads a FileDescriptorSet, in base64 too.
func setOf(text string) (*descriptorpb.FileDescriptorSet, bool) {
	for _, b := range [][]byte{[]byte(text), unbase64(text)} {
		set := &descriptorpb.FileDescriptorSet{}
		if len(b) > 0 && b[0] == 0x0a && proto.Unmarshal(b, set) == nil && len(set.File) > 0 && set.File[0].GetName() != "" {
			return set, true
		}
	}
	return nil, false
}

// single reads a FileDescriptorProto in base64, which some serializers register instead of text, and those that it imports.
func single(s codec.Schema) (*descriptorpb.FileDescriptorSet, bool) {
	set := &descriptorpb.FileDescriptorSet{}
	for _, r := range append(s.References[:len(s.References):len(s.References)], codec.Reference{Text: s.Text}) {
		f := &descriptorpb.FileDescriptorProto{}
		if b := unbase64(r.Text); len(b) == 0 || b[0] != 0x0a || proto.Unmarshal(b, f) != nil {
			return nil, false
		}
		if r.Name != "" {
			f.Name = proto.String(r.Name)
		}
		set.File = append(set.File, f)
	}
	return set, true
}

func unbase64(text string) []byte {
	b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil {
		return nil
	}
	return b
}

func fromSet(set *descriptorpb.FileDescriptorSet) (protoreflect.FileDescriptor, error) {
	files := new(protoregistry.Files)
	var last protoreflect.FileDescriptor
	for _, f := range set.File {
		d, err := protodesc.NewFile(f, both{files})
		if err != nil {
			return nil, fmt.Errorf("%w: file %s: %w", ErrSchema, f.GetName(), err)
		}
		if err := files.RegisterFile(d); err != nil {
			return nil, fmt.Errorf("%w: file %s: %w", ErrSchema, f.GetName(), err)
		}
		last = d
	}
	return last, nil
}

// both finds files of a set, and those that come with Protobuf where the set lacks them.
type both struct{ *protoregistry.Files }

// FindFileByPath implements protodesc.Resolver.
func (b both) FindFileByPath(path string) (protoreflect.FileDescriptor, error) {
	if d, err := b.Files.FindFileByPath(path); err == nil {
		return d, nil
	}
	return protoregistry.GlobalFiles.FindFileByPath(path)
}

// FindDescriptorByName implements protodesc.Resolver.
func (b both) FindDescriptorByName(name protoreflect.FullName) (protoreflect.Descriptor, error) {
	if d, err := b.Files.FindDescriptorByName(name); err == nil {
		return d, nil
	}
	return protoregistry.GlobalFiles.FindDescriptorByName(name)
}

// whole is a file with all that it imports, in base64: the same text for the same files.
func whole(f protoreflect.FileDescriptor) (string, error) {
	set := &descriptorpb.FileDescriptorSet{}
	seen := map[string]bool{}
	var add func(f protoreflect.FileDescriptor)
	add = func(f protoreflect.FileDescriptor) {
		if seen[f.Path()] {
			return
		}
		seen[f.Path()] = true
		for i := range f.Imports().Len() {
			add(f.Imports().Get(i).FileDescriptor)
		}
		set.File = append(set.File, protodesc.ToFileDescriptorProto(f))
	}
	add(f)
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(set)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrSchema, err)
	}
	return base64.StdEncoding.EncodeToString(b), nil
}

// message finds a message of a file by name, with its package or without; "" is the first.
func message(f protoreflect.FileDescriptor, name string) (protoreflect.MessageDescriptor, error) {
	var names []string
	all := f.Messages()
	for i := range all.Len() {
		m := all.Get(i)
		if name == "" || string(m.FullName()) == name || string(m.Name()) == name {
			return m, nil
		}
		names = append(names, string(m.FullName()))
	}
	for at := f.Messages(); ; {
		first, rest, more := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(name, string(f.Package())), "."), ".")
		m := at.ByName(protoreflect.Name(first))
		if m == nil {
			return nil, fmt.Errorf("%w: there is no message %q in %s (have %s)", ErrSchema, name, f.Path(), strings.Join(names, ", "))
		}
		if !more {
			return m, nil
		}
		at, name = m.Messages(), rest
	}
}

// indexed finds a message by its places: among those of the file, then among those within it.
func indexed(f protoreflect.FileDescriptor, index []int) (protoreflect.MessageDescriptor, error) {
	at := f.Messages()
	var m protoreflect.MessageDescriptor
	for _, i := range index {
		if i < 0 || i >= at.Len() {
			return nil, fmt.Errorf("%w: there is no message %v", ErrSchema, index)
		}
		m = at.Get(i)
		at = m.Messages()
	}
	return m, nil
}

// places are the index of a message; see indexed.
func places(m protoreflect.MessageDescriptor) []int {
	var out []int
	for d := protoreflect.Descriptor(m); ; d = d.Parent() {
		if _, ok := d.(protoreflect.MessageDescriptor); !ok {
			return out
		}
		out = append([]int{d.Index()}, out...)
	}
}
