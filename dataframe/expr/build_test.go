package expr

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// TestBuild gives the text of trees built from Go, which must be that of the same tree parsed.
func TestBuild(t *testing.T) {
	speed := Col("speed")
	for _, c := range []struct {
		e    Expr
		want string
	}{
		{speed.Mul(3.6), "speed * 3.6"},
		{speed.Add(1).Mul(2), "(speed + 1) * 2"},
		{speed.Sub(speed.Sub(1)), "speed - (speed - 1)"},
		{speed.Div(2).Mod(3).Pow(2), "(speed / 2 % 3) ** 2"},
		{Lit(-3).Pow(2), "(-3) ** 2"},
		{Lit(3).Neg(), "-3"},
		{Lit(2.5).Neg(), "-2.5"},
		{speed.Neg(), "-speed"},
		{speed.Gt(250).And(Col("gear").In(7, 8)), "speed > 250 and gear in [7, 8]"},
		{speed.Lt(1).Or(speed.Ge(2)).Not(), "not (speed < 1 or speed >= 2)"},
		{speed.Eq(nil), "speed == null"},
		{speed.Ne("a'b"), `speed != 'a\'b'`},
		{speed.Le(Col("engine.rpm")), "speed <= engine.rpm"},
		{speed.Else(0).Add(1), "(speed ?? 0) + 1"},
		{Col("Engine RPM"), "col('Engine RPM')"},
		{Col("in"), "col('in')"},
		{If(Col("b"), 1, nil), "if(b, 1, null)"},
		{Call("round", speed, 2), "round(speed, 2)"},
		{Lit(math.MinInt64), "-9223372036854775807 - 1"},
		{Lit(math.Inf(-1)), "float('-Inf')"},
		{Lit(math.NaN()), "float('NaN')"},
		{Lit(uint8(3)), "3"},
		{Lit([]byte{0, 'a'}), `b'\x00a'`},
		{Lit(true), "true"},
		{Lit("a\xffb"), "'a\uFFFDb'"},
		{Lit(90 * time.Second), "dur('1m30s')"},
		{Lit(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)), "time('2026-03-01T00:00:00Z')"},
	} {
		if c.e.String() != c.want {
			t.Errorf("got %s, want %s", c.e, c.want)
		}
		parsed, err := Parse(c.want)
		if err != nil || !parsed.Equal(c.e) {
			t.Errorf("%s parses to %s, %v", c.want, parsed, err)
		}
	}
}

func TestBuiltConstantsKeepTheirValue(t *testing.T) {
	b := oneRow(t)
	for _, v := range []any{int64(math.MinInt64), math.Inf(1), math.NaN(), 1e300, -0.0, "ä\x00'", []byte{255}, 1500 * time.Millisecond, time.UnixMicro(1).UTC()} {
		p, err := Compile(Lit(v), b.Schema)
		if err != nil {
			t.Errorf("%v: %v", v, err)
			continue
		}
		if got := p.Eval(b).Value(0); fmt.Sprint(got) != fmt.Sprint(v) {
			t.Errorf("%v gives %v", v, got)
		}
	}
}

func TestBuiltErrors(t *testing.T) {
	s := row.NewSchema(row.Field{Name: "speed", Kind: row.Float})
	for _, c := range []struct {
		e    Expr
		want string
		mark string
	}{
		{Col("speed").Mul(Col("gear")), `no column "gear" (have speed; a text has quotes: 'gear')`, "speed * gear\n        ^~~~"},
		{Lit(struct{}{}), `no function "unknown_constant" (Functions() lists what there is)`, "unknown_constant('struct {}')\n^~~~~~~~~~~~~~~~"},
	} {
		_, err := c.e.Check(s)
		e, ok := err.(*Error)
		if !ok || e.Error() != c.want || e.Caret() != c.mark {
			t.Errorf("got %v\n%s\nwant %s\n%s", err, e.Caret(), c.want, c.mark)
		}
	}
	if _, err := (Expr{}).Check(s); err == nil {
		t.Error("the zero Expr passes its check")
	}
}
