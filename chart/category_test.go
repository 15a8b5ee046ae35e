package chart

import (
	"fmt"
	"slices"
	"testing"

	"github.com/riffle-stream/riffle/dataframe/row"
)

var carFields = []row.Field{{Name: "car", Kind: row.String}, {Name: "kmh", Kind: row.Float}}

func TestNamesAlongX(t *testing.T) {
	r := NewRing(Spec{Mark: Bar, X: "car", Y: "kmh"}, 0)
	for _, b := range []*row.Batch{batch(carFields, []any{"car-10", 1.0}, []any{"car-2", 2.0}), batch(carFields, []any{"car-2", 7.0}, []any{nil, 3.0})} {
		if err := r.AddBatch(b, false, nil); err != nil {
			t.Fatal(err)
		}
	}
	d := r.Data()
	if want := []string{"car-2", "car-10", "null"}; d.Scale != Category || !slices.Equal(d.Names, want) {
		t.Fatalf("names %q, want %q in scale %d", d.Names, want, Category)
	}
	if s := d.Series[0]; !slices.Equal(s.X, []float64{0, 1, 2}) || !slices.Equal(s.Y, []float64{7, 1, 3}) {
		t.Errorf("x %v, y %v: want the last value of each name", s.X, s.Y)
	}
	if err := r.AddBatch(batch(carFields, []any{"car-2", 9.0}), true, nil); err != nil || r.Data().Series[0].Y[0] != 7 {
		t.Errorf("an open window changed the bar that its name has: %v, %v", r.Data().Series[0], err)
	}
}

func TestTooManyNames(t *testing.T) {
	r := NewRing(Spec{Mark: Bar, X: "car", Y: "kmh"}, 0)
	for i := range maxNames + 10 {
		if err := r.AddBatch(batch(carFields, []any{fmt.Sprint("car-", i), float64(i)}), false, nil); err != nil {
			t.Fatal(err)
		}
	}
	d := r.Data()
	if len(d.Names) != maxNames || len(d.Series[0].X) != maxNames {
		t.Fatalf("%d names and %d points are kept, want %d", len(d.Names), len(d.Series[0].X), maxNames)
	}
	drawn := d.FirstNames(3)
	if want := []float64{0, 1, 2}; !slices.Equal(drawn.Series[0].Y, want) || len(d.Series[0].X) != maxNames {
		t.Errorf("the first three are %v, want %v, and the others untouched", drawn.Series[0].Y, want)
	}
}
