package expr

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/riffle-stream/riffle/dataframe/row"
)

var kinds = []row.Kind{row.Int, row.Float, row.Bool, row.String, row.Time, row.Duration}

// rowsOf is a batch of a part of the rows.
func rowsOf(b *row.Batch, from, to int) *row.Batch {
	var sel []int32
	for i := from; i < to; i++ {
		sel = append(sel, int32(i))
	}
	out := &row.Batch{Schema: b.Schema, Time: make([]int64, len(sel)), Seq: make([]int64, len(sel))}
	for i := range b.Cols {
		out.Cols = append(out.Cols, b.Cols[i].Gather(sel))
	}
	return out
}

// asAny is the same rows in columns of kind any.
func asAny(b *row.Batch) *row.Batch {
	out := *b
	var fields []row.Field
	out.Cols = nil
	for k := range b.Cols {
		v := row.MakeVec(row.Any, b.Len())
		for i := range b.Len() {
			_ = v.Set(i, b.Cols[k].Value(i)) // every value fits
		}
		fields = append(fields, row.Field{Name: b.Schema.At(k).Name, Kind: row.Any})
		out.Cols = append(out.Cols, v)
	}
	out.Schema = row.NewSchema(fields...)
	return &out
}

// identical says whether two values print alike, an int and a float of one value being alike too.
func identical(a, b any) bool {
	if x, ok := a.(int64); ok {
		if y, isFloat := b.(float64); isFloat {
			return float64(x) == y
		}
	}
	return textOf(a) == textOf(b)
}

// TestCuts evaluates random expressions over a batch, over its rows one by one,
// over pieces of it, and over the same values in columns of kind any: a row's
// result must not depend on its neighbours, nor on how its values are held.
func TestCuts(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	g := &generator{Rand: r}
	const rounds, n = 600, 40
	seen := 0
	for range rounds {
		whole := makeBatch(t, randomColumns(r, n, true), n)
		src := g.of(kinds[r.IntN(len(kinds))], 4).ours
		p, v, err := eval(src, whole)
		if err != nil {
			if e, ok := err.(*Error); ok && (e.Msg[:3] == "has" || e.Msg[:3] == "nes") {
				continue // grew past a limit
			}
			t.Fatalf("seed %d: %s: %v", seed, src, err)
		}
		want := make([]any, n)
		for i := range n {
			want[i] = v.Value(i)
		}
		over := p.Overflows()
		seen++
		checkZeros(t, src, v)
		cut := r.IntN(n)
		pieces := []*row.Batch{rowsOf(whole, 0, cut), rowsOf(whole, cut, n)}
		for i := range n {
			pieces = append(pieces, rowsOf(whole, i, i+1))
		}
		check(t, fmt.Sprintf("seed %d: %s", seed, src), p, pieces, append(want, want...))
		if p.Overflows() != 3*over {
			t.Errorf("seed %d: %s: %d overflows whole, %d in two other cuts", seed, src, over, p.Overflows()-over)
		}
		compareAny(t, seed, src, whole, want)
		if t.Failed() {
			return
		}
	}
	if seen < rounds/2 {
		t.Errorf("only %d of %d expressions were within the limits", seen, rounds)
	}
}

func check(t *testing.T, what string, p *Program, pieces []*row.Batch, want []any) {
	t.Helper()
	at := 0
	for _, b := range pieces {
		v := p.Eval(b)
		if v.Len() != b.Len() {
			t.Fatalf("%s: %d rows, want %d", what, v.Len(), b.Len())
		}
		for i := range b.Len() {
			if got := v.Value(i); textOf(got) != textOf(want[at]) {
				t.Fatalf("%s: row %d of %d is %s alone, %s in the batch", what, i, b.Len(), textOf(got), textOf(want[at]))
			}
			at++
		}
	}
}

func compareAny(t *testing.T, seed uint64, src string, whole *row.Batch, want []any) {
	t.Helper()
	p, v, err := eval(src, asAny(whole))
	if err != nil {
		t.Fatalf("seed %d: %s over any: %v", seed, src, err)
	}
	for i := range want {
		if got := v.Value(i); !identical(got, want[i]) && !identical(want[i], got) {
			t.Fatalf("seed %d: %s: row %d is %s over any (%s), %s over typed columns", seed, src, i, textOf(got), p.Kind(), textOf(want[i]))
		}
	}
}

// checkZeros looks for values in null rows: batches promise zero there.
func checkZeros(t *testing.T, src string, v *row.Vec) {
	t.Helper()
	zero := row.MakeVec(v.Kind, 1)
	for i := range v.Len() {
		if !v.IsNull(i) {
			continue
		}
		held := row.Vec{Kind: v.Kind, Bools: v.Bools, Ints: v.Ints, Floats: v.Floats, Strs: v.Strs, Anys: v.Anys}
		if got := held.Value(i); textOf(got) != textOf(zero.Value(0)) {
			t.Errorf("%s: null row %d holds %s", src, i, textOf(got))
		}
	}
}
