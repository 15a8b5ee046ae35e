package exec

import (
	"fmt"
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// TestDeadLettersAreAFrame reads what a run sent to its dead letters.
func TestDeadLettersAreAFrame(t *testing.T) {
	sent, _, err := policyRun(t, ids().OnError(dataframe.DeadLetter("dead")).To("out"), 3, func(i int) string {
		return []string{`{"id":0}`, `{"id":"one"}`, `{"id"`}[i]
	})
	if err != nil {
		t.Fatal(err)
	}
	var dead []row.Record
	for _, r := range sent {
		if r.Topic == "dead" {
			r.Partition, r.Offset = 0, int64(len(dead))
			dead = append(dead, r)
		}
	}
	dead[0].Headers = append(dead[0].Headers, row.Header{Key: HeaderCell, Value: []byte("cell 3 line 2")}) // as a program does
	letters := dataframe.DeadLetters("dead")
	p, err := plan.Bind([]*plan.Node{letters.To("seen").Node()}, plan.Facts{Topics: map[string]plan.TopicFacts{"dead": {Fields: []plan.Field{{Name: "value", Kind: row.String}}, Partitions: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewDriver(Cut(p), DriverConfig{Topics: map[string]int{"dead": 1}})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Feed(dead); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range d.Sent() {
		got = append(got, string(r.Value))
	}
	want := []string{`"value":"{\"id\":\"one\"}"`, `"from":"in","partition":0,"offset":1,`, `"line":"policy_test.go:`, `"cell":"cell 3 line 2"`, `"cell":null`, `"attempts":0`, `"offset":2,`, `"stage":"decode"`}
	for _, w := range want {
		if !strings.Contains(fmt.Sprint(got), w) {
			t.Errorf("letters %s\nlack %s", strings.Join(got, "\n"), w)
		}
	}
}
