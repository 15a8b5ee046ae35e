package corpus

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/exec"
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

// What is read of a record's headers, the key, the time and what goes out with a row do not depend on the number of partitions,
// and so neither on whether the row came to another one. The headers are all of them there, those that nobody named, too.
func TestHeadersOfMovedRowsDoNotDependOnPartitions(t *testing.T) {
	for name, f := range map[string]func() df.Frame{
		"moved": func() df.Frame { return cars().Key("gear").Select("car", "gear", "ts", "lap", "at = _ts", "by = _key") },
		"read": func() df.Frame {
			return cars().Key("gear").Where("_headers.host == 'h'").With("said = upper(_headers.trace)")
		},
		"put in order": func() df.Frame { return cars().GroupBy("gear").ApplyState(distance, "dist float").Drop("dist") },
		"moved twice": func() df.Frame {
			return cars().GroupBy("gear").With("c = cumcount() > 0").Key("car").Select("car", "gear", "ts", "lap", "speed", "c")
		},
		"of a window": func() df.Frame {
			return cars().Where("lap < 2").GroupBy("gear").EveryN(1).Agg("trace = last(_headers.trace)", "host = last(_headers.host)", "car = last(car)", "lap = last(lap)").
				Header("trace", "trace").Header("host", "host").Select("gear", "car", "lap", "trace", "window_start")
		},
		"joined": func() df.Frame {
			return cars().AsOf(gps().Select("car", "seen = _ts > time(0, 'ms')"), df.On("car"), df.Within("10s"), df.Grace("1m"), df.Left()).GroupBy("car").With("c = cumcount() > 0").Drop("seen")
		},
		"looked up": func() df.Frame {
			return df.Concat(cars().Where("lap < 3"), cars().Where("lap >= 3")).GroupBy("car").With("c = cumcount() > 0").
				Lookup(df.Table("gps", df.Time("ts")).Select("car", "seen = true"), df.On("car"), df.Left()).Drop("seen")
		},
		"replaced": func() df.Frame { return cars().Header("trace", "concat(car, _headers.trace)").Key("gear") },
	} {
		t.Run(name, func(t *testing.T) {
			var want map[string]string
			for _, n := range []int{1, 3, 8} {
				p, recs := bound(t, Case{Name: name, Build: one(func() df.Frame { return f().To("out") })}, traced(), n)
				got := sent(run(t, p, n, recs, true, all(recs)))
				if want == nil {
					want = got
				}
				if diff := cmp.Diff(want, got); diff != "" || len(got) < 50 {
					t.Errorf("%d rows of %d partitions (-1 +%[2]d):\n%.2000s", len(got), n, diff)
				}
				for value, with := range got {
					_, trace, kept := strings.Cut(with, "trace=")
					if said := fmt.Sprintf(`"said":%q`, strings.ToUpper(trace[strings.LastIndexByte(trace, '=')+1:])); name == "read" && !strings.Contains(value, said) {
						t.Fatalf("%s goes out with %s", value, with)
					}
					if !kept || !strings.Contains(with, "host=h") || strings.Contains(with, "trace=old") == (name == "replaced" || name == "of a window") {
						t.Fatalf("%s: %s", name, with)
					}
				}
			}
		})
	}
}

// A dead letter is the record as it came, wherever its row went until a step could not take it.
func TestDeadLettersAreTheRecordsThatCame(t *testing.T) {
	fail := func(r df.Row, _ *df.State) df.Row {
		if r.Int("lap") == 2 {
			panic("lap 2")
		}
		return r.With("ok", true)
	}
	halves := func() df.Frame { return df.Concat(cars().Where("lap < 3"), cars().Where("lap >= 3")) }
	for name, f := range map[string]df.Group{
		"moved":   cars().GroupBy("gear"),
		"in one":  halves().GroupBy("car"),
		"both":    halves().GroupBy("gear"),
		"joined":  cars().AsOf(gps().Select("car", "lat"), df.On("car"), df.Within("10s"), df.Left()).GroupBy("car"),
		"ordered": cars().GroupBy("gear").With("c = cumcount()").GroupBy("car"),
	} {
		t.Run(name, func(t *testing.T) {
			p, recs := bound(t, Case{Build: one(func() df.Frame {
				return f.ApplyState(fail, "ok bool").To("out").OnError(df.DeadLetter("dead"), df.Budget("off"))
			})}, traced(), 3)
			came, want := map[string]row.Record{}, 0
			for _, r := range recs {
				came[fmt.Sprintf("%s %d@%d", r.Topic, r.Partition, r.Offset)] = r
				if r.Topic == "cars" && strings.Contains(string(r.Value), `"lap":2,`) {
					want++
				}
			}
			for _, r := range run(t, p, 3, recs, true, all(recs)) {
				if r.Topic != "dead" {
					continue
				}
				want--
				at := fmt.Sprintf("%s %s@%s", r.Header(exec.HeaderTopic), r.Header(exec.HeaderPartition), r.Header(exec.HeaderOffset))
				of := came[at]
				r.Headers, r.Topic, r.Partition, r.Offset = r.Headers[:len(of.Headers)], of.Topic, of.Partition, of.Offset
				if diff := cmp.Diff(of, r); diff != "" {
					t.Fatalf("letter of %s (-came +letter):\n%s", at, diff)
				}
			}
			if want != 0 {
				t.Errorf("%d letters are missing", want)
			}
		})
	}
}
