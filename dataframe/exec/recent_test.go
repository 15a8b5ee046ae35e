package exec

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// TestRoomDoesNotShow has steps that have all their keys in memory, or a few at
// a time: they give the same rows, keep the same, and show the same, through a restart too.
func TestRoomDoesNotShow(t *testing.T) {
	count := func(r dataframe.Row, s *dataframe.State) dataframe.Row {
		n := s.Int("n", 0) + 1
		if s.Set("n", n); n%7 == 0 {
			s.Del("n")
		}
		if r.Int("id")%5 == 0 {
			s.SetTTL("seen", s.Int("seen", 0)+1, 300*time.Millisecond)
		}
		return r.With("n", n).With("seen", s.Int("seen", 0))
	}
	keyed := dataframe.Topic("in", dataframe.Fields("id int", "k string"), dataframe.KeyAs("k")).GroupBy("k")
	for name, f := range map[string]dataframe.Frame{
		"function":   keyed.ApplyState(count, "n int", "seen int").To("out"),
		"expression": keyed.With("sum = cumsum(id)", "before = prev(id)").To("out"),
	} {
		t.Run(name, func(t *testing.T) {
			seed := rand.Uint64()
			all, few := roomRun(t, f, seed, 0), roomRun(t, f, seed, 20*recalledSize)
			if d := cmp.Diff(all, few); d != "" {
				t.Errorf("seed %d: with all keys in memory, and with few (-all +few): %s", seed, d)
			}
		})
	}
}

// roomRun is what a step gives, keeps and shows, over rows of 300 keys, some used often and most seldom.
func roomRun(t *testing.T, f dataframe.Frame, seed uint64, room int64) (out []string) {
	t.Helper()
	p, err := plan.Bind([]*plan.Node{f.Node()}, plan.Facts{})
	if err != nil {
		t.Fatal(err)
	}
	store, err := state.Memory().Partition("0", 0)
	if err != nil {
		t.Fatal(err)
	}
	var task *Task
	start := func(position []byte) {
		if task, err = NewTask(Cut(p), 0, Config{Store: store, Room: room}, position); err != nil {
			t.Fatal(err)
		}
	}
	start(nil)
	rnd, most := rand.New(rand.NewPCG(seed, 1)), 0
	for i := range 4000 {
		k := fmt.Sprint("k", min(rnd.IntN(300), rnd.IntN(300)))
		rec := row.Record{Topic: "in", Offset: int64(i), Time: int64(i), Key: []byte(k), Value: fmt.Appendf(nil, `{"id":%d,"k":%q}`, i, k)}
		if err := task.Process(0, []row.Record{rec}); err != nil {
			t.Fatal(err)
		}
		if i%10 > 0 {
			continue
		}
		if err := task.Advance(); err != nil {
			t.Fatal(err)
		}
		sends, err := task.Flush()
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range sends {
			out = append(out, string(s.Value))
		}
		if err := store.Commit(state.Position{Task: task.Position()}); err != nil {
			t.Fatal(err)
		}
		most = max(most, task.inMemory())
		if i == 2000 {
			start(task.Position())
		}
	}
	if room > 0 && (most > 60 || store.Entries() < 200) {
		t.Errorf("of %d keys up to %d were in memory, in room for 20", store.Entries(), most)
	}
	if _, ok := p.Steps[1].Op.(*plan.ApplyState); ok {
		err := task.Read(task.stores[0].ID, func(string) bool { return true }, func(e Entry) error { out = append(out, fmt.Sprint(e)); return nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	return append(out, fmt.Sprint(store.Fingerprint()))
}

// inMemory is how many keys the steps have there.
func (t *Task) inMemory() int {
	n := 0
	for _, node := range t.nodes {
		switch op := node.op.(type) {
		case *keeping:
			n += len(op.keys.now) + len(op.keys.before)
		case *remembering:
			n += len(op.keys.now) + len(op.keys.before)
		}
	}
	return n
}
