package stream

import (
	"slices"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// control breaks the protocol, for tests that show that breaking it is found out.
type control struct {
	interval        func() time.Duration // between commits; nil: by what they take
	noGuard         bool                 // rows that may have been committed already are not told from others
	eagerState      bool                 // state is saved before the transaction is decided
	defaultReset    bool                 // a lost position goes back to the client's default
	noPosition      bool                 // no position record goes into the changelog
	noHeld          bool                 // rows that wait are not kept
	eagerTime       bool                 // time goes by the furthest writer
	noAudit         bool                 // nobody looks whether all tasks have an owner
	trustPosition   bool                 // the position of the state is not held against the group's offsets
	tablesMeanwhile bool                 // tables are not read first
	room            int64                // for the keys of a step; 0: as much as there is
	noArrival       bool                 // rows beside a transaction need not have arrived for its commit
}

// forgetful is a store that does not keep rows that wait.
type forgetful struct{ state.Store }

// Put leaves out what is below the ids of operators that hold rows.
func (f forgetful) Put(key, value []byte) error {
	if waits(key) {
		return nil
	}
	return f.Store.Put(key, value)
}

// hurry makes every marker say that its writer is silent, so that time goes by
// the writer that is furthest.
func hurry(recs []row.Record) {
	for i := range recs {
		for j, h := range recs[i].Headers {
			if h.Key == "rw" && len(h.Value) > 0 {
				value := slices.Clone(h.Value)
				value[len(value)-1] = 1
				recs[i].Headers[j].Value = value
			}
		}
	}
}
