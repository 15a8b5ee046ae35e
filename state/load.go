package state

import (
	"errors"
	"fmt"
)

// load reads the committed state of a partition.
func (db *DB) load(p *Partition) error {
	if db.kv == nil {
		p.layout = db.fresh(p.id)
		return nil
	}
	err := db.read(p)
	if !errors.Is(err, ErrCorrupt) {
		return err
	}
	if err := db.forget(p.id); err != nil {
		return err
	}
	if err := wipe(db.kv, p.id); err != nil {
		return err
	}
	db.incident(Incident{Partition: p.id.String(), Reason: err})
	p.layout, p.pos, p.ok = db.fresh(p.id), Position{}, false
	return nil
}

// read is load, with ErrCorrupt for what is damaged.
func (db *DB) read(p *Partition) error {
	value, ok, err := db.kv.get(p.id.prefix(kindMeta))
	if err != nil {
		return err
	}
	var mark meta
	if ok {
		if mark, err = decodeMeta(value); err != nil {
			return err
		}
		if p.pos, p.ok, err = mark.position(); err != nil {
			return err
		}
	}
	if p.ok {
		p.layout, err = open(db.kv, p.id, mark)
		return err
	}
	if saved, known := db.folder.known(p.id); known {
		return fmt.Errorf("%w: no commit record, though changelog offset %d was committed", ErrCorrupt, saved.Changelog)
	}
	p.layout = db.fresh(p.id)
	return wipe(db.kv, p.id) // what an interrupted restore or wipe left
}

// open reads a partition with a position.
func open(s *kv, id taskID, mark meta) (layout, error) {
	if mark.layout == LayoutKeys {
		return loadKeys(s, id, mark)
	}
	return loadBlocks(s, id, mark)
}

// incident notes a damage. db.mu is held.
func (db *DB) incident(in Incident) {
	db.incidents = append(db.incidents, in)
	db.opts.Log.Error("state damaged, rebuilding from the changelog",
		"partition", in.Partition, "aside", in.Aside, "reason", in.Reason)
}

// committed keeps STATE.json in step, at most every few seconds.
func (db *DB) committed(p *Partition) error {
	if db.folder == nil {
		return nil
	}
	return db.folder.committed(db.kv, p.id, p.pos.Changelog, p.Layout())
}

// forget takes a partition out of STATE.json, before it is wiped.
func (db *DB) forget(id taskID) error {
	if db.folder == nil {
		return nil
	}
	return db.folder.forget(id)
}
