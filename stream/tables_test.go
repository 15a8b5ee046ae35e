//go:build synctests

package stream

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/internal/ledger"
)

// Rows that are read while the table is not: what was there before them is looked up all the same.
const (
	tableKeys   = 200
	tableRounds = 10
	lookedUp    = 1500
)

// shelved is a plan that looks up the rows of cars in a table, where they lie, and the records of both: the table changes its rows, deletes some, and is older than the cars.
func (w *world) shelved() {
	w.t.Helper()
	partitions := w.shape.Partitions
	table := dataframe.Table(ledger.GPS, dataframe.KeyAs("car"), dataframe.Fields("car string", "gid int"))
	cars := dataframe.Topic(ledger.Cars, dataframe.KeyAs("car"), dataframe.Time("ts", "ms"), dataframe.Fields("id int", "car string", "ts int"))
	f := cars.Lookup(table, dataframe.On("car"), dataframe.Left(), dataframe.Grace("1s")).Select("id", "car", "gid").To("found")
	if f.Err() != nil {
		w.t.Fatal(f.Err())
	}
	p, err := plan.Bind([]*plan.Node{f.Node()}, plan.Facts{Topics: map[string]plan.TopicFacts{ledger.Cars: {Partitions: partitions}, ledger.GPS: {Partitions: partitions}}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.plan, w.topics, w.recs = p, []string{"found"}, nil
	const at = 1_800_000_000_000
	for round := range tableRounds {
		for k := range tableKeys {
			rec := row.Record{Topic: ledger.GPS, Key: fmt.Append(nil, k), Time: at + int64(round), Value: fmt.Appendf(nil, `{"car":"%d","gid":%d,"pad":"%x"}`, k, round*1000+k, noise(w))}
			if round == tableRounds-1 && k%5 == 0 {
				rec.Value = nil
			}
			rec.Partition = exec.PartitionOf(rec.Key, partitions)
			w.recs = append(w.recs, rec)
		}
	}
	for i := range lookedUp {
		car := strconv.Itoa(w.intn(tableKeys + 10))
		w.recs = append(w.recs, row.Record{Topic: ledger.Cars, Key: []byte(car), Partition: exec.PartitionOf([]byte(car), partitions), Time: at + 1000 + int64(i),
			Value: fmt.Appendf(nil, `{"id":%d,"car":%q,"ts":%d}`, i, car, at+1000+i)})
	}
}

// noise is bytes that do not compress.
func noise(w *world) []byte {
	b := make([]byte, 300)
	for i := range b {
		b[i] = byte(w.intn(256))
	}
	return b
}

// store writes records in transactions, whose marks have offsets too.
func (w *world) store(recs []row.Record) {
	cl := w.client(kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.TransactionalID("tables"))
	defer cl.Close()
	ctx := context.Background()
	for part := range slices.Chunk(recs, 100) {
		if err := cl.BeginTransaction(); err != nil {
			w.t.Fatal(err)
		}
		for _, r := range part {
			cl.Produce(ctx, produced(r), func(_ *kgo.Record, err error) {
				if err != nil {
					w.t.Errorf("put: %v", err)
				}
			})
		}
		if err := cl.Flush(ctx); err != nil {
			w.t.Fatal(err)
		}
		if err := cl.EndTransaction(ctx, kgo.TryCommit); err != nil {
			w.t.Fatal(err)
		}
	}
}

// found is what the rows of the program say, in order of their ids.
func found(recs []row.Record) string {
	var lines []string
	for _, r := range recs {
		lines = append(lines, string(r.Value))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// lookups gives what a run of two processes has written, and what it must.
func (w *world) lookups(crashes int64) (got, want string) {
	w.t.Helper()
	w.shelved()
	d, err := exec.NewDriver(exec.Cut(w.plan), exec.DriverConfig{Topics: map[string]int{ledger.Cars: w.shape.Partitions, ledger.GPS: w.shape.Partitions}})
	if err != nil {
		w.t.Fatal(err)
	}
	if err := d.Feed(w.recs); err != nil {
		w.t.Fatal(err)
	}
	if err := d.Drain(); err != nil {
		w.t.Fatal(err)
	}
	want = found(d.Sent())
	w.store(w.recs[tableRounds*tableKeys:]) // the rows are there first
	w.store(w.recs[:tableRounds*tableKeys])
	w.crashes = crashes
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	running := w.two(ctx)
	running.Wait()
	return found(w.written(kgo.ReadCommitted())), want
}

func TestTablesAreReadFirst(t *testing.T) {
	for i := range uint64(max(*seeds/2, 1)) {
		inWorld(t, *first+i, ledger.Shape{Partitions: 3, Cars: 3, Rows: 1}, func(w *world) {
			if got, want := w.lookups(6); got != want || want == "" {
				t.Errorf("seed %d: %d bytes of rows, want %d; the first that differ:\n%s", *first+i, len(got), len(want), differ(got, want))
			}
		})
	}
}

func TestTablesReadMeanwhileAreFoundOut(t *testing.T) {
	inWorld(t, *first, ledger.Shape{Partitions: 3, Cars: 3, Rows: 1}, func(w *world) {
		w.control.tablesMeanwhile = true
		if got, want := w.lookups(0); got == want {
			t.Error("rows were looked up in tables that were not read, and nothing was found")
		}
	})
}

// differ is the first line of two texts that is not the same.
func differ(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("is   %s\nwant %s", a[i], b[i])
		}
	}
	return fmt.Sprintf("%d rows, want %d", len(a), len(b))
}
