package row

// Header is one header of a record.
type Header struct {
	Key   string
	Value []byte
}

// Record is a message of a topic as it came, or as it will be sent.
type Record struct {
	Topic     string
	Partition int32 // -1 on a record to send: by key
	Offset    int64
	Key       []byte // nil: no key
	Value     []byte // nil: a tombstone
	Headers   []Header
	Time      int64 // the Kafka timestamp, ms since 1970
}

// Header is the value of the last header of that name, or nil.
func (r *Record) Header(key string) []byte {
	for i := len(r.Headers) - 1; i >= 0; i-- {
		if r.Headers[i].Key == key {
			return r.Headers[i].Value
		}
	}
	return nil
}

// Object is a struct value: members in the order in which they came.
type Object []Member

// Member is one name and value of an [Object].
type Member struct {
	Name  string
	Value any
}

// Get is the value of a member and whether there is one.
func (o Object) Get(name string) (any, bool) {
	for i := range o {
		if o[i].Name == name {
			return o[i].Value, true
		}
	}
	return nil, false
}
