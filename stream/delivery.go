package stream

import (
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Delivery is when others see the rows that a program writes, and whether some
// may come twice. It is about these rows alone: offsets, state, and rows that
// move between the parts of a program are in transactions always, so that no
// row counts twice in it.
type Delivery string

// The deliveries.
const (
	ExactlyOnce Delivery = "exactly-once"  // with the commit of their transaction; the default
	AtLeastOnce Delivery = "at-least-once" // as soon as they are computed; those of a transaction that fails are written again
)

// outgoing is records on their way to the brokers by one client.
type outgoing struct {
	cl    *kgo.Client
	first *kgo.FirstErrPromise
	kept  func(*kgo.Record, error) // one for all records, and for the outgoing itself
	wrote func(*kgo.Record, error) // is told of each record
}

func newOutgoing(cl *kgo.Client, told func(*kgo.Record, error)) *outgoing {
	first := kgo.AbortingFirstErrPromise(cl)
	kept := first.Promise()
	return &outgoing{cl, first, kept, func(r *kgo.Record, err error) {
		if told(r, err); err != nil {
			err = fmt.Errorf("write %s: %w", r.Topic, err)
		}
		kept(r, err)
	}}
}

// send writes a record; then is to call wrote.
func (o *outgoing) send(ctx context.Context, r *kgo.Record, then func(*kgo.Record, error)) {
	o.first.Promise()
	o.cl.Produce(ctx, r, then)
}

// arrived waits until the brokers have all that was sent.
func (o *outgoing) arrived(ctx context.Context) error {
	if err := o.cl.Flush(ctx); err != nil {
		return err
	}
	o.kept(nil, nil)
	return o.first.Err()
}

// beside makes the client that writes rows beside the transactions, if they are to be seen before these end.
func (s *session) beside() (err error) {
	if s.cfg.Delivery != AtLeastOnce {
		return nil
	}
	if s.plain, err = kgo.NewClient(append(s.client(), kgo.RecordPartitioner(partitioner{kgo.StickyKeyPartitioner(nil)}), kgo.MaxBufferedBytes(buffered))...); err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return nil
}

// outgoing opens the ways of a transaction's records.
func (s *session) outgoing() {
	alone := s.oneByOne()
	told := func(r *kgo.Record, err error) { s.oversize(r, err, alone) }
	s.txn.alone, s.txn.inside = alone, newOutgoing(s.group.Client(), told)
	s.txn.outside = s.txn.inside
	if s.plain != nil {
		s.txn.outside = newOutgoing(s.plain, told)
	}
}

// emit writes what the tasks have computed, if nobody is to wait for the commit.
func (s *session) emit(ctx context.Context) error {
	if s.plain == nil || !s.txn.open || s.txn.doubt != nil {
		return nil
	}
	for _, t := range s.txn.touched {
		if err := t.run.Advance(); err != nil {
			return err
		}
		if err := s.sendAll(context.WithoutCancel(ctx), t.run.Sends()); err != nil {
			return err
		}
	}
	return nil
}
