package dataframe

import (
	"strings"

	"github.com/riffle-stream/riffle/dataframe/plan"
)

// Format is how records stand as bytes.
type Format string

func (f Format) apply(s *plan.Source) error {
	s.Format = string(f)
	return nil
}

// JSON is one object a record.
func JSON() Format { return "json" }

// CSV is one line a record, with these columns.
func CSV(columns ...string) Format {
	quoted := make([]string, len(columns))
	for i, c := range columns {
		if quoted[i] = c; strings.ContainsAny(c, ",\"\r\n") || strings.TrimSpace(c) != c {
			quoted[i] = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
	}
	return Format("csv(" + strings.Join(quoted, ",") + ")")
}

// Separated is CSV with another character between fields: CSV("a", "b").Separated(";").
func (f Format) Separated(by string) Format { return f.as(by) }

// Raw is the record's bytes as one column, value.
func Raw() Format { return "raw" }

// Avro is a record of Avro that names its schema in a schema registry. Rows are
// read by the newest schema of the sample, or by the one given, as JSON; they are
// written by the one given, or by one made from the columns, which the registry gets.
func Avro(schema ...string) Format {
	f := Format("avro")
	for _, s := range schema {
		f += Format("(" + s + ")")
	}
	return f
}

// Protobuf is a message of Protobuf that names its schema in a schema registry.
// A schema may be given, as the text of a .proto file or a FileDescriptorSet, and
// then the message's name, if it is not the first: Protobuf(text, "Car").
func Protobuf(schema ...string) Format {
	f := Format("protobuf")
	for i, s := range schema {
		if i == 0 {
			f += Format("(" + s + ")")
		} else {
			f = f.as(":" + s)
		}
	}
	return f
}

// JSONSchema is JSON behind the id of its schema in a schema registry.
func JSONSchema() Format { return "json-schema" }

// Plain is Avro or Protobuf without a registry: records are nothing but what the
// schema says. Those that are read may be single objects of Avro as well.
func (f Format) Plain() Format { return f.as("-plain") }

// SingleObject is Avro whose records begin with a fingerprint of their schema.
func (f Format) SingleObject() Format { return f.as("-single") }

// as puts a word behind the name of a format.
func (f Format) as(word string) Format {
	at := strings.IndexAny(string(f), ":(")
	if at < 0 {
		at = len(f)
	}
	return f[:at] + Format(word) + f[at:]
}
