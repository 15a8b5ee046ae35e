package protobuf

import (
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// program is how a message fills the columns that are wanted of it.
type program struct {
	fields map[protowire.Number]*action
	order  []*action
	row    uint64 // the record in which the message was last met
}

// action is what is done with a field.
type action struct {
	field  protoreflect.FieldDescriptor
	column int      // or -1
	inner  *program // of a message whose fields are wanted
	others []*action
	whole  bool   // a value that holds several: it is read by dynamicpb
	row    uint64 // the record in which the field last came
}

// compile is a message whose columns begin with a prefix.
func compile(m protoreflect.MessageDescriptor, prefix string, want *row.Schema) *program {
	p := &program{fields: map[protowire.Number]*action{}}
	for i := range m.Fields().Len() {
		f := m.Fields().Get(i)
		a := &action{field: f, column: want.Index(prefix + string(f.Name()))}
		if nests(f) && within(want, prefix+string(f.Name())+".") {
			a.inner = compile(f.Message(), prefix+string(f.Name())+".", want)
		}
		a.whole = a.column >= 0 && (f.IsList() || f.IsMap() || f.Message() != nil && !quick(f.Message()))
		if a.column < 0 && a.inner == nil && f.ContainingOneof() == nil {
			continue
		}
		p.fields[f.Number()] = a
		p.order = append(p.order, a)
	}
	p.exclude()
	return p
}

// exclude lets the fields of a choice know one another.
func (p *program) exclude() {
	for _, a := range p.order {
		for _, b := range p.order {
			if of := a.field.ContainingOneof(); a != b && of != nil && of == b.field.ContainingOneof() {
				a.others = append(a.others, b)
			}
		}
	}
}

// quick says whether a well-known type is read without dynamicpb.
func quick(m protoreflect.MessageDescriptor) bool {
	return m.FullName() == timestampName || m.FullName() == durationName || wrapped(m) != nil
}

func within(want *row.Schema, prefix string) bool {
	for _, f := range want.Fields() {
		if strings.HasPrefix(f.Name, prefix) {
			return true
		}
	}
	return false
}

// reset gives the columns what they have if the message is there and its fields are not.
func (p *program) reset(d *decoder) error {
	for _, a := range p.order {
		if a.inner != nil {
			a.inner.clear(d)
		}
		if a.column < 0 {
			continue
		}
		if err := d.columns.Put(a.column, absent(a.field)); err != nil {
			return err
		}
	}
	return nil
}

// absent is the value of a field that is not there: null, unless it has a default.
func absent(f protoreflect.FieldDescriptor) any {
	if f.HasPresence() && !f.HasDefault() {
		return nil
	}
	switch {
	case f.IsList():
		return []any{}
	case f.IsMap():
		return row.Object{}
	}
	return scalar(f, f.Default())
}

// clear makes the columns null: the message is not there.
func (p *program) clear(d *decoder) {
	p.row = 0
	for _, a := range p.order {
		a.clear(d)
	}
}

func (a *action) clear(d *decoder) {
	if a.column >= 0 {
		d.columns.Null(a.column)
	}
	if a.inner != nil {
		a.inner.clear(d)
	}
}

// message reads a message into the columns.
func (p *program) message(d *decoder, b []byte, depth int) error {
	if depth < 0 {
		return tooDeep()
	}
	for len(b) > 0 {
		num, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return malformed("a field does not begin: %v", protowire.ParseError(n))
		}
		b = b[n:]
		n = protowire.ConsumeFieldValue(num, kind, b)
		if n < 0 {
			return malformed("field %d: %v", num, protowire.ParseError(n))
		}
		value := b[:n]
		b = b[n:]
		if a := p.fields[num]; a != nil && kind == wireType(a.field) {
			if err := a.take(d, value, depth); err != nil {
				return err
			}
		}
	}
	return nil
}

// take reads one field's value.
func (a *action) take(d *decoder, b []byte, depth int) error {
	for _, o := range a.others {
		o.clear(d)
	}
	if a.column >= 0 && !a.whole {
		if err := a.put(d, b); err != nil {
			return err
		}
	}
	if a.inner == nil {
		return nil
	}
	if a.field.Kind() == protoreflect.GroupKind {
		d.again = true
		return nil
	}
	if a.inner.row != d.row {
		a.inner.row = d.row
		if err := a.inner.reset(d); err != nil {
			return err
		}
	}
	body, _ := protowire.ConsumeBytes(b)
	return a.inner.message(d, body, depth-1)
}

// put reads a value that is one into the column.
func (a *action) put(d *decoder, b []byte) error {
	if a.field.Message() != nil {
		if a.row == d.row {
			d.again = true // the two are one message, merged
		}
		a.row = d.row
		body, _ := protowire.ConsumeBytes(b)
		return d.known(a.column, a.field.Message(), body)
	}
	return d.scalar(a.column, a.field, b)
}

// wireType is how a field's values stand as bytes; what stands otherwise is passed over, as Protobuf does.
func wireType(f protoreflect.FieldDescriptor) protowire.Type {
	switch f.Kind() {
	case protoreflect.Fixed32Kind, protoreflect.Sfixed32Kind, protoreflect.FloatKind:
		return protowire.Fixed32Type
	case protoreflect.Fixed64Kind, protoreflect.Sfixed64Kind, protoreflect.DoubleKind:
		return protowire.Fixed64Type
	case protoreflect.StringKind, protoreflect.BytesKind, protoreflect.MessageKind:
		return protowire.BytesType
	case protoreflect.GroupKind:
		return protowire.StartGroupType
	}
	return protowire.VarintType
}
