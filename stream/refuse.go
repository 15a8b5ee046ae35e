package stream

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Produce is the stage in which a broker does not take a row.
const Produce exec.Stage = "produce"

// refusals are the broker's words for a record that it will never take.
var refusals = []*kerr.Error{kerr.MessageTooLarge, kerr.RecordListTooLarge, kerr.InvalidRecord, kerr.InvalidTimestamp}

// wholeBatch is the size of a record that is always a batch of its own, bytes.
const wholeBatch = 900 << 10

// oversize notes a row that the broker will never take. Its transaction is
// aborted, and the same rows run again: what a task gives does not depend on
// how often it runs, so the row is known when it comes again, and the policy of
// its sink is followed. A batch that was refused as a whole does not say which of its rows
// it was, so then rows are written one by one until the transaction is through.
func (s *session) oversize(r *kgo.Record, err error, alone bool) {
	if !isRefusal(err) {
		return
	}
	s.refusing.Lock()
	defer s.refusing.Unlock()
	if alone || len(r.Value) > wholeBatch {
		s.refused[fingerprint(r)] = err
	}
	s.careful = true
}

func isRefusal(err error) bool {
	for _, refusal := range refusals {
		if errors.Is(err, refusal) {
			return true
		}
	}
	return false
}

// oneByOne says whether rows are written one by one, to find which is refused.
func (s *session) oneByOne() bool {
	s.refusing.Lock()
	defer s.refusing.Unlock()
	return s.careful
}

// taken ends the search for refused rows: the transaction is through.
func (s *session) taken() {
	s.refusing.Lock()
	defer s.refusing.Unlock()
	s.careful = false
	clear(s.refused)
}

func fingerprint(r *kgo.Record) [32]byte {
	h := sha256.New()
	for _, b := range [][]byte{[]byte(r.Topic), r.Key, r.Value} {
		h.Write(binary.AppendUvarint(nil, uint64(len(b))))
		h.Write(b)
	}
	return [32]byte(h.Sum(nil))
}

// refuse follows the sink's policy for a record that must not be sent: it gives
// nil, or the dead letter that goes in its place. A record that is not refused
// comes back as it is.
func (s *session) refuse(r *kgo.Record) (*kgo.Record, error) {
	s.refusing.Lock()
	defer s.refusing.Unlock()
	if len(s.refused) == 0 {
		return r, nil
	}
	cause, ok := s.refused[fingerprint(r)]
	if !ok {
		return r, nil
	}
	step := s.sink(r.Topic)
	if step == nil {
		return nil, fmt.Errorf("%w: a record of %d bytes does not fit into %s, a topic of the program's own: %w", ErrTopic, len(r.Value), r.Topic, cause)
	}
	bad := &exec.BadRow{Stage: Produce, Step: step.ID, Op: step.Op.Text(), At: step.At, Cell: step.Cell, Err: fmt.Errorf("key %.100q, %d bytes: %w", r.Key, len(r.Value), cause)}
	if step.Policy.Action == plan.Stop {
		return nil, bad
	}
	s.bad(bad)
	if step.Policy.Action == plan.Skip {
		return nil, nil
	}
	return letter(r, step.Policy.Topic, bad), nil
}

// letter is what fits of a row into the dead letters: its key, and what was wrong.
func letter(r *kgo.Record, topic string, bad *exec.BadRow) *kgo.Record {
	out := &kgo.Record{Topic: topic, Partition: -1, Key: r.Key, Timestamp: r.Timestamp}
	for _, h := range append(bad.Headers(), row.Header{Key: exec.HeaderTopic, Value: []byte(r.Topic)}, row.Header{Key: "__riffle.errors.bytes", Value: strconv.AppendInt(nil, int64(len(r.Value)), 10)}) {
		out.Headers = append(out.Headers, kgo.RecordHeader{Key: h.Key, Value: h.Value})
	}
	return out
}

// sink is the step that writes a topic, or nil.
func (s *session) sink(topic string) *plan.Step {
	for _, step := range s.layout.topo.Plan.Steps {
		if op, ok := step.Op.(*plan.Sink); ok && slices.Contains(op.Names(), topic) {
			return step
		}
	}
	return nil
}
