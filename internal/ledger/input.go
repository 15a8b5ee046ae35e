package ledger

import (
	"fmt"
	"math/rand/v2"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// Shape is how much input there is.
type Shape struct {
	Seed       uint64
	Partitions int
	Cars       int
	Rows       int // of cars; there are as many of gps
	// HeldBack is how far the event times of the last partition are behind the
	// others, ms.
	HeldBack int64
}

// begin is the time of the first row, ms.
const begin = 1_700_000_000_000

// step is the event time between two rows, ms.
const step = 100

// closer is the car of the rows that end each partition, far in the future: they
// close what is open. What they give themselves is not looked at.
const closer = "end"

// input is one row in the making.
type input struct {
	topic     string
	partition int32
	id        int
	car       string
	speed     int
	at        int64 // ms
}

// Input makes the records of both topics, in the order in which they come,
// numbered by partition. Most rows are up to 2 s out of order, some come too
// late for their window.
func Input(s Shape) []row.Record {
	rnd := rand.New(rand.NewPCG(s.Seed, 1))
	var rows []input
	for i := range s.Rows {
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

func records(rows []input) []row.Record {
	next := map[string]int64{}
	var out []row.Record
	for _, r := range rows {
		value := fmt.Sprintf(`{"id":%d,"car":"%s","speed":%d,"ts":%d}`, r.id, r.car, r.speed, r.at)
		if r.topic == GPS {
			value = fmt.Sprintf(`{"gid":%d,"car":"%s","ts":%d}`, r.id, r.car, r.at)
		}
		log := fmt.Sprint(r.topic, r.partition)
		out = append(out, row.Record{Topic: r.topic, Partition: r.partition, Offset: next[log], Value: []byte(value), Time: r.at})
		next[log]++
	}
	return out
}
