package exec

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Stage is the part of the work in which a row was found bad.
type Stage string

// The stages.
const (
	Decode Stage = "decode" // the record is not in its format, or a field has another kind
	KeyOf  Stage = "key"    // the record does not lie where its key says
	User   Stage = "udf"    // a user's function panicked
	Shape  Stage = "shape"  // a value has another shape or kind than a step takes
	Lack   Stage = "lack"   // the row does not have what Require asks for
	Encode Stage = "encode" // the row cannot be written in the sink's format
)

// BadRow is a row that a step could not take.
type BadRow struct {
	Stage  Stage
	Step   int         // its number in the plan
	Op     string      // its text
	At     string      // where a program's source makes it, such as "pipeline.go:12"; or ""
	Cell   string      // where the notebook did, such as "cell 3 line 2"; or ""
	Record *row.Record // the record that the row came from, or nil
	Err    error
	Stack  []byte // of a user's function that panicked
}

// Error says which record, which step, and what was wrong.
func (b *BadRow) Error() string {
	at := "a row made by the program"
	if r := b.Record; r != nil {
		at = fmt.Sprintf("%s %d@%d", r.Topic, r.Partition, r.Offset)
	}
	if b.At != "" {
		name, _, _ := strings.Cut(b.Op, "(")
		if b.Cell != "" {
			return fmt.Sprintf("%s: %s: %v (%s at %s, %s of the notebook)", at, b.Stage, b.Err, name, b.At, b.Cell)
		}
		return fmt.Sprintf("%s: %s: %v (%s at %s)", at, b.Stage, b.Err, name, b.At)
	}
	return fmt.Sprintf("%s: %s: %v (in %s)", at, b.Stage, b.Err, b.Op)
}

// Unwrap is the cause.
func (b *BadRow) Unwrap() error { return b.Err }

// bad follows the step's policy for a row: nil to go on without it.
func (t *Task) bad(stage Stage, s *plan.Step, rec *row.Record, err error) error {
	if !located(rec) {
		rec = nil
	} else { // who runs the task may use its records again
		own := *rec
		rec = &own
	}
	b := &BadRow{Stage: stage, Step: s.ID, Op: s.Op.Text(), At: s.At, Cell: s.Cell, Record: rec, Err: err}
	var p *panicked
	if errors.As(err, &p) {
		b.Stack = p.stack
	}
	if !t.cfg.Lenient && (s.Policy.Action == plan.Stop || s.Policy.Action == plan.DeadLetter && rec == nil) {
		return b
	}
	t.Counts.Bad[s.ID]++
	if !t.cfg.Lenient {
		if err := t.spend(s); err != nil {
			b.Err = fmt.Errorf("%w: %w", err, b.Err)
			return b
		}
	}
	if s.Policy.Action == plan.DeadLetter && !t.cfg.Lenient {
		t.sends = append(t.sends, deadLetter(s.Policy.Topic, b))
	}
	if t.cfg.OnBad != nil {
		t.cfg.OnBad(b)
	}
	return nil
}

// The headers of dead letters, after those that the record had: what KIP-1034
// names, and ours for what it has no word for.
const (
	HeaderStage     = "__streams.errors.exception"
	HeaderMessage   = "__streams.errors.message"
	HeaderStack     = "__streams.errors.stacktrace" // of a user's function
	HeaderTopic     = "__streams.errors.topic"
	HeaderPartition = "__streams.errors.partition"
	HeaderOffset    = "__streams.errors.offset"
	HeaderOperator  = "__riffle.errors.operator"
	HeaderLine      = "__riffle.errors.line"
	HeaderCell      = "__riffle.errors.cell" // of the notebook, with the line in it
)

// mostStack is how much of a stack goes into a header, bytes.
const mostStack = 8 << 10

// deadLetter is the record as it came, with the reason in its headers.
func deadLetter(topic string, b *BadRow) row.Record {
	out := *b.Record
	out.Headers = append(append([]row.Header(nil), out.Headers...), b.Headers()...)
	out.Topic, out.Partition = topic, -1
	return out
}

// Headers are those of the row's dead letter.
func (b *BadRow) Headers() []row.Header {
	var out []row.Header
	add := func(key, value string) {
		if value != "" {
			out = append(out, row.Header{Key: key, Value: []byte(value)})
		}
	}
	add(HeaderStage, string(b.Stage))
	add(HeaderMessage, b.Err.Error())
	add(HeaderStack, string(b.Stack[:min(len(b.Stack), mostStack)]))
	if r := b.Record; r != nil {
		add(HeaderTopic, r.Topic)
		add(HeaderPartition, strconv.Itoa(int(r.Partition)))
		add(HeaderOffset, strconv.FormatInt(r.Offset, 10))
	}
	add(HeaderOperator, b.Op)
	add(HeaderLine, b.At)
	add(HeaderCell, b.Cell)
	return out
}

// panicked is a panic in a user's function.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.value) }

// Unwrap is the panic's value if that is an error.
func (p *panicked) Unwrap() error {
	err, _ := p.value.(error)
	return err
}

// call runs a user's function and gives its panic as an error.
func call(fn func()) (err error) {
	defer func() {
		if v := recover(); v != nil {
			var wrong *row.AccessError
			var lacks *Undeclared
			if e, ok := v.(error); ok && (errors.As(e, &wrong) || errors.As(e, &lacks)) {
				err = e
				return
			}
			err = &panicked{v, debug.Stack()}
		}
	}()
	fn()
	return nil
}
