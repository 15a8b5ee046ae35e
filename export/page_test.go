package export

import (
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/plan"
)

// TestReadmeNamesEveryTopic has topics for late rows and dead letters beside those that are read and written.
func TestReadmeNamesEveryTopic(t *testing.T) {
	f := dataframe.Topic("cars", dataframe.Fields("car string", "kmh float"), dataframe.KeyAs("car")).OnError(dataframe.DeadLetter("cars-dead")).
		GroupBy("car").Tumbling("10s").LateTo("cars-late").Agg("n = count()").To("counts")
	if f.Err() != nil {
		t.Fatal(f.Err())
	}
	bound, err := plan.Bind([]*plan.Node{f.Node()}, plan.Facts{})
	if err != nil {
		t.Fatal(err)
	}
	text, err := render("README.md.tmpl", page{Name: "counter", Plan: bound, Program: &Program{Plan: bound}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| `cars` | read", "| `counts` | written", "| `cars-late` | written", "| `cars-dead` | written", "`counter-*` | READ WRITE"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("README lacks %q:\n%.2500s", want, text)
		}
	}
}
