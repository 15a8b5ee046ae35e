//go:build synctests

package stream

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/internal/ledger"
)

// meeting is a world with a join within one task: cars give a row a second,
// and gps is silent until a test says otherwise.
type meeting struct {
	*world
	dir   string // of the state
	begin time.Time
	sent  int   // rows of cars
	late  int64 // rows
	rests []Rests
}

func meet(t *testing.T, test func(t *testing.T, m *meeting)) {
	t.Helper()
	inWorld(t, 1, ledger.Shape{Partitions: 1, Cars: 1, Rows: 1}, func(w *world) {
		m := &meeting{world: w, dir: w.t.TempDir(), begin: time.Now()}
		cars := df.Topic(ledger.Cars, df.Time("ts"), df.KeyAs("car"))
		gps := df.Topic(ledger.GPS, df.Time("ts"), df.KeyAs("car"))
		f := cars.AsOf(gps, df.On("car"), df.Within("10m"), df.Grace("1s"), df.Left(), df.Suffix("_gps")).Select("id", "gid").To(ledger.Joined)
		field := func(name string, kind row.Kind) plan.Field { return plan.Field{Name: name, Kind: kind} }
		p, err := plan.Bind([]*plan.Node{f.Node()}, plan.Facts{Topics: map[string]plan.TopicFacts{
			ledger.Cars: {Partitions: 1, TimeUnit: "ms", Fields: []plan.Field{field("id", row.Int), field("car", row.String), field("ts", row.Int)}},
			ledger.GPS:  {Partitions: 1, TimeUnit: "ms", Fields: []plan.Field{field("gid", row.Int), field("car", row.String), field("ts", row.Int)}},
		}})
		if err != nil {
			w.t.Fatal(err)
		}
		w.plan = p
		test(w.t, m)
	})
}

func (m *meeting) produce(topic, value string) {
	m.t.Helper()
	cl := m.client()
	defer cl.Close()
	if err := cl.ProduceSync(context.Background(), &kgo.Record{Topic: topic, Key: []byte("c"), Value: []byte(value)}).FirstErr(); err != nil {
		m.t.Fatal(err)
	}
}

// ms is the event time so long after the begin.
func (m *meeting) ms(after time.Duration) int64 { return m.begin.Add(after).UnixMilli() }

func (m *meeting) place(gid int, at time.Duration) {
	m.produce(ledger.GPS, fmt.Sprintf(`{"gid":%d,"car":"c","ts":%d}`, gid, m.ms(at)))
}

// drive has cars give a row a second for a time, while a process runs; it gives
// how many rows the join has written by then.
func (m *meeting) drive(d, idle time.Duration) int {
	m.t.Helper()
	var producing sync.WaitGroup
	producing.Go(func() {
		for range int(d / time.Second) {
			m.produce(ledger.Cars, fmt.Sprintf(`{"id":%d,"car":"c","ts":%d}`, m.sent, m.ms(time.Duration(m.sent)*time.Second)))
			m.sent++
			time.Sleep(time.Second)
		}
	})
	err := m.runPlan(m.plan, d+2*time.Second, func(c *Config) {
		c.Idle, c.StateDir = idle, m.dir
		c.Events.Rests = func(r Rests) { m.rests = append(m.rests, r) }
		c.Events.Committed = func(e Committed) { m.late += e.Late }
	})
	if err != nil {
		m.t.Fatal(err)
	}
	producing.Wait()
	return len(m.rows())
}

// rows are the committed rows of the join, in order.
func (m *meeting) rows() []string {
	m.topics = []string{ledger.Joined}
	var out []string
	for _, r := range m.written(kgo.ReadCommitted()) {
		out = append(out, string(r.Value))
	}
	return out
}

