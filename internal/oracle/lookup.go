package oracle

// Lookup says how a log is looked up in a table, whose events without a gear delete what their key had.
type Lookup struct {
	Grace int64
	Left  bool
	By    Key
}

// Found are the rows of the lookup in each of n partitions; with all, also those that wait for the order between partitions.
func (u Lookup) Found(left, table Log, n int, all bool) [][]Row {
	out := make([][]Row, n)
	for p, events := range u.By.Released(left, n, all) {
		for _, e := range events {
			key, _ := u.By.Of(e)
			cols := map[string]any{"speed": e.Column("speed"), "ts": e.Time, "num": nil}
			if had := had(table, key, max(e.Time, e.Mark-u.Grace)); had != nil {
				cols["num"] = had.Column("num")
			} else if !u.Left {
				continue
			}
			out[p] = append(out[p], Row{key, cols})
		}
	}
	return out
}

// had is what a table had for a key at a time: the last of its events then, each of which counts from its own time on
// or from that of the one before it; nil if there is none, or it deletes.
func had(table Log, key string, at int64) *Event {
	var found *Event
	from := int64(never)
	for _, e := range table {
		if e.Bad || e.Car == nil || *e.Car != key {
			continue
		}
		if from = max(from, e.Time); from <= at {
			found = e
		}
	}
	if found == nil || found.Deletes() {
		return nil
	}
	return found
}

// Deletes says whether an event of a table takes away what its key had.
func (e *Event) Deletes() bool { return e.Gear == nil }
