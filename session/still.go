package session

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/codec/table"
	"github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/export"
	"github.com/riffle-stream/riffle/kernel"
	"github.com/riffle-stream/riffle/sampler/file"
)

// readCSV is a frame of a CSV file.
func (s *Session) readCSV(path string, options ...cells.TopicOption) cells.Frame {
	comma, columns, err := csvOf(options)
	s.must(err)
	names, lines, err := readFile(s, "ReadCSV", path, func(r io.Reader) ([]string, [][]byte, error) { return table.ReadCSV(r, comma, columns) })
	s.must(err)
	return s.still("ReadCSV", filepath.Base(path), lines, append(options, dataframe.CSV(names...))...)
}

// csvOf is what the options of a CSV file say of its form.
func csvOf(options []cells.TopicOption) (comma byte, columns []string, err error) {
	f := dataframe.Still("", options...)
	if f.Err() != nil {
		return 0, nil, f.Err()
	}
	src := f.Node().Op.(*plan.Source)
	if src.Format == string(dataframe.JSON()) {
		return ',', nil, nil
	}
	head, rest, ok := strings.Cut(strings.TrimPrefix(src.Format, "csv"), "(")
	if !ok || !strings.HasPrefix(src.Format, "csv") || len(head) > 1 {
		return 0, nil, fmt.Errorf("ReadCSV: the format is %s, want such as CSV(\"car\", \"speed\").Separated(\";\"), with one character", src.Format)
	}
	if comma = ','; head != "" {
		comma = head[0]
	}
	if rest == ")" {
		return comma, nil, nil
	}
	columns, _, err = table.ReadCSV(strings.NewReader(strings.TrimSuffix(rest, ")")), ',', nil)
	return comma, columns, err
}

func (s *Session) readJSONL(path string, options ...cells.TopicOption) cells.Frame {
	_, lines, err := readFile(s, "ReadJSONL", path, func(r io.Reader) ([]string, [][]byte, error) {
		lines, err := table.ReadLines(r)
		return nil, lines, err
	})
	s.must(err)
	return s.still("ReadJSONL", filepath.Base(path), lines, options...)
}

func (s *Session) readParquet(path string, options ...cells.TopicOption) cells.Frame {
	content, err := s.load(path)
	if err != nil {
		s.must(fmt.Errorf("ReadParquet(%q): %w", path, err))
	}
	b, left, err := table.ReadParquet(content)
	if err != nil {
		s.must(fmt.Errorf("ReadParquet(%q): %w", path, err))
	}
	if left != nil {
		s.current().out.Stream(kernel.Stderr, fmt.Sprintf("note: %s has columns that are left out, lists of groups or maps: %s\n", filepath.Base(path), strings.Join(left, ", ")))
	}
	return s.still("ReadParquet", filepath.Base(path), encoded(b), append(options, rowsFormat(b.Schema))...)
}

// rowsFormat is the format of rows with kinds of their own.
func rowsFormat(s *row.Schema) cells.Format { return cells.Format(codec.Rows(s).Name()) }

func encoded(b *row.Batch) [][]byte {
	n := 0
	if len(b.Cols) > 0 {
		n = b.Cols[0].Len()
	}
	out := make([][]byte, n)
	for i := range out {
		out[i] = row.AppendRow(nil, b, i)
	}
	return out
}

// readFile reads a file of the notebook.
func readFile(s *Session, verb, path string, read func(io.Reader) ([]string, [][]byte, error)) ([]string, [][]byte, error) {
	content, err := s.load(path)
	if err == nil {
		var names []string
		var lines [][]byte
		if names, lines, err = read(bytes.NewReader(content)); err == nil {
			return names, lines, nil
		}
	}
	return nil, nil, fmt.Errorf("%s(%q): %w", verb, path, err)
}

// load gives the content of a file, relative to the notebook's folder.
func (s *Session) load(path string) ([]byte, error) {
	if !filepath.IsAbs(path) {
		path = filepath.Join(s.cfg.Dir, path)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, errors.New("there is no such file; paths are relative to the notebook's folder")
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errors.New("it is a folder, want a file")
	case info.Size() > table.MaxBytes:
		return nil, fmt.Errorf("it has %d MiB, want at most %d: put it into a topic, riffle produce TOPIC < FILE", info.Size()>>20, table.MaxBytes>>20)
	}
	return os.ReadFile(path)
}

func (s *Session) fileVerb(path string) string {
	content, err := s.load(path)
	if err != nil {
		s.must(fmt.Errorf("File(%q): %w", path, err))
	}
	s.gives(export.Given{Verb: "File", Literal: strconv.Quote(string(content))})
	return string(content)
}

