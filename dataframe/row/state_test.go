package row

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type celsius float64

// What was set is what is there, as the type that values of its kind have.
func TestStateGivesWhatWasSet(t *testing.T) {
	at := time.Date(2026, 11, 28, 1, 2, 3, 4, time.FixedZone("x", 3600))
	for _, c := range []struct{ set, want any }{
		{1.5, 1.5}, {float32(0.5), 0.5}, {math.Inf(-1), math.Inf(-1)}, {7, int64(7)}, {int8(-7), int64(-7)}, {uint16(7), int64(7)}, {uint64(math.MaxInt64), int64(math.MaxInt64)},
		{"", ""}, {"a", "a"}, {true, true}, {false, false}, {at, at}, {time.Minute, time.Minute}, {[]byte("b"), []byte("b")},
		{[]any{1.5, "x"}, []any{1.5, "x"}}, {Object{{"a", 1.5}}, Object{{"a", 1.5}}},
	} {
		var s State
		s.Set("x", c.set)
		before, _ := s.Value("x")
		s.Keep()
		after, ok := s.Value("x")
		if !ok || !cmp.Equal(c.want, before) || !cmp.Equal(c.want, after) || !cmp.Equal(Object{{"x", c.want}}, s.Values()) {
			t.Errorf("%T %v is %v when it is set and %v when it is kept", c.set, c.set, before, after)
		}
		if again := NewState(s.Values()); !cmp.Equal(s.Values(), again.Values()) {
			t.Errorf("%T %v is %v in another state", c.set, c.set, again.Values())
		}
		if s.Del("x"); s.Has("x") {
			t.Errorf("%T %v is there after it was deleted", c.set, c.set)
		}
		if s.Discard(); !s.Has("x") {
			t.Errorf("%T %v is gone, and its deletion was discarded", c.set, c.set)
		}
		s.Del("x")
		if s.Keep(); s.Has("x") || len(s.Values()) != 0 {
			t.Errorf("%T %v is there after it was deleted for good", c.set, c.set)
		}
	}
	for _, value := range []any{nil, uint64(math.MaxUint64), celsius(1), struct{}{}, map[string]int{}, &at, []float64{1}} {
		if said := message(func() { new(State).Set("x", value) }); said == "" {
			t.Errorf("%T %v was kept", value, value)
		}
	}
}

func message(fn func()) (said string) {
	defer func() {
		if err, ok := recover().(*AccessError); ok {
			said = err.Error()
		}
	}()
	fn()
	return ""
}

func TestStateReadAsAnotherKind(t *testing.T) {
	var s State
	s.Set("n", 3)
	s.Set("s", "three")
	if f := s.Float("n", 0); f != 3 {
		t.Errorf("an int is %v as a float", f)
	}
	for want, fn := range map[string]func(){
		`state "s" is string "three", read as float64`:                                                   func() { s.Float("s", 0) },
		`state "s" is string "three", read as int64`:                                                     func() { s.Int("s", 0) },
		`state "n" is int 3, read as string`:                                                             func() { s.Str("n", "") },
		`state "n" is int 3, read as bool`:                                                               func() { s.Bool("n", false) },
		`state "n" is int 3, read as time.Time`:                                                          func() { s.Time("n", time.Time{}) },
		`state "x" cannot keep row.celsius, want a number, string, bool, []byte, time, duration or list`: func() { s.Set("x", celsius(1)) },
	} {
		if got := message(fn); got != want {
			t.Errorf("it says %q, want %q", got, want)
		}
	}
}

// Equal states have equal bytes, in whatever order values came.
func TestStateIsInOrderOfNames(t *testing.T) {
	var s State
	for _, name := range []string{"b", "d", "a", "c", "e"} {
		s.Set(name, name)
	}
	s.Keep()
	s.Del("d")
	s.Keep()
	if d := cmp.Diff(Object{{"a", "a"}, {"b", "b"}, {"c", "c"}, {"e", "e"}}, s.Values()); d != "" {
		t.Errorf("values (-want +got):\n%s", d)
	}
}

// Functions set numbers for every row: that must not cost an allocation each.
func TestNumbersInStatesAreNotAllocated(t *testing.T) {
	var s State
	x := 1.5
	if n := testing.AllocsPerRun(100, func() {
		x++
		s.Set("x", x)
		s.Set("n", int64(x))
		s.Keep()
		x += s.Float("x", 0)
	}); n > 0 {
		t.Errorf("%v allocations a row, want none", n)
	}
}
