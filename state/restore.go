package state

import "fmt"

// flushSize is how many bytes of changelog records are applied in one step.
const flushSize = 4 << 20

// Restore brings a partition up to its changelog. Give it the records from
// Position().Changelog on, or from the beginning if there is no position, and
// Finish with the position that they lead to.
//
// The records are applied in steps. A crash between two leaves the position
// where it was: then the tail is read again, which comes to the same; and a
// partition that had no position yet is empty again.
type Restore struct {
	p   *Partition
	pos []byte // of before
}

// Restore begins a restore. Pending changes are dropped.
func (p *Partition) Restore() *Restore {
	p.Discard()
	return &Restore{p: p, pos: p.layout.meta().pos}
}

// Apply takes one changelog record; a nil value deletes. The record under
// PositionKey is the caller's: here it is ErrReservedKey.
func (r *Restore) Apply(key, value []byte) error {
	if value == nil {
		if err := r.p.Delete(key); err != nil {
			return err
		}
	} else if err := r.p.Put(key, value); err != nil {
		return err
	}
	if r.p.Size() < flushSize {
		return nil
	}
	return r.flush()
}

func (r *Restore) flush() error {
	if err := r.p.flush(r.pos); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	r.p.db.opts.Failpoint("restore.flush")
	return nil
}

// Finish commits what is left, under the position that the records lead to.
func (r *Restore) Finish(pos Position) error { return r.p.Commit(pos) }
