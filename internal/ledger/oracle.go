package ledger

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"sort"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Rows are what a topic must hold: for each car the rows in their order, as text.
type Rows map[string]map[string][]Row

// Row is an output row: what tells it from others, and what it says.
type Row struct {
	ID   int64
	Text string
}

// event is an input row as the rules of time see it.
type event struct {
	ID    int64  `json:"id"`
	GID   int64  `json:"gid"`
	Car   string `json:"car"`
	Speed int64  `json:"speed"`
	At    int64  `json:"ts"`

	Driver *int64 `json:"driver"`

	topic string
	mark  int64 // the latest time that its partition had seen, with it
	place [2]int64
}

// Expect computes what [Pipeline] and [Stateless] must give for an input. Rows
// of one partition count in their order; between partitions rows count in the
// order of what their partition had seen, then of the partition.
func Expect(recs []row.Record) (Rows, error) {
	marks := map[string]int64{}
	var cars, gps, drivers []event
	for _, r := range recs {
		var e event
		if r.Topic == Drivers && r.Value == nil {
			drivers = append(drivers, event{Car: string(r.Key), At: r.Time})
			continue
		}
		if err := json.Unmarshal(r.Value, &e); err != nil {
			return nil, fmt.Errorf("%s %d@%d: %w", r.Topic, r.Partition, r.Offset, err)
		}
		log := fmt.Sprint(r.Topic, r.Partition)
		marks[log] = max(marks[log], e.At)
		e.mark, e.place = marks[log], [2]int64{int64(r.Partition), r.Offset}
		switch r.Topic {
		case Cars:
			cars = append(cars, e)
		case GPS:
			gps = append(gps, e)
		case Drivers:
			e.At = r.Time
			drivers = append(drivers, e)
		}
	}
	slices.SortFunc(cars, inOrder)
	slices.SortFunc(gps, inOrder)
	out := Rows{}
	counted(out, cars)
	driven(out, cars, drivers)
	distinct(out, cars)
	windows(cars, func(p place, c cell) {
		out.add(Windows, p.car, p.start, `{"car":"%s","window_start":%d,"window_end":%d,"n":%d,"sum":%d}`, p.car, p.start, p.start+size.Milliseconds(), c.n, c.sum)
	})
	windows(append(slices.Clone(cars), gps...), func(p place, c cell) {
		out.add(Traffic, p.car, p.start, `{"car":"%s","window_start":%d,"window_end":%d,"n":%d}`, p.car, p.start, p.start+size.Milliseconds(), c.n)
	})
	joined(out, cars, gps)
	return out, nil
}

func inOrder(a, b event) int {
	return cmp.Or(cmp.Compare(a.mark, b.mark), cmp.Compare(a.place[0], b.place[0]), cmp.Compare(a.place[1], b.place[1]))
}

// inTime orders by event time, and ties as they count.
func inTime(a, b event) int { return cmp.Or(cmp.Compare(a.At, b.At), inOrder(a, b)) }

func (r Rows) add(topic, car string, id int64, text string, args ...any) {
	if car == closer {
		return
	}
	if r[topic] == nil {
		r[topic] = map[string][]Row{}
	}
	r[topic][car] = append(r[topic][car], Row{id, fmt.Sprintf(text, args...)})
}

func counted(out Rows, cars []event) {
	n, total, last := map[string]int64{}, map[string]int64{}, map[string]string{}
	for _, e := range cars {
		before, ok := last[e.Car]
		if !ok {
			before = "null"
		}
		last[e.Car] = fmt.Sprint(e.Speed)
		n[e.Car]++
		total[e.Car] += e.Speed
		out.add(Counted, e.Car, e.ID, `{"id":%d,"car":"%s","n":%d,"total":%d}`, e.ID, e.Car, n[e.Car], total[e.Car])
		out.add(Summed, e.Car, e.ID, `{"id":%d,"car":"%s","sofar":%d,"before":%s}`, e.ID, e.Car, total[e.Car], before)
		out.add(Plain, e.Car, e.ID, `{"id":%d,"car":"%s"}`, e.ID, e.Car)
		if e.ID%4 != 0 {
			continue
		}
		if e.Speed >= 50 {
			out.add(Fast, e.Car, e.ID, `{"id":%d,"car":"%s"}`, e.ID, e.Car)
		} else {
			out.add(Slow, e.Car, e.ID, `{"id":%d,"car":"%s"}`, e.ID, e.Car)
		}
	}
}

// driven looks up what the table had at the time of each row.
func driven(out Rows, cars, drivers []event) {
	of := map[string][]event{}
	for _, d := range drivers {
		so := of[d.Car]
		if len(so) > 0 {
			d.At = max(d.At, so[len(so)-1].At)
		}
		of[d.Car] = append(so, d)
	}
	for _, e := range cars {
		at, driver := max(e.At, e.mark-grace.Milliseconds()), "null"
		had := of[e.Car]
		if later := sort.Search(len(had), func(i int) bool { return had[i].At > at }); later > 0 && had[later-1].Driver != nil {
			driver = fmt.Sprint(*had[later-1].Driver)
		}
		out.add(Driven, e.Car, e.ID, `{"id":%d,"car":"%s","driver":%s}`, e.ID, e.Car, driver)
	}
}

// distinct leaves out rows of a car that have the speed of one that came within the while before.
func distinct(out Rows, cars []event) {
	hidden := map[string]int64{}
	for _, e := range cars {
		at, like := max(e.At, e.mark-fresh.Milliseconds()), fmt.Sprint(e.Car, " ", e.Speed)
		if at < hidden[like] {
			continue
		}
		hidden[like] = at + fresh.Milliseconds()
		out.add(Distinct, e.Car, e.ID, `{"id":%d,"car":"%s","speed":%d}`, e.ID, e.Car, e.Speed)
	}
}

// cell is what a window holds, place which window it is.
type (
	cell  struct{ n, sum int64 }
	place struct {
		start int64
		car   string
	}
)

// windows gives those of each car in the order of time.
func windows(events []event, give func(place, cell)) {
	cells := map[place]*cell{}
	var order []place
	for _, e := range events {
		p := place{e.At - e.At%size.Milliseconds(), e.Car}
		if p.start+size.Milliseconds()+grace.Milliseconds() <= e.mark {
			continue // too late
		}
		if cells[p] == nil {
			cells[p] = &cell{}
			order = append(order, p)
		}
		cells[p].n++
		cells[p].sum += e.Speed
	}
	slices.SortFunc(order, func(a, b place) int { return cmp.Compare(a.start, b.start) })
	for _, p := range order {
		give(p, *cells[p])
	}
}

func joined(out Rows, cars, gps []event) {
	late := func(e event) bool { return e.At+grace.Milliseconds() < e.mark }
	cars, gps = slices.DeleteFunc(slices.Clone(cars), late), slices.DeleteFunc(slices.Clone(gps), late)
	slices.SortFunc(cars, inTime)
	slices.SortFunc(gps, inTime)
	history := map[string][]event{}
	for _, e := range cars {
		for len(gps) > 0 && gps[0].At <= e.At {
			history[gps[0].Car] = append(history[gps[0].Car], gps[0])
			gps = gps[1:]
		}
		if h := history[e.Car]; len(h) > 0 && h[len(h)-1].At >= e.At-within.Milliseconds() {
			out.add(Joined, e.Car, e.ID, `{"id":%d,"car":"%s","gid":%d}`, e.ID, e.Car, h[len(h)-1].GID)
		}
	}
}
