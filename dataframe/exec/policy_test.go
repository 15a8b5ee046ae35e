package exec

import (
	"errors"
	"fmt"
	"testing"

	"github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// policyRun runs a frame over records {"id":0}, {"id":1} ... of one partition, as a run that stops.
func policyRun(t *testing.T, f dataframe.Frame, n int, value func(i int) string) (sent []row.Record, bad []*BadRow, err error) {
	t.Helper()
	p, err := plan.Bind([]*plan.Node{f.Node()}, plan.Facts{})
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewDriver(Cut(p), DriverConfig{Topics: map[string]int{"in": 1}, OnBad: func(b *BadRow) { bad = append(bad, b) }})
	if err != nil {
		t.Fatal(err)
	}
	var recs []row.Record
	for i := range n {
		recs = append(recs, row.Record{Topic: "in", Offset: int64(i), Value: []byte(value(i))})
	}
	for len(recs) > 0 && err == nil {
		some := min(len(recs), 777)
		err = d.Feed(recs[:some])
		recs = recs[some:]
	}
	return d.Sent(), bad, err
}

func ids() dataframe.Frame { return dataframe.Topic("in", dataframe.Fields("id int")) }

// TestRetry has a function that fails twice for each row but one, and for that one always.
func TestRetry(t *testing.T) {
	for _, c := range []struct {
		name string
		step func(f func(int) int) dataframe.Frame
	}{
		{"map", func(f func(int) int) dataframe.Frame { return ids().Map("v", f, "id") }},
		{"filter", func(f func(int) int) dataframe.Frame {
			return ids().Filter(func(r dataframe.Row) bool { return f(int(r.Int("id"))) >= 0 })
		}},
		{"apply", func(f func(int) int) dataframe.Frame {
			return ids().Apply(func(r dataframe.Row) dataframe.Row { return r.With("v", f(int(r.Int("id")))) }, "v int")
		}},
	} {
		for tries, left := range map[int]int{2: 1, 1: 20} {
			t.Run(fmt.Sprintf("%s %d", c.name, tries), func(t *testing.T) {
				calls := map[int]int{}
				flaky := func(id int) int {
					if calls[id]++; calls[id] <= 2 || id == 13 {
						panic("busy")
					}
					return id
				}
				f := c.step(flaky).OnError(dataframe.Retry(tries, "1ms"), dataframe.Skip, dataframe.Budget("off")).To("out")
				sent, bad, err := policyRun(t, f, 20, func(i int) string { return fmt.Sprintf(`{"id":%d}`, i) })
				if err != nil || len(bad) != left || len(sent) != 20-left {
					t.Fatalf("%d sent, %d bad, %v; want %d bad", len(sent), len(bad), err, left)
				}
				if calls[13] != tries+1 {
					t.Errorf("the row that always fails was tried %d times, want %d", calls[13], tries+1)
				}
			})
		}
	}
}

// TestBudget has rows of which some cannot be read.
func TestBudget(t *testing.T) {
	for _, c := range []struct {
		policies []dataframe.Policy
		every    int // one row of so many is bad
		stops    bool
	}{
		{[]dataframe.Policy{dataframe.Skip}, 200, false},
		{[]dataframe.Policy{dataframe.Skip}, 50, true},
		{[]dataframe.Policy{dataframe.Skip}, 1, true},
		{[]dataframe.Policy{dataframe.Skip, dataframe.Budget("5%")}, 50, false},
		{[]dataframe.Policy{dataframe.DeadLetter("dead"), dataframe.Budget("0.1%")}, 200, true},
		{[]dataframe.Policy{dataframe.Skip, dataframe.Budget("off")}, 1, false},
		{[]dataframe.Policy{dataframe.Skip, dataframe.Budget("0%")}, 5000, true},
	} {
		_, bad, err := policyRun(t, ids().OnError(c.policies...).To("out"), 25_000, func(i int) string {
			if i%c.every == 0 {
				return `{"id":"n/a"}`
			}
			return fmt.Sprintf(`{"id":%d}`, i)
		})
		if errors.Is(err, ErrBudget) != c.stops || !c.stops && len(bad) != 25_000/c.every {
			t.Errorf("%v, one in %d is bad: %d left out, ended with %v", c.policies, c.every, len(bad), err)
		}
	}
}

// TestBadRowSaysWhere wants the line of this file that made the step.
func TestBadRowSaysWhere(t *testing.T) {
	f := ids().Map("v", func(id int) int { return 1 / (id - id) }, "id")
	_, _, err := policyRun(t, f.To("out"), 1, func(int) string { return `{"id":1}` })
	var bad *BadRow
	if !errors.As(err, &bad) || bad.At != "policy_test.go:103" {
		t.Fatalf("ended with %+v", err)
	}
}
