package session

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/internal/kafkatest"
	"github.com/riffle-stream/riffle/kernel"
)

const ridesCSV = "bike,ts,km\na,2026-01-05T08:00:00Z,1.5\nb,2026-01-05T08:00:10Z,\na,2026-01-05T08:01:05Z,0.5\nc,2026-01-05T08:02:00Z,2\n"

func put(t *testing.T, n *notebook, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(n.cfg.Dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A frame of a file works on every verb without any Kafka, and two of them join.
func TestFilesAreFrames(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	put(t, n, "rides.csv", ridesCSV)
	put(t, n, "semi.csv", strings.ReplaceAll(ridesCSV, ",", ";"))
	put(t, n, "bikes.jsonl", `{"bike":"a","ts":"2026-01-05T07:59:00Z","owner":{"name":"Ann"}}`+"\n"+`{"bike":"b","ts":"2026-01-05T07:59:30Z","owner":{"name":"Bob"}}`+"\n")
	shows := n.mustRun(`rides := ReadCSV("rides.csv", Time("ts"), KeyAs("bike")); rides`)
	for _, want := range []string{"rides.csv · all rows · 4 rows", "bike    ts", "string  time", "2026-01-05 08:01:05", "null"} {
		if !strings.Contains(shows, want) {
			t.Errorf("the frame lacks %q:\n%s", want, shows)
		}
	}
	if got := n.mustRun(`Count(rides.Where("km > 1"))`); got != "2" {
		t.Errorf("2 rides are long, got %s", got)
	}
	windows := n.mustRun(`rides.GroupBy("bike").Tumbling("1m").Grace("0s").Agg("km = sum(km)")`)
	if !strings.Contains(windows, "1.5") || !strings.Contains(windows, "window_start") {
		t.Errorf("windows of a file:\n%s", windows)
	}
	if plan := n.mustRun(`rides.GroupBy("bike").Tumbling("1m").Agg("km = sum(km)").Explain()`); !strings.Contains(plan, "local") && strings.Contains(plan, "repartition") {
		t.Errorf("the key is the bike, yet rows move:\n%s", plan)
	}
	joined := n.mustRun(`rides.AsOf(ReadJSONL("bikes.jsonl", Time("ts"), KeyAs("bike")), On("bike"), Within("10m"), Suffix("_of_bike"))`)
	if !strings.Contains(joined, "owner.name") || strings.Count(joined, "Ann") != 2 {
		t.Errorf("the join shows\n%s", joined)
	}
	if got := n.mustRun(`Count(ReadCSV("semi.csv", CSV().Separated(";")).Where("km > 1"))`); got != "2" {
		t.Errorf("with semicolons 2 rides are long, got %s", got)
	}
	if got := n.mustRun(`Count(ReadCSV("rides.csv", CSV("b", "t", "k")))`); got != "5" {
		t.Errorf("without a header the file has 5 rows, got %s", got)
	}
	n.mustFail(`ReadCSV("none.csv")`, `ReadCSV("none.csv"): there is no such file; paths are relative to the notebook's folder`)
	if shows := n.mustRun(`Count(ReadCSV("rides.csv", Fields("kn float", "note string")))`); !strings.Contains(shows, `note: no row of rides.csv in the sample has "kn", which Fields names; did you mean km?`) || strings.Contains(shows, `"note"`) {
		t.Errorf("of a field that is misspelt it says\n%s", shows)
	}
	n.mustFail(`ReadCSV("rides.csv", Fields("km number"))`, `field "km number": kind "number" is not known, want one of bool`)
	n.mustFail(`rides.Where("kilo > 1")`, "kilo")
	n.mustFail(`Export(rides.To("x"), "x")`, "rides.csv: its rows stand still, and a program reads topics: Write(frame, \"topic\") puts them into one")
	n.mustFail(`Live(rides)`, "rides.csv: its rows stand still")
}

func TestSavedFilesComeBack(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	put(t, n, "rides.csv", ridesCSV)
	n.mustRun(`rides := ReadCSV("rides.csv", Time("ts"))`)
	for _, c := range []struct{ file, read string }{
		{"out.csv", `ReadCSV("out.csv", Time("ts"))`}, {"out.jsonl", `ReadJSONL("out.jsonl", Time("ts"))`}, {"out.parquet", `ReadParquet("out.parquet", Time("ts"))`},
	} {
		if got := n.mustRun(`Save(rides.With("twice = km * 2", "car = \"ä\""), "` + c.file + `")`); got != "4 rows written to "+c.file {
			t.Errorf("Save says %s", got)
		}
		shows := n.mustRun(c.read + `.Select("bike", "ts", "twice", "car").With("twice = twice * 1.0")`)
		for _, want := range []string{"time", "2026-01-05 08:01:05", "3.0", "null", "ä"} {
			if !strings.Contains(shows, want) {
				t.Errorf("%s lacks %q:\n%s", c.file, want, shows)
			}
		}
	}
	n.mustFail(`Save(rides, "out.xlsx")`, `file "out.xlsx" ends in ".xlsx", want .csv, .tsv, .jsonl or .parquet`)
	n.mustRun(`t := Collect(rides); Save(t, "table.parquet"); again := Rows(t, KeyAs("bike"))`)
	if got := n.mustRun(`Collect(again).Floats("km")`); got != n.mustRun(`Collect(rides).Floats("km")`) {
		t.Errorf("what Collect gave reads as %s", got)
	}
}

func TestRowsOfACell(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	shows := n.mustRun("test := Rows(`{\"car\":\"44\",\"speed\":281.5}\n{\"car\":\"7\",\"speed\":null}`)\ntest.With(\"kmh = speed * 3.6\")")
	if !strings.Contains(shows, "1013.4") || !strings.Contains(shows, "null") {
		t.Errorf("rows of a text show\n%s", shows)
	}
	if got := n.mustRun(`Count(Rows([]map[string]any{{"a": 1, "b": []int{1, 2}}, {"a": 2.5}}).Where("a > 1"))`); got != "1" {
		t.Errorf("1 row of a list is beyond 1, got %s", got)
	}
	if got := n.mustRun(`Collect(Generate(5, func(i int) map[string]any { return map[string]any{"n": i * i} })).Ints("n")`); got != "[0 1 4 9 16]" && !strings.Contains(got, "16") {
		t.Errorf("generated rows are %s", got)
	}
	n.mustFail(`Rows(5)`, "Rows: cell 4:1:1: int is no rows, want a text with an object of JSON a line")
	n.mustFail(`Rows("")`, "there are no rows")
}

// Write puts rows into a topic of the format that is asked for, and asks first.
func TestWritePutsRowsIntoATopic(t *testing.T) {
	b := kafkatest.Fake(t)
	n := open(t, t.TempDir(), b)
	n.mustRun("test := Rows(`{\"car\":\"44\",\"ts\":1700000000000,\"speed\":1.5}\n{\"car\":\"7\",\"ts\":1700000001000,\"speed\":2}`, Time(\"ts\"), KeyAs(\"car\"))")
	p := &asked{answers: []string{"no"}}
	if _, err := n.Eval(t.Context(), kernel.Cell{Code: `Write(test, "written")`, Count: 90}, p); err == nil || !strings.Contains(plainText(strings.Join(kernel.AsError(err).Traceback, "\n")), "nothing was written") {
		t.Errorf("after no the cell ends with %v", err)
	}
	p = &asked{answers: []string{"yes"}}
	if _, err := n.Eval(t.Context(), kernel.Cell{Code: `Write(test, "written")`, Count: 91}, p); err != nil {
		t.Fatalf("%v\n%s", err, p)
	}
	recs := b.Read(t, "written")
	if len(recs) != 2 || string(recs[0].Key) != "44" || string(recs[0].Value) != `{"car":"44","ts":1700000000000,"speed":1.5}` || recs[0].Timestamp.UnixMilli() != 1700000000000 {
		t.Fatalf("the topic holds %v", recs)
	}
	if got := n.mustRun(`Count(Topic("written"))`); got != "2" {
		t.Errorf("the topic reads as %s rows", got)
	}
	n.mustFail(`Write(test, "written", Avro())`, "no schema registry is given")
	p = &asked{answers: []string{"yes"}}
	if _, err := n.Eval(t.Context(), kernel.Cell{Code: `Write(test, "written")`, Count: 93}, p); err != nil || !strings.Contains(p.String(), `2 rows written to written; its pinned sample is older: Resample(Topic("written")) takes it anew`) {
		t.Errorf("a topic that is pinned: %v\n%s", err, p)
	}
}

// A lookup sees what the notebook has just written to its table.
func TestWriteToATableIsSeen(t *testing.T) {
	b := kafkatest.Fake(t)
	n := open(t, t.TempDir(), b)
	write := func(rows string) string {
		t.Helper()
		p := &asked{answers: []string{"yes"}}
		if _, err := n.Eval(t.Context(), kernel.Cell{Code: "Write(Rows(`" + rows + "`, KeyAs(\"coin\")), \"rates\")", Count: 90}, p); err != nil {
			t.Fatal(err)
		}
		return p.String()
	}
	write(`{"coin":"EUR","rate":1}`)
	n.mustRun("rates := Table(\"rates\")\norders := Rows(`{\"coin\":\"CHF\",\"at\":\"2100-01-01T00:00:00Z\"}`, Time(\"at\"))")
	if got := n.mustRun(`Count(orders.Lookup(rates, On("coin")))`); got != "0" {
		t.Errorf("%s orders find a rate that is not there", got)
	}
	if said := write(`{"coin":"CHF","rate":1.05}`); !strings.Contains(said, "1 row written to rates; the table is read anew") {
		t.Errorf("it says %s", said)
	}
	if got := n.mustRun(`Count(orders.Lookup(rates, On("coin")))`); got != "1" {
		t.Errorf("%s orders find the rate that was written", got)
	}
	n.mustRun("old := Rows(`{\"coin\":\"CHF\",\"at\":\"2000-01-01T00:00:00Z\"}`, Time(\"at\"))")
	if shows := n.mustRun(`old.Lookup(rates, On("coin"))`); !strings.Contains(shows, `is later: a record counts from when it was written, or from a column: Table("rates", Time("column"))`) {
		t.Errorf("a row older than the table shows\n%s", shows)
	}
}

func TestWriteRegistersSchemas(t *testing.T) {
	b, _, at := avroCars(t)
	n := open(t, t.TempDir(), b)
	n.samples.brokers.Registry = at
	n.mustRun("test := Rows(`{\"car\":\"44\",\"speed\":1.5}`)")
	for _, format := range []string{"Avro()", "Protobuf()", "JSONSchema()"} {
		p := &asked{answers: []string{"yes"}}
		topic := strings.ToLower(strings.TrimSuffix(format, "()"))
		if _, err := n.Eval(t.Context(), kernel.Cell{Code: `Write(test, "` + topic + `", ` + format + `)`, Count: 92}, p); err != nil {
			t.Fatalf("%s: %s", format, plainText(strings.Join(kernel.AsError(err).Traceback, "\n")))
		}
		id, _, err := codec.OpenRegistered(b.Read(t, topic)[0].Value)
		if err != nil || id == 0 {
			t.Errorf("%s: the record names schema %d, %v", format, id, err)
		}
		if shows := n.mustRun(`Topic("` + topic + `", ` + format + `)`); !strings.Contains(shows, "1.5") {
			t.Errorf("%s reads as\n%s", format, shows)
		}
	}
}

func TestParquetFileOfOthers(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	content, err := os.ReadFile("../codec/table/testdata/polars.parquet")
	if err != nil {
		t.Fatal(err)
	}
	put(t, n, "p.parquet", string(content))
	shows := n.mustRun(`p := ReadParquet("p.parquet", Time("us")); p.Schema()`)
	if !strings.Contains(shows, "laps.list.element.n") || !strings.Contains(shows, "engine.oil.bar") {
		t.Errorf("the schema is\n%s", shows)
	}
	if got := n.mustRun(`Count(p.Where("engine.rpm >= 290"))`); got != "10" {
		t.Errorf("10 rows are fast, got %s", got)
	}
	put(t, n, "bad.parquet", "PAR1xxxxPAR1")
	n.mustFail(`ReadParquet("bad.parquet")`, `ReadParquet("bad.parquet"): no table: not a Parquet file`)
}
