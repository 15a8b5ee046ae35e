package ledger

import (
	"fmt"
	"math/rand/v2"

	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Shape is how much input there is.
type Shape struct {
	Seed       uint64
	Partitions int
	Cars       int
	Rows       int // of cars; there are as many of gps, and in between the table's
	// HeldBack is how far the event times of the last partition are behind the
	// others, ms.
	HeldBack int64
}

// begin is the time of the first row, ms.
const begin = 1_700_000_000_000

// step is the event time between two rows, ms.
const step = 100

// shifts is how often in an input drivers change, the first time before all rows.
const shifts = 20

// closer is the car of the rows that end each partition, far in the future: they
// close what is open. What they give themselves is not looked at.
const closer = "end"

// input is one row in the making.
type input struct {
	topic     string
	partition int32
	id        int
	car       string
	speed     int   // of a driver: 0 is nobody
	at        int64 // ms
}

// Input makes the records of both topics, in the order in which they come,
// numbered by partition. Most rows are up to 2 s out of order, some come too
// late for their window. What the table has at a time comes long before every
// row of that time, so a run that reads it when it comes gives what a batch would.
func Input(s Shape) []row.Record {
	rnd := rand.New(rand.NewPCG(s.Seed, 1))
	var rows []input
	for i := range s.Rows {
		every := max(1, s.Rows/shifts)
		if i == 0 {
			rows = append(rows, shift(rnd, s, 0)...)
		}
		if i%every == 0 {
			rows = append(rows, shift(rnd, s, i+every)...)
		}
		for _, topic := range []string{Cars, GPS} {
			at := begin + int64(i)*step - rnd.Int64N(2000)
			if rnd.IntN(50) == 0 {
				at -= 30_000
			}
			r := input{topic, int32(rnd.IntN(s.Partitions)), i, fmt.Sprintf("c%d", rnd.IntN(s.Cars)), rnd.IntN(100), at}
			if int(r.partition) == s.Partitions-1 {
				r.at -= s.HeldBack
			}
			rows = append(rows, r)
		}
	}
	last := begin + int64(s.Rows)*step
	for _, topic := range []string{Cars, GPS} {
		for p := range s.Partitions {
			rows = append(rows, input{topic, int32(p), s.Rows + p, closer, 0, last + 3_600_000})
		}
	}
	return records(rows)
}

// shift gives each car another driver, or none.
func shift(rnd *rand.Rand, s Shape, i int) []input {
	var rows []input
	for c := range s.Cars {
		car := fmt.Sprintf("c%d", c)
		rows = append(rows, input{Drivers, exec.PartitionOf([]byte(car), s.Partitions), i, car, rnd.IntN(10), begin + int64(i)*step})
	}
	return rows
}

// Table says whether a record is one of the table.
func Table(r row.Record) bool { return r.Topic == Drivers }

func records(rows []input) []row.Record {
	next := map[string]int64{}
	var out []row.Record
	for _, r := range rows {
		log := fmt.Sprint(r.topic, r.partition)
		rec := row.Record{Topic: r.topic, Partition: r.partition, Offset: next[log], Value: r.value(), Time: r.at}
		if r.topic == Drivers {
			rec.Key = []byte(r.car)
		}
		out = append(out, rec)
		next[log]++
	}
	return out
}

// value is the row as JSON; of a car that nobody drives it is nothing.
func (r input) value() []byte {
	switch {
	case r.topic == GPS:
		return fmt.Appendf(nil, `{"gid":%d,"car":"%s","ts":%d}`, r.id, r.car, r.at)
	case r.topic == Cars:
		return fmt.Appendf(nil, `{"id":%d,"car":"%s","speed":%d,"ts":%d}`, r.id, r.car, r.speed, r.at)
	case r.speed == 0:
		return nil
	}
	return fmt.Appendf(nil, `{"car":"%s","driver":%d}`, r.car, r.id*10+r.speed)
}
