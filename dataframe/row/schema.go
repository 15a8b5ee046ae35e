package row

import (
	"fmt"
	"strings"
)

// Field is the name and kind of one column.
type Field struct {
	Name string
	Kind Kind
}

// String is the field as Fields takes it, such as "speed float".
func (f Field) String() string { return f.Name + " " + f.Kind.String() }

// ParseField reads "name kind". The name may hold spaces, the kind is the last word.
func ParseField(s string) (Field, error) {
	cut := strings.LastIndexByte(strings.TrimSpace(s), ' ')
	if cut < 0 {
		return Field{}, fmt.Errorf("field %q has no kind, want \"name kind\" such as \"speed float\"", s)
	}
	s = strings.TrimSpace(s)
	kind, err := ParseKind(s[cut+1:])
	if err != nil {
		return Field{}, fmt.Errorf("field %q: %w", s, err)
	}
	return Field{strings.TrimSpace(s[:cut]), kind}, nil
}

// Schema is an ordered list of fields with distinct names. It does not change once made.
type Schema struct {
	fields []Field
	index  map[string]int
}

// NewSchema gives the schema of these fields; of two fields with one name the later wins, in the place of the first.
func NewSchema(fields ...Field) *Schema {
	s := &Schema{index: make(map[string]int, len(fields))}
	for _, f := range fields {
		if i, ok := s.index[f.Name]; ok {
			s.fields[i] = f
			continue
		}
		s.index[f.Name] = len(s.fields)
		s.fields = append(s.fields, f)
	}
	return s
}

// Len is the number of columns.
func (s *Schema) Len() int { return len(s.fields) }

// At is the i-th field.
func (s *Schema) At(i int) Field { return s.fields[i] }

// Fields is a copy of the fields in order.
func (s *Schema) Fields() []Field { return append([]Field(nil), s.fields...) }

// few columns are found sooner by looking at each than by hashing.
const few = 8

// Index is the place of a column, or -1.
func (s *Schema) Index(name string) int {
	if len(s.fields) <= few {
		for i := range s.fields {
			if s.fields[i].Name == name {
				return i
			}
		}
		return -1
	}
	if i, ok := s.index[name]; ok {
		return i
	}
	return -1
}

// Kind is the kind of a column and whether there is one of that name.
func (s *Schema) Kind(name string) (Kind, bool) {
	i, ok := s.index[name]
	if !ok {
		return Null, false
	}
	return s.fields[i].Kind, true
}

// Names are the column names in order.
func (s *Schema) Names() []string {
	names := make([]string, len(s.fields))
	for i, f := range s.fields {
		names[i] = f.Name
	}
	return names
}

// With is the schema with these fields added, or replaced in place.
func (s *Schema) With(fields ...Field) *Schema {
	return NewSchema(append(s.Fields(), fields...)...)
}

// Equal says whether both have the same fields in the same order.
func (s *Schema) Equal(o *Schema) bool {
	if len(s.fields) != len(o.fields) {
		return false
	}
	for i, f := range s.fields {
		if o.fields[i] != f {
			return false
		}
	}
	return true
}

// String lists the fields as Fields takes them, separated by commas.
func (s *Schema) String() string {
	parts := make([]string, len(s.fields))
	for i, f := range s.fields {
		parts[i] = f.String()
	}
	return strings.Join(parts, ", ")
}
