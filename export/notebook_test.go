package export_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/dataframe/survey"
	"github.com/riffle-stream/riffle/export"
	"github.com/riffle-stream/riffle/export/replay"
	"github.com/riffle-stream/riffle/interp"
	"github.com/riffle-stream/riffle/interp/symbols/riffle"
	"github.com/riffle-stream/riffle/sampler/file"
)

// partitions of the topics of the sample.
const partitions = 3

// writeSample writes a sample of two topics: 5 cars, 600 rows of telemetry and 50 of weather.
func writeSample(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sample.riffle")
	w, err := file.Create(path, file.Header{ClusterID: "test", Spec: "last 650", Created: time.Unix(1_700_000_000, 0), Topics: []file.Topic{
		{Name: "cars", Partitions: partitions}, {Name: "weather", Partitions: partitions},
	}})
	if err != nil {
		t.Fatal(err)
	}
	offsets := map[string][]int64{"cars": make([]int64, partitions), "weather": make([]int64, partitions)}
	put := func(topic, key, value string, ms int64) {
		p := exec.PartitionOf([]byte(key), partitions)
		r := row.Record{Topic: topic, Partition: p, Offset: offsets[topic][p], Key: []byte(key), Value: []byte(value), Time: ms}
		offsets[topic][p]++
		if err := w.Write(file.Row{Record: r}); err != nil {
			t.Fatal(err)
		}
	}
	const start = 1_700_000_000_000
	for i := range int64(600) {
		car := fmt.Sprintf("car-%d", i%5)
		ms := start + i*100
		put("cars", car, fmt.Sprintf(`{"car":%q,"speed":%v,"gear":%d,"ts":%d}`, car, float64(50+(i*37)%250)+0.25*float64(i%4), i%8, ms), ms)
		if i%12 == 0 {
			put("weather", car, fmt.Sprintf(`{"car":%q,"rain":%v,"ts":%d}`, car, float64(i%7)/7, ms), ms)
		}
	}
	if _, err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// A notebook is a session of cells over a sample, without a kernel.
type notebook struct {
	t       testing.TB
	engine  interp.Engine
	path    string
	sample  *file.Sample
	number  int
	at      interp.Position                    // of the running statement
	given   map[interp.Position][]export.Given // by verbs
	refused []error                            // of slices
	answer  string                             // to each question
	calls   int                                // of Live and Export in the running cell
	made    []export.Program                   // by Live and Export
	rows    [][]byte                           // of each, as this process gives them
}

func newNotebook(t testing.TB, sample string) *notebook {
	t.Helper()
	s, err := file.Read(sample)
	if err != nil {
		t.Fatal(err)
	}
	n := &notebook{t: t, path: sample, sample: s, answer: "car-1\\\n*/", given: map[interp.Position][]export.Given{}}
	n.engine, err = interp.New(interp.Config{Stdout: os.Stderr, Stderr: os.Stderr, Stmt: func(at interp.Position) { n.at = at }, Prelude: interp.Prelude{
		Path: export.Module + "/cells", Name: "riffle", Set: riffle.Set(),
		Bind: map[string]reflect.Value{
			"Show":   reflect.ValueOf(func(any, ...cells.Option) {}),
			"Export": reflect.ValueOf(func(f cells.Frame, _ string, _ ...cells.Option) { n.verb(f, false) }),
			"Live":   reflect.ValueOf(func(v any, _ ...cells.Option) *cells.Run { n.verb(cells.Frames(v)[0], true); return &cells.Run{} }),
			"Count": reflect.ValueOf(func(f cells.Frame) int {
				rows := n.collect(f).Len()
				n.given[n.at] = append(n.given[n.at], export.Given{Verb: "Count", Literal: fmt.Sprint(rows), Sample: n.sample.Fingerprint.Short()})
				return rows
			}),
			"Input": reflect.ValueOf(func(prompt string) string {
				n.given[n.at] = append(n.given[n.at], export.Given{Verb: "Input", Literal: fmt.Sprintf("%q", n.answer)})
				return n.answer
			}),
			"Password": reflect.ValueOf(func(string) string { return n.answer }),
			"Topics":   reflect.ValueOf(func() []cells.TopicInfo { return []cells.TopicInfo{{Topic: "cars"}} }),
			"Collect":  reflect.ValueOf(func(f cells.Frame) *cells.Collected { return n.collect(f) }),
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (n *notebook) run(cells ...string) {
	n.t.Helper()
	for _, text := range cells {
		n.number++
		n.calls = 0
		if _, err := n.engine.Eval(context.Background(), interp.Cell{Number: n.number, Text: text}); err != nil {
			n.t.Fatalf("cell %d: %v", n.number, err)
		}
	}
}

// verb makes the program of a call.
func (n *notebook) verb(f cells.Frame, whole bool) {
	n.t.Helper()
	s, err := n.engine.Slice(interp.Root{Whole: whole})
	if err != nil {
		n.t.Errorf("slice: %v", err)
		return
	}
	if s, err = export.Settle(s, n.given); err != nil {
		n.refused = append(n.refused, err)
		return
	}
	p := n.plan(f)
	n.made = append(n.made, export.Program{Slice: s, Plan: p, Root: n.calls, Notebook: "cars.ipynb", Sample: n.sample})
	n.rows = append(n.rows, n.replay(p))
	n.calls++
}

// plan binds a frame with what the sample teaches.
func (n *notebook) plan(f cells.Frame) *plan.Plan {
	n.t.Helper()
	if f.Err() != nil {
		n.t.Fatal(f.Err())
	}
	facts := plan.Facts{Topics: map[string]plan.TopicFacts{}}
	plan.Walk([]*plan.Node{f.Node()}, func(node *plan.Node) {
		src, ok := node.Op.(*plan.Source)
		if !ok {
			return
		}
		var recs []row.Record
		for _, r := range n.sample.Records {
			if r.Topic == src.Topic {
				recs = append(recs, r)
			}
		}
		learned, _, err := survey.Topic(src, recs, partitions)
		if err != nil {
			n.t.Fatal(err)
		}
		facts.Topics[src.Topic] = learned
	})
	p, err := plan.Bind([]*plan.Node{f.Node()}, facts)
	if err != nil {
		n.t.Fatal(err)
	}
	return p
}

// collect is a verb whose value cells use.
func (n *notebook) collect(f cells.Frame) *cells.Collected {
	n.t.Helper()
	t := row.NewTable(row.NewSchema(row.Field{Name: "n", Kind: row.Int}))
	for range strings.Count(string(n.replay(n.plan(f))), "\n") {
		t.Add(&row.Batch{Schema: t.Schema(), Cols: []row.Vec{{Kind: row.Int, Ints: []int64{1}}}, Key: row.Vec{Kind: row.String, Strs: []string{""}}, Time: []int64{0}, Mark: []int64{0}})
	}
	return t
}

// replay is what the plan gives in this process, where the functions of cells are interpreted.
func (n *notebook) replay(p *plan.Plan) []byte {
	n.t.Helper()
	var b bytes.Buffer
	if err := replay.Rows(context.Background(), p, n.sample, &b); err != nil {
		n.t.Fatal(err)
	}
	return b.Bytes()
}
