//go:build synctests

package stream

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/internal/corpus"
	"github.com/riffle-stream/riffle/internal/ledger"
)

// Every pipeline of the corpus gives as a program, on a cluster, with two processes that die now and then and commit
// anywhere, the rows of each key that it gives in memory.
func TestCorpusAsPrograms(t *testing.T) {
	for _, c := range corpus.Cases() {
		t.Run(c.Name, func(t *testing.T) {
			if testing.Short() && !c.Spread {
				t.Skip("short: only those in which rows move")
			}
			inWorld(t, *first, ledger.Shape{Partitions: 3, Cars: 1, Rows: 1}, func(w *world) {
				if differs := w.corpus(c); differs != "" {
					t.Error(differs)
				}
			})
		})
	}
}

// Without the rows that wait in their state, joins lose some when a process dies.
func TestCorpusWithoutHeldRowsIsFoundOut(t *testing.T) {
	found := false
	for _, c := range corpus.Cases() {
		if found || !strings.HasPrefix(c.Name, "asof") && !strings.HasPrefix(c.Name, "interval") {
			continue
		}
		inWorld(t, *first, ledger.Shape{Partitions: 3, Cars: 1, Rows: 1}, func(w *world) {
			w.control.noHeld = true
			found = w.corpus(c) != ""
		})
	}
	if !found {
		t.Error("rows that waited were not kept, and nothing was found")
	}
}

// corpus runs a pipeline as a program and says where its rows are others than in memory.
func (w *world) corpus(c corpus.Case) string {
	w.t.Helper()
	recs, err := c.Records(corpus.Generate(*first, 3, 20))
	if err != nil {
		w.t.Fatal(err)
	}
	recs = corpus.Spread(recs, 3)
	p, err := corpus.Bind(c.Build(), recs, 3)
	if err != nil {
		w.t.Fatal(err)
	}
	w.plan, w.topics = p, exec.Cut(p).Sinks()
	recs = corpus.TablesFirst(p, recs)
	want := w.inMemory(recs)
	tables := 0
	for tables < len(recs) && isTable(p, recs[tables].Topic) {
		tables++
	}
	w.trickle(recs[:tables], 0)
	w.control.interval = func() time.Duration { return time.Duration(1+w.intn(1500)) * time.Millisecond }
	w.crashes = 4
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
	running := w.two(ctx)
	w.trickle(recs[tables:], time.Second)
	running.Wait()
	got := w.written(kgo.ReadCommitted())
	if d := cmp.Diff(string(corpus.Format(corpus.Sorted(want))), string(corpus.Format(corpus.Sorted(got)))); d != "" || len(want) == 0 {
		return fmt.Sprintf("%d rows, in memory %d; seed %d; died%s (-memory +program):\n%.3000s", len(got), len(want), *first, w.points(), d)
	}
	return ""
}

// inMemory is what the plan gives for the records, with what is open at the end.
func (w *world) inMemory(recs []row.Record) []row.Record {
	w.t.Helper()
	d, err := corpus.NewDriver(w.plan, 3, recs)
	if err == nil {
		err = d.Feed(recs)
	}
	if err == nil {
		err = d.Idle()
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return d.Sent()
}

func isTable(p *plan.Plan, topic string) bool {
	return slices.ContainsFunc(p.Sources(), func(s *plan.Step) bool {
		src := s.Op.(*plan.Source)
		return src.Table && src.Topic == topic
	})
}

// trickle writes records a piece at a time, with pauses of up to that long.
func (w *world) trickle(recs []row.Record, pause time.Duration) {
	cl := w.client(kgo.RecordPartitioner(kgo.ManualPartitioner()))
	defer cl.Close()
	for len(recs) > 0 {
		n := min(1+w.intn(60), len(recs))
		var out []*kgo.Record
		for _, r := range recs[:n] {
			out = append(out, produced(r))
		}
		if err := cl.ProduceSync(context.Background(), out...).FirstErr(); err != nil {
			w.t.Errorf("produce: %v", err)
			return
		}
		recs = recs[n:]
		if pause > 0 {
			time.Sleep(time.Duration(w.intn(int(pause/time.Millisecond))) * time.Millisecond)
		}
	}
}
