package state

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// DB holds the partitions of one process. Its methods may be called by several
// goroutines.
type DB struct {
	opts    Options
	kv      *kv     // nil: memory
	folder  *folder // nil: memory
	used    atomic.Int64
	count   atomic.Int64 // of open partitions
	suspect atomic.Bool  // something was wrong: do not call the folder clean

	mu        sync.Mutex
	open      map[taskID]*Partition
	incidents []Incident
	closed    bool
}

// Memory is a DB without files: the same semantics, and nothing of it remains.
func Memory() *DB {
	return &DB{opts: Options{Budget: -1, MinFree: -1}.filled(), open: map[taskID]*Partition{}}
}

// Partition opens the state of one task: partition number `partition` of a
// sub-topology. If it is open already, the same Partition is returned, without
// its pending changes. What is found damaged is wiped and added to Incidents;
// then the Partition is empty and has no position.
func (db *DB) Partition(sub string, partition int32) (*Partition, error) {
	id := taskID{sub, partition}
	if err := id.check(); err != nil {
		return nil, err
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.closed {
		return nil, ErrClosed
	}
	if p := db.open[id]; p != nil && p.err == nil {
		p.Discard()
		return p, nil
	}
	p := &Partition{db: db, id: id, pending: newTable()}
	if err := db.load(p); err != nil {
		return nil, fmt.Errorf("state: open partition %s: %w", id, err)
	}
	if old := db.open[id]; old != nil {
		db.used.Add(-old.charged)
	}
	db.open[id] = p
	db.count.Store(int64(len(db.open)))
	p.charge()
	return p, nil
}

// Instance is the random id that was made with the folder, for names that have
// to outlive the process; "" in memory.
func (db *DB) Instance() string {
	if db.folder == nil {
		return ""
	}
	return db.folder.instance()
}

// Incidents are the damages found so far, in order.
func (db *DB) Incidents() []Incident {
	db.mu.Lock()
	defer db.mu.Unlock()
	return append([]Incident(nil), db.incidents...)
}

// Space is ErrDiskFull if a commit would be refused now. Ask before a
// transaction begins.
func (db *DB) Space() error {
	if db.folder == nil {
		return nil
	}
	return db.folder.space(db.opts)
}

// Close drops pending changes and closes the DB, when no task uses it any more.
// Only then is the folder clean, and the next start quick.
func (db *DB) Close() error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.closed {
		return nil
	}
	db.closed = true
	for _, p := range db.open {
		p.Discard()
		p.err = ErrClosed
	}
	clear(db.open)
	if db.folder == nil {
		return nil
	}
	return db.shut()
}

// release closes a partition; in memory it stays, for there is no other copy.
func (db *DB) release(p *Partition) {
	db.mu.Lock()
	defer db.mu.Unlock()
	p.Discard()
	if db.open[p.id] != p || db.kv == nil {
		return
	}
	delete(db.open, p.id)
	db.count.Store(int64(len(db.open)))
	db.used.Add(-p.charged)
	p.charged, p.err = 0, ErrClosed
}

// fresh is the layout of an empty partition.
func (db *DB) fresh(id taskID) layout {
	switch {
	case db.kv == nil:
		return newMemory()
	case db.opts.Budget < 0:
		return newKeys(db.kv, id)
	}
	return newBlocks(db.kv, id)
}
