package wire

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// What Decode refuses.
var (
	ErrFrames    = errors.New("not a Jupyter message")
	ErrSignature = errors.New("wrong signature")
	ErrReplay    = errors.New("signature was used before")
	ErrJSON      = errors.New("malformed JSON")
)

const delimiter = "<IDS|MSG>"

// maxRoute bounds the routing frames before the delimiter.
const maxRoute = 16

// A Codec signs and checks messages of one kernel. It may be used by many goroutines.
type Codec struct {
	key     []byte
	session string
	seen    *memory
}

// NewCodec makes a codec with the key of the connection file. With an empty key nothing is signed or checked.
func NewCodec(key []byte) *Codec {
	return &Codec{key: key, session: NewID(), seen: newMemory(1 << 16)}
}

// Decode reads a message. It verifies the signature before it parses a byte, and refuses one that it has
// seen among the last 65,536. The error wraps one of ErrFrames, ErrSignature, ErrReplay, ErrJSON.
func (c *Codec) Decode(frames [][]byte) (Message, error) {
	i := slices.IndexFunc(frames[:min(len(frames), maxRoute)], func(f []byte) bool { return string(f) == delimiter })
	if i < 0 || len(frames) < i+6 {
		return Message{}, fmt.Errorf("%w: %d frames, expected %s and five more", ErrFrames, len(frames), delimiter)
	}
	signature, parts := frames[i+1], frames[i+2:]
	if err := c.verify(signature, parts[:4]); err != nil {
		return Message{}, err
	}
	m := Message{Route: frames[:i], RawHeader: parts[0], Parent: parts[1], Metadata: parts[2], Content: parts[3], Buffers: parts[4:]}
	for n, p := range parts[:4] {
		if !json.Valid(p) {
			return Message{}, fmt.Errorf("%w: part %d of the message", ErrJSON, n)
		}
	}
	if err := json.Unmarshal(m.RawHeader, &m.Header); err != nil {
		return Message{}, fmt.Errorf("%w: header: %w", ErrJSON, err)
	}
	if m.Header.Type == "" { // null, which is valid, among others: it cannot be the parent of an answer
		return Message{}, fmt.Errorf("%w: header without msg_type", ErrJSON)
	}
	return m, nil
}

func (c *Codec) verify(signature []byte, parts [][]byte) error {
	if len(c.key) == 0 {
		return nil
	}
	want := c.sign(parts)
	if !hmac.Equal(signature, want) {
		return ErrSignature
	}
	if !c.seen.add(string(want)) {
		return ErrReplay
	}
	return nil
}

func (c *Codec) sign(parts [][]byte) []byte {
	if len(c.key) == 0 {
		return nil
	}
	h := hmac.New(sha256.New, c.key)
	for _, p := range parts {
		h.Write(p)
	}
	return hex.AppendEncode(nil, h.Sum(nil))
}

// Encode gives the frames of a draft, and the identifier it got.
func (c *Codec) Encode(d Draft) (frames [][]byte, id string, err error) {
	header := newHeader(c.session, d.Type)
	parts := make([][]byte, 4)
	for i, v := range []any{header, d.Parent, d.Metadata, d.Content} {
		if parts[i], err = part(v); err != nil {
			return nil, "", fmt.Errorf("cannot encode %s: %w", d.Type, err)
		}
	}
	frames = append(frames, d.Route...)
	frames = append(frames, []byte(delimiter), c.sign(parts))
	return append(append(frames, parts...), d.Buffers...), header.ID, nil
}

// part encodes one part of a message. What is missing is {}, since every part is an object, and what is JSON stays as it is.
func part(v any) ([]byte, error) {
	raw, ok := v.(json.RawMessage)
	switch {
	case v == nil || ok && len(raw) == 0:
		return []byte("{}"), nil
	case ok:
		return raw, nil
	}
	return json.Marshal(v)
}
