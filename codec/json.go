package codec

import "github.com/riffle-stream/riffle/dataframe/row"

// JSON is one object a record (RFC 8259). A member is a column of its name, a
// member of a nested object a column of its path, such as engine.rpm; a member
// whose own name has dots wins over a path.
func JSON() Codec { return jsonCodec{} }

type jsonCodec struct{}

func (jsonCodec) Name() string { return "json" }

func (jsonCodec) Decoder(want *row.Schema, o Options) Decoder { return newJSONDecoder(want, o) }

func (jsonCodec) Encoder(s *row.Schema, o Options) Encoder { return newJSONEncoder(s, o) }
