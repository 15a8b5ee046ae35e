package wire

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"time"
)

// Version is the protocol that this package speaks. Clients read key names by it.
const Version = "5.4"

// dateFormat has microseconds: clients do not parse nanoseconds.
const dateFormat = "2006-01-02T15:04:05.000000Z"

// A Header says what a message is and who sent it.
type Header struct {
	ID      string `json:"msg_id"`
	Session string `json:"session"`
	User    string `json:"username"`
	Date    string `json:"date"`
	Type    string `json:"msg_type"`
	Version string `json:"version"`
}

// A Message is one that a client sent.
type Message struct {
	Route     [][]byte        // the routing frames before the delimiter
	Header    Header          //
	RawHeader json.RawMessage // Header as it came: the parent of every answer, with the fields we do not know
	Parent    json.RawMessage
	Metadata  json.RawMessage
	Content   json.RawMessage
	Buffers   [][]byte
}

// Draft is a message to be sent.
type Draft struct {
	Route    [][]byte        // the routing frames, or the topic
	Type     string          //
	Parent   json.RawMessage // header of the message that caused this one; nil for none
	Metadata any             // nil for none
	Content  any             //
	Buffers  [][]byte
}

// NewID gives a random identifier of 32 hexadecimal digits.
func NewID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

func newHeader(session, kind string) Header {
	return Header{ID: NewID(), Session: session, User: "kernel", Date: time.Now().UTC().Format(dateFormat), Type: kind, Version: Version}
}
