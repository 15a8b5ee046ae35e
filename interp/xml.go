package interp

import (
	"encoding/xml"
	"reflect"
)

// xmlFuncs are the functions of package xml.
func xmlFuncs() map[string]any {
	return map[string]any{
		"Marshal": func(v any) ([]byte, error) { return xml.Marshal(toXML(v)) },
		"MarshalIndent": func(v any, prefix, indent string) ([]byte, error) {
			return xml.MarshalIndent(toXML(v), prefix, indent)
		},
		"Unmarshal": func(data []byte, v any) error {
			return fromXML(v, func(v any) error { return xml.Unmarshal(data, v) })
		},
	}
}

// The methods of its encoders and decoders.

func xmlEncode(e *xml.Encoder, v any) error { return e.Encode(toXML(v)) }

func xmlEncodeElement(e *xml.Encoder, v any, start xml.StartElement) error {
	return e.EncodeElement(toXML(v), start)
}

func xmlDecode(d *xml.Decoder, v any) error { return fromXML(v, d.Decode) }

func xmlDecodeElement(d *xml.Decoder, v any, start *xml.StartElement) error {
	return fromXML(v, func(v any) error { return d.DecodeElement(v, start) })
}

// xmlSpoken is a value that writes itself by a method.
func xmlSpoken(b box, method string) any {
	switch method {
	case "MarshalXML":
		return xmlElement{b}
	case "MarshalXMLAttr":
		return xmlAttribute{b}
	}
	return xmlText{b}
}

// An xmlNamed is a value that is an element of a name.
type xmlNamed struct {
	value any
	name  string
}

// MarshalXML implements xml.Marshaler.
func (x xmlNamed) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	if start.Name.Local == "xmlNamed" {
		start.Name.Local = x.name
	}
	return e.EncodeElement(x.value, start)
}

type (
	xmlElement   struct{ box }
	xmlAttribute struct{ box }
	xmlText      struct{ box }
)

// MarshalXML implements xml.Marshaler.
func (x xmlElement) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	if start.Name.Local == "" || start.Name.Local == "xmlElement" {
		start.Name.Local = structName(x.kind.typ)
	}
	return x.bound("MarshalXML", reflect.TypeFor[func(*xml.Encoder, xml.StartElement) error]()).Interface().(func(*xml.Encoder, xml.StartElement) error)(e, start)
}

// MarshalXMLAttr implements xml.MarshalerAttr.
func (x xmlAttribute) MarshalXMLAttr(name xml.Name) (xml.Attr, error) {
	return x.bound("MarshalXMLAttr", reflect.TypeFor[func(xml.Name) (xml.Attr, error)]()).Interface().(func(xml.Name) (xml.Attr, error))(name)
}

// MarshalText implements encoding.TextMarshaler.
func (x xmlText) MarshalText() ([]byte, error) {
	return x.bound("MarshalText", reflect.TypeFor[func() ([]byte, error)]()).Interface().(func() ([]byte, error))()
}
