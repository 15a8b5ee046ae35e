// Package replay runs a program over a pinned sample and writes what it gives
// in the one form that proofs compare.
//
// [Rows] writes a line for each row of each root; [Diff] finds where two such
// texts part. A notebook, a live child and an exported program that give equal
// bytes are the same program.
package replay

import (
	"bufio"
	"cmp"
	"context"
	"io"
	"slices"
	"strconv"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/sampler/file"
)

// Program runs the graph that ends in roots over the sample at a path. Facts
// are as [plan.Facts.Encode] writes them. Formats are those beside JSON, CSV and raw; schemas are the sample's.
func Program(ctx context.Context, facts []byte, roots []*plan.Node, sample string, w io.Writer, formats ...codec.Format) error {
	f, err := plan.DecodeFacts(facts)
	if err != nil {
		return err
	}
	p, err := plan.Bind(roots, f)
	if err != nil {
		return err
	}
	s, err := file.Read(sample)
	if err != nil {
		return err
	}
	return Rows(ctx, p, s, w, formats...)
}

// Rows runs a plan over a sample. Bad rows follow the plan's policies.
func Rows(ctx context.Context, p *plan.Plan, s *file.Sample, w io.Writer, formats ...codec.Format) error {
	r, err := exec.NewReplay(p, s, exec.DriverConfig{}, formats...)
	if err != nil {
		return err
	}
	if err := r.Run(ctx); err != nil {
		return err
	}
	return Write(w, p, r.Tables)
}

// Write writes the rows that a plan's roots gave, root after root: a line
// {"key":...,"row":{...}} each, in the order of the keys; rows of one key stay
// in the order in which they came. Lines of a second root and later ones begin with its place, {"root":1,
func Write(w io.Writer, p *plan.Plan, tables []*row.Table) error {
	out := bufio.NewWriter(w)
	for i, t := range tables {
		lines, err := lines(i, p.Roots[i], t)
		if err != nil {
			return err
		}
		for _, l := range lines {
			out.Write(l.text) // a failure stays and comes back from Flush
		}
	}
	return out.Flush()
}

type line struct {
	key  string
	text []byte
}

// lines are the rows of a root in canonical order.
func lines(root int, s *plan.Step, t *row.Table) ([]line, error) {
	keys := row.NewSchema(row.Field{Name: "key", Kind: row.String})
	encodeKey := codec.JSON().Encoder(keys, codec.Options{})
	encodeRow := codec.JSON().Encoder(t.Schema(), codec.Options{TimeUnit: s.TimeUnit()})
	b := t.Batch()
	keyed := &row.Batch{Schema: keys, Cols: []row.Vec{b.Key}}
	out := make([]line, t.Len())
	var err error
	for i := range out {
		text := []byte{'{'}
		if root > 0 {
			text = strconv.AppendInt(append(text, `"root":`...), int64(root), 10)
			text = append(text, ',')
		}
		brace := len(text)
		if text, err = encodeKey.Append(text, keyed, i); err != nil {
			return nil, err
		}
		text = append(text[:brace], text[brace+1:len(text)-1]...) // the member without the braces around it
		if text, err = encodeRow.Append(append(text, `,"row":`...), b, i); err != nil {
			return nil, err
		}
		if !b.Key.IsNull(i) {
			out[i].key = b.Key.Strs[i]
		}
		out[i].text = append(text, '}', '\n')
	}
	slices.SortStableFunc(out, func(a, b line) int { return cmp.Compare(a.key, b.key) })
	return out, nil
}
