package live

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Protocol is the version of the messages.
const Protocol = 1

// maxMessage bounds what a reader takes, in bytes.
const maxMessage = 64 << 20

// ErrMessage is in every error about bytes that are no message.
var ErrMessage = errors.New("live: malformed message")

// Message is one thing that a run says; exactly one field is set.
type Message struct {
	Hello    *Hello    `json:"hello,omitempty"`
	Rows     *Rows     `json:"rows,omitempty"`
	Progress *Progress `json:"progress,omitempty"`
	Bad      *Bad      `json:"bad,omitempty"`
	Bye      *Bye      `json:"bye,omitempty"`
}

// Hello is the first message.
type Hello struct {
	Protocol int    `json:"protocol"`
	Code     string `json:"code"` // hash of the program's statements
	Plan     string `json:"plan"` // hash of the plan
	Roots    []Root `json:"roots"`
}

// Root is one of the frames that the run gives rows of.
type Root struct {
	Fields []string `json:"fields"` // "name kind"
}

// Rows are rows of a root, in order; newer than all sent before.
type Rows struct {
	Root    int      `json:"root"`
	Times   []int64  `json:"times"` // event times, µs
	Keys    []string `json:"keys"`
	Data    [][]byte `json:"data"`              // as [row.AppendRow] writes them
	Open    bool     `json:"open,omitempty"`    // of windows that are not closed yet: each row may come again
	Idle    []bool   `json:"idle,omitempty"`    // which were given because nothing came any more, if any
	Dropped int      `json:"dropped,omitempty"` // rows before these that were not sent, because nobody read fast enough
}

// First leaves out all rows but the first n.
func (r *Rows) First(n int) {
	r.Times, r.Keys, r.Data = r.Times[:n], r.Keys[:min(n, len(r.Keys))], r.Data[:n]
	r.Idle = r.Idle[:min(n, len(r.Idle))]
}

// Progress is how far the run has come.
type Progress struct {
	Read      int64 `json:"read"`      // rows of all topics
	Lag       int64 `json:"lag"`       // rows that are there and not yet read
	Watermark int64 `json:"watermark"` // µs since 1970; 0: none yet
	Late      int64 `json:"late"`      // rows that came too late
	Over      int64 `json:"over"`      // ints that became null because they do not fit 64 bits
	Misfit    int64 `json:"misfit"`    // values that became null because an expression does not take their kind
	Idle      int64 `json:"idle"`      // rows given because nothing came any more
	Bad       int64 `json:"bad"`       // rows that a step could not take
}

// Bad is a row that a step could not take; the run went on unless Stopped.
type Bad struct {
	Stage string `json:"stage"`
	Op    string `json:"op"`
	At    string `json:"at"`    // topic, partition and offset
	Value string `json:"value"` // of the record, cut
	Error string `json:"error"`
	Stack string `json:"stack,omitempty"`
}

// Bye is the last message: why the run ended; "" when it was told to.
type Bye struct {
	Error string `json:"error,omitempty"`
}

// Schema is the root's columns.
func (r Root) Schema() (*row.Schema, error) {
	var fields []row.Field
	for _, s := range r.Fields {
		f, err := row.ParseField(s)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrMessage, err)
		}
		fields = append(fields, f)
	}
	return row.NewSchema(fields...), nil
}

// Batch is the rows as a batch of the root's schema.
func (r *Rows) Batch(s *row.Schema) (*row.Batch, error) {
	b := &row.Batch{Schema: s, Cols: make([]row.Vec, s.Len()), Key: row.Vec{Kind: row.String}, Time: r.Times, Mark: r.Times}
	for c := range b.Cols {
		b.Cols[c] = row.MakeVec(s.At(c).Kind, 0)
	}
	for i, data := range r.Data {
		if err := row.DecodeRow(data, s, b); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrMessage, err)
		}
		if err := b.Key.Append(r.Keys[i]); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// write sends a message: its length and its JSON.
func write(w io.Writer, m Message) error {
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("live: %w", err)
	}
	_, err = w.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), body...))
	return err
}

// Reader reads the messages of a run.
type Reader struct{ r io.Reader }

// NewReader reads from the pipe of a run.
func NewReader(r io.Reader) *Reader { return &Reader{r} }

// Next is the next message; io.EOF at the end. What is no message wraps [ErrMessage].
func (r *Reader) Next() (Message, error) {
	var m Message
	var head [4]byte
	if _, err := io.ReadFull(r.r, head[:]); err != nil {
		return m, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > maxMessage {
		return m, fmt.Errorf("%w: it says it has %d bytes, at most %d", ErrMessage, n, maxMessage)
	}
	body := make([]byte, n)
	if _, err := io.ReadFull(r.r, body); err != nil {
		return m, fmt.Errorf("%w: it is cut: %w", ErrMessage, err)
	}
	if err := json.Unmarshal(body, &m); err != nil {
		return m, fmt.Errorf("%w: %w", ErrMessage, err)
	}
	if m.Rows != nil && (len(m.Rows.Keys) != len(m.Rows.Data) || len(m.Rows.Times) != len(m.Rows.Data) || m.Rows.Idle != nil && len(m.Rows.Idle) != len(m.Rows.Data)) {
		return m, fmt.Errorf("%w: rows, times and keys are not equally many", ErrMessage)
	}
	return m, nil
}
