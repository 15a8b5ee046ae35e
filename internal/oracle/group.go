package oracle

import (
	"cmp"
	"slices"
	"strconv"
)

// Row is what a plan gives: its key, and its columns as float64, int64, string or nil.
type Row struct {
	Key  string
	Cols map[string]any
}

// Key is how rows are taken apart.
type Key struct {
	Columns []string
	Moved   bool // rows go to the partition of the key, from any
}

// The groupings.
var (
	ByCar  = Key{Columns: []string{"car"}}
	ByText = Key{Columns: []string{"text"}, Moved: true}
	ByGear = Key{Columns: []string{"gear"}, Moved: true}
	ByTwo  = Key{Columns: []string{"gear", "text"}, Moved: true}
)

// Of is an event's key; ok is false if a column is null.
func (k Key) Of(e *Event) (key string, ok bool) {
	var parts []string
	for _, c := range k.Columns {
		switch v := e.Column(c).(type) {
		case nil:
			return "", false
		case int64:
			parts = append(parts, strconv.FormatInt(v, 10))
		case string:
			parts = append(parts, v)
		}
	}
	if len(parts) == 1 {
		return parts[0], true
	}
	key = "["
	for i, p := range parts {
		if i > 0 {
			key += ","
		}
		key += strconv.Quote(p)
	}
	return key + "]", true
}

// Column is a field as a value, nil if null.
func (e *Event) Column(name string) any {
	switch name {
	case "car":
		return value(e.Car)
	case "gear":
		return value(e.Gear)
	case "num":
		return value(e.Num)
	case "speed":
		return value(e.Speed)
	case "text":
		return value(e.Text)
	}
	return e.Time
}

func value[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// In is the events of a task's partition that have a key, in the order that keyed steps see: by mark, stream and
// offset, which for those of one partition is as they lie.
func (k Key) In(l Log, partition, n int) Log {
	out := slices.DeleteFunc(k.feeding(l, partition).Good(), func(e *Event) bool {
		key, ok := k.Of(e)
		return !ok || k.Moved && Partition(key, n) != partition
	})
	slices.SortFunc(out, byPlace)
	return out
}

func byPlace(a, b *Event) int {
	return cmp.Or(cmp.Compare(a.Mark, b.Mark), cmp.Compare(a.Stream, b.Stream), cmp.Compare(a.Offset, b.Offset))
}

// feeding are the events that a task's rows are made of: those of its partition, or of all if rows move.
func (k Key) feeding(l Log, partition int) Log {
	if k.Moved {
		return l
	}
	return l.In(partition)
}