// rowsVerb is a frame of rows that a cell has.
func (s *Session) rowsVerb(rows any, options ...cells.TopicOption) cells.Frame {
	switch x := rows.(type) {
	case string:
		lines, err := table.ReadLines(strings.NewReader(x))
		s.must(err)
		return s.still("Rows", "rows", lines, options...)
	case []map[string]any:
		return s.still("Rows", "rows", s.objects(x), options...)
	case *row.Table:
		b := x.Batch()
		return s.still("Rows", "rows", encoded(b), append(options, rowsFormat(b.Schema))...)
	}
	s.must(fmt.Errorf("Rows: %T is no rows, want a text with an object of JSON a line, a []map[string]any, or what Collect gave", rows))
	return cells.Frame{}
}

func (s *Session) objects(rows []map[string]any) [][]byte {
	out := make([][]byte, len(rows))
	for i, r := range rows {
		var err error
		if out[i], err = json.Marshal(r); err != nil {
			s.must(fmt.Errorf("row %d: %w", i, err))
		}
	}
	return out
}

func (s *Session) generate(n int, fn func(int) map[string]any, options ...cells.TopicOption) cells.Frame {
	if n < 0 || n > table.MaxRows {
		s.must(fmt.Errorf("Generate: %d rows, want 0 to %d", n, table.MaxRows))
	}
	rows := make([]map[string]any, n)
	for i := range rows {
		rows[i] = fn(i)
		s.must(s.current().ctx.Err())
	}
	return s.still("Generate", "generated", s.objects(rows), options...)
}

// How the names and samples of frames that no topic gives are written: no topic has such a mark in its name.
const stillMark, wholeStill = "@", "all of "

// still is a frame of records that lie in memory as a sample does: one
// partition of a topic that is not there, in the order of the file.
func (s *Session) still(verb, base string, values [][]byte, options ...cells.TopicOption) cells.Frame {
	if len(values) == 0 {
		s.must(fmt.Errorf("%s: there are no rows", verb))
	}
	h := sha256.New()
	for _, v := range values {
		fmt.Fprintf(h, "%d\n", len(v))
		h.Write(v)
	}
	f := dataframe.Still("", options...)
	s.must(f.Err())
	src := *f.Node().Op.(*plan.Source)
	fmt.Fprint(h, src.Format, src.KeyedBy)
	name := fmt.Sprintf("%s%s%x", base, stillMark, h.Sum(nil)[:4])
	recs := make([]row.Record, len(values))
	for i, v := range values {
		recs[i] = row.Record{Topic: name, Offset: int64(i), Value: v}
	}
	s.must(keyed(recs, &src))
	sample, err := file.Of(file.Header{ClusterID: "still", Spec: wholeStill + base, Created: time.Now(), Topics: []file.Topic{{Name: name, Partitions: 1}}}, recs)
	s.must(err)
	s.samples.keepStill(name, sample)
	f = dataframe.Still(name, options...).Watched(s.watch)
	s.watch(f)
	return f
}

// keyed sets the records' keys to the text of the columns that KeyAs names.
func keyed(recs []row.Record, src *plan.Source) error {
	if len(src.KeyedBy) == 0 {
		return nil
	}
	c, err := codec.Formats{Known: known()}.Parse(src.Format)
	if err != nil {
		return err
	}
	c, schema, _, err := codec.Learn(c, recs, codec.Stored{})
	if err != nil {
		return err
	}
	schema = schema.With(src.Declared...)
	var fields []row.Field
	for _, k := range src.KeyedBy {
		if kind, ok := schema.Kind(k); ok {
			fields = append(fields, row.Field{Name: k, Kind: kind})
		}
	}
	if len(fields) < len(src.KeyedBy) {
		return nil // the plan says which is not there
	}
	var b row.Batch
	c.Decoder(row.NewSchema(fields...), codec.Options{Schemas: codec.Stored{}}).Decode(recs, &b)
	for i, at := range b.Origin {
		recs[at].Key = exec.KeyOfColumns(b.Cols, i)
	}
	return nil
}

// refuseStill says why a frame of rows that stand still is no program.
func refuseStill(verb string, p *plan.Plan) error {
	for _, step := range p.Sources() {
		if src := step.Op.(*plan.Source); src.Still {
			base, _, _ := strings.Cut(src.Topic, "@")
			return fmt.Errorf("%s: %s: %w", verb, base, dataframe.ErrStill)
		}
	}
	return nil
}
