package corpus

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// traced are cars whose records have headers, the later of two of one name counts.
func traced() []row.Record {
	recs := Generate(3, 3, 40)
	for i := range recs {
		recs[i].Headers = []row.Header{{Key: "trace", Value: []byte("old")}, {Key: "host", Value: []byte("h")}, {Key: "trace", Value: fmt.Appendf(nil, "t%d", i)}}
	}
	return recs
}

// sent says of each row what it was made of and what went out with it.
func sent(recs []row.Record) map[string]string {
	out := map[string]string{}
	for _, r := range recs {
		heads := []string{}
		for _, h := range r.Headers {
			heads = append(heads, h.Key+"="+string(h.Value))
		}
		out[string(r.Value)] = fmt.Sprintf("key %s, time %d, %s", r.Key, r.Time, strings.Join(heads, " "))
	}
	return out
}

// What is read of a record's headers before its row moves, the key, the time and what goes out with the row do not depend on the
// number of partitions, and so neither on whether the row came to another one.
func TestHeadersOfMovedRowsDoNotDependOnPartitions(t *testing.T) {
	for name, f := range map[string]func() df.Frame{
		"as a header": func() df.Frame {
			return cars().Header("trace", "_headers.trace").GroupBy("gear").With("n = cumcount(true) > 0").Select("car", "gear", "ts", "n", "said = upper(_headers.trace)", "at = _ts", "by = _key")
		},
		"as a column": func() df.Frame {
			return cars().With("trace = _headers.trace").Key("gear").Select("car", "gear", "ts", "said = upper(trace)", "at = _ts", "by = _key")
		},
		"not at all": func() df.Frame { return cars().Key("gear").Select("car", "gear", "ts", "lap", "at = _ts", "by = _key") },
	} {
		t.Run(name, func(t *testing.T) {
			var want map[string]string
			for _, n := range []int{1, 3, 8} {
				p, recs := bound(t, Case{Name: name, Build: one(func() df.Frame { return f().To("out") })}, traced(), n)
				got := sent(run(t, p, n, recs, true, all(recs)))
				if want == nil {
					want = got
				}
				if diff := cmp.Diff(want, got); diff != "" || len(got) < 100 {
					t.Errorf("%d rows of %d partitions (-1 +%[2]d):\n%.2000s", len(got), n, diff)
				}
				for value, with := range got {
					_, trace, kept := strings.Cut(with, "trace=")
					if said := fmt.Sprintf(`"said":%q`, strings.ToUpper(trace)); kept && !strings.Contains(value, said) {
						t.Fatalf("%s goes out with %s", value, with)
					}
					if kept != (name == "as a header") || strings.Contains(with, "host=") {
						t.Fatalf("%s: %s", name, with)
					}
				}
			}
		})
	}
}
