package replay_test

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/export/replay"
	"github.com/riffle-stream/riffle/sampler/file"
)

// sample has the keys b, a, none in two partitions of topic t.
func sample(t *testing.T, values ...string) *file.Sample {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sample")
	w, err := file.Create(path, file.Header{ClusterID: "c", Topics: []file.Topic{{Name: "t", Partitions: 2}}})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range values {
		key, text, _ := strings.Cut(v, "=")
		r := row.Record{Topic: "t", Partition: int32(i % 2), Offset: int64(i), Value: []byte(text), Time: int64(i)}
		if key != "" {
			r.Key = []byte(key)
		}
		if err := w.Write(file.Row{Record: r}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := file.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var facts = plan.Facts{Topics: map[string]plan.TopicFacts{"t": {Partitions: 2, Fields: []plan.Field{{Name: "v", Kind: row.Float}}}}}

// rows runs frames over a sample.
func rows(t *testing.T, s *file.Sample, frames ...cells.Frame) (string, error) {
	t.Helper()
	var roots []*plan.Node
	for _, f := range frames {
		if f.Err() != nil {
			t.Fatal(f.Err())
		}
		roots = append(roots, f.Node())
	}
	p, err := plan.Bind(roots, facts)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	err = replay.Rows(t.Context(), p, s, &b)
	return b.String(), err
}

func TestRowsAreInTheOrderOfKeys(t *testing.T) {
	s := sample(t, `b={"v":1}`, `a={"v":2.5}`, `b={"v":3}`, `a={"v":1e-7}`, `={"v":null}`, `A"={"v":5}`)
	got, err := rows(t, s, cells.Topic("t"), cells.Topic("t").Where("v > 2"))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"key":null,"row":{"v":null}}
{"key":"A\"","row":{"v":5}}
{"key":"a","row":{"v":2.5}}
{"key":"a","row":{"v":1e-7}}
{"key":"b","row":{"v":1}}
{"key":"b","row":{"v":3}}
{"root":1,"key":"A\"","row":{"v":5}}
{"root":1,"key":"a","row":{"v":2.5}}
{"root":1,"key":"b","row":{"v":3}}
`
	if d := replay.Diff([]byte(want), []byte(got)); d != "" {
		t.Error(d)
	}
}

func TestBadRowsFollowThePolicy(t *testing.T) {
	s := sample(t, `a={"v":1}`, `a={"v":"fast"}`)
	var bad *exec.BadRow
	if _, err := rows(t, s, cells.Topic("t").Where("v > 0")); !errors.As(err, &bad) || bad.Record.Offset != 1 {
		t.Errorf("without a policy: %v, want the bad row at offset 1", err)
	}
	got, err := rows(t, s, cells.Topic("t").Where("v > 0").OnError(cells.Skip))
	if err != nil || got != "{\"key\":\"a\",\"row\":{\"v\":1}}\n" {
		t.Errorf("with Skip: %q, %v", got, err)
	}
}

func TestSampleWithoutTheTopic(t *testing.T) {
	other := plan.Facts{Topics: map[string]plan.TopicFacts{"u": facts.Topics["t"]}}
	p, err := plan.Bind([]*plan.Node{cells.Topic("u").Node()}, other)
	if err != nil {
		t.Fatal(err)
	}
	s := sample(t, `a={"v":1}`)
	err = replay.Rows(t.Context(), p, s, &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("sample %s: has no topic \"u\"", s.Fingerprint.Short())) {
		t.Errorf("error %v", err)
	}
}