// TestTheSilentSideHoldsNobody has one input of a join without a row while the
// other flows.
func TestTheSilentSideHoldsNobody(t *testing.T) {
	meet(t, func(t *testing.T, m *meeting) {
		if n := m.drive(25*time.Second, 30*time.Second); n != 0 {
			t.Errorf("%d rows before the silence was as long as it has to be", n)
		}
	})
	meet(t, func(t *testing.T, m *meeting) {
		n := m.drive(90*time.Second, 30*time.Second)
		if n < 80 || !slices.Equal(m.rests, []Rests{{TaskID{0, 0}, ledger.GPS}}) {
			t.Errorf("%d of %d rows were given while the other side was silent; inputs at rest: %v", n, m.sent, m.rests)
		}
	})
	meet(t, func(t *testing.T, m *meeting) {
		if n := m.drive(90*time.Second, -1); n != 0 || len(m.rests) > 0 {
			t.Errorf("the strict rule gave %d rows, inputs at rest: %v", n, m.rests)
		}
	})
}

// TestRestSurvivesTheProcess has the rest of an input decided by one process and
// kept by the next, though that one would never decide it.
func TestRestSurvivesTheProcess(t *testing.T) {
	for name, lost := range map[string]bool{"folder kept": false, "folder lost": true} {
		t.Run(name, func(t *testing.T) {
			meet(t, func(t *testing.T, m *meeting) {
				before := m.drive(60*time.Second, 30*time.Second)
				if lost {
					m.dir = t.TempDir()
				}
				if after := m.drive(30*time.Second, time.Hour); after < before+25 {
					t.Errorf("%d rows before the restart, %d after another 30 s", before, after)
				}
			})
		})
	}
}

// TestStrictWakesWhatRested is its control: a process that lets nothing rest
// waits for the silent side again.
func TestStrictWakesWhatRested(t *testing.T) {
	meet(t, func(t *testing.T, m *meeting) {
		before := m.drive(60*time.Second, 30*time.Second)
		if after := m.drive(30*time.Second, -1); before == 0 || after != before {
			t.Errorf("%d rows before the restart, %d after another 30 s under the strict rule", before, after)
		}
	})
}

// TestTheSilentSideWakes has rows come at last: those for what was given without
// them are late, the others find their rows, and nothing is given twice.
func TestTheSilentSideWakes(t *testing.T) {
	meet(t, func(t *testing.T, m *meeting) {
		m.drive(60*time.Second, 30*time.Second)
		m.place(1, 10*time.Second) // what it is for was given long ago
		m.place(2, 65*time.Second)
		m.drive(10*time.Second, 30*time.Second)
		m.place(3, 4*time.Minute)
		m.drive(10*time.Second, 30*time.Second)
		want := make([]string, 80)
		for i := range want {
			gid := "null"
			if i >= 65 {
				gid = "2"
			}
			want[i] = fmt.Sprintf(`{"id":%d,"gid":%s}`, i, gid)
		}
		got := m.rows()
		if len(got) < 70 || !slices.Equal(got, want[:len(got)]) || m.late != 1 {
			t.Errorf("%d rows were late, want 1; the rows are %v", m.late, got)
		}
	})
}

// TestOpenTransactionIsNoSilence has rows of the other side in a transaction
// that is not decided: they may be what the join waits for.
func TestOpenTransactionIsNoSilence(t *testing.T) {
	meet(t, func(t *testing.T, m *meeting) {
		cl := m.client(kgo.TransactionalID("upstream"), kgo.TransactionTimeout(10*time.Minute))
		defer cl.Close()
		if err := cl.BeginTransaction(); err != nil {
			t.Fatal(err)
		}
		r := &kgo.Record{Topic: ledger.GPS, Key: []byte("c"), Value: fmt.Appendf(nil, `{"gid":1,"car":"c","ts":%d}`, m.ms(0))}
		if err := cl.ProduceSync(t.Context(), r).FirstErr(); err != nil {
			t.Fatal(err)
		}
		if n := m.drive(60*time.Second, 30*time.Second); n != 0 || len(m.rests) > 0 {
			t.Errorf("%d rows were given past an open transaction, inputs at rest: %v", n, m.rests)
		}
		if err := cl.EndTransaction(t.Context(), kgo.TryCommit); err != nil {
			t.Fatal(err)
		}
		if m.drive(60*time.Second, 30*time.Second); m.late > 0 || len(m.rows()) < 100 || m.rows()[0] != `{"id":0,"gid":1}` {
			t.Errorf("%d late, rows %v", m.late, m.rows())
		}
	})
}
