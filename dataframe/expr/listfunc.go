package expr

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/riffle-stream/riffle/dataframe/row"
)

func listFunctions() []function {
	list, list1, two := row.List, []row.Kind{row.List}, []row.Kind{row.String, row.String}
	// Elements may be of any kind, and so may what is made of them.
	of := func(name, doc string, f func([]any) (any, found)) function {
		return function{name: name, params: "items", doc: doc, example: name + "(laps)", forms: []overload{{in: list1, out: row.Any, kernel: ofList(f)}}}
	}
	made := func(name, doc string, f func([]any) []any) function {
		g := each1(func(l any) any { elements, _ := l.([]any); return f(elements) })
		return function{name: name, params: "items", doc: doc, example: name + "(tags)", forms: []overload{{in: list1, out: list, kernel: g}}}
	}
	mean := function{name: "mean", params: "items", doc: "the mean of the elements that are numbers, which all but nulls must be; null without any", example: "mean(laps)", forms: []overload{
		{in: list1, out: row.Float, kernel: ofList(meanOf)}}}
	return []function{
		{name: "join", params: "items, separator", doc: "the texts of the elements with the separator between them", example: "join(tags, ', ')", forms: []overload{
			{in: []row.Kind{list, row.String}, out: row.String, kernel: each2(join)}}},
		of("sum", "the sum of the elements, which are numbers; nulls are passed over, 0 without any", sumOf), mean,
		of("min", "the least element; nulls are passed over, NaN if one is NaN", extremeOf(-1)),
		of("max", "the greatest element; nulls are passed over, NaN if one is NaN", extremeOf(1)),
		of("first", "the first element, which may be null; null without any", place(0)),
		of("last", "the last element, which may be null; null without any", place(-1)),
		made("sort", "the elements from the least to the greatest: nulls first, then conditions, numbers, NaN, texts, times, and others as they came", sorted),
		made("unique", "the elements without those that came before", unique),
		made("reverse", "the elements from the last to the first", reversed),
		made("flatten", "the elements, and those of lists among them in their place", flat),
		{name: "slice", params: "items, start, length", doc: "the elements from start on, which counts from 0, or from the end if negative", example: "slice(laps, -3)", forms: []overload{
			{in: []row.Kind{list, row.Int, row.Int}, out: list, kernel: each3(slice)},
			{in: []row.Kind{list, row.Int}, out: list, kernel: each2(func(l any, from int64) any { return slice(l, from, math.MaxInt32) })}}},
		{name: "index", params: "x, part", doc: "the place of the first element that is equal, or of the first such text, from 0; null if it is not there", example: "index(tags, 'wet')", forms: []overload{
			{in: []row.Kind{list, each}, out: row.Int, kernel: indexes}, {in: two, out: row.Int, kernel: try2(indexOf)}}},
	}
}

// found says what there is of a list.
type found uint8

const (
	someValue found = iota
	noValue         // nothing to make it of
	unfit           // elements of kinds of which it cannot be made
	overflows       // an int that does not fit
)

// ofList makes a value of each list.
func ofList[R any](f func([]any) (R, found)) kernel {
	return func(s *step, n int) {
		lists, m := arg[any](s, 0)
		out := values[R](&s.own)
		for i := range out {
			l, _ := lists[i&m].([]any)
			v, what := f(l)
			out[i] = v
			switch what {
			case noValue:
				s.null(i, n)
			case unfit:
				s.misfit(i, n)
			case overflows:
				s.overflow(i, n)
			}
		}
	}
}

// place is the element at i, counted from the end if negative.
func place(i int64) func([]any) (any, found) {
	return func(l []any) (any, found) {
		if v, ok := elementAt(l, i); ok {
			return v, someValue
		}
		return nil, noValue
	}
}

func join(list any, sep string) string {
	l, _ := list.([]any)
	texts := make([]string, len(l))
	for i, v := range l {
		texts[i] = textOf(v)
	}
	return strings.Join(texts, sep)
}

// sumOf adds ints as ints, and with floats among them as floats.
func sumOf(l []any) (any, found) {
	whole, part, floats := int64(0), 0.0, false
	for _, v := range l {
		switch x := v.(type) {
		case nil:
		case int64:
			next := whole + x
			if (whole^next)&(x^next) < 0 {
				return nil, overflows
			}
			whole = next
		case float64:
			part, floats = part+x, true
		default:
			return nil, unfit
		}
	}
	if floats {
		return part + float64(whole), someValue
	}
	return whole, someValue
}

func meanOf(l []any) (float64, found) {
	n, sum := 0, 0.0
	for _, v := range l {
		switch x := v.(type) {
		case nil:
			continue
		case int64:
			sum += float64(x)
		case float64:
			sum += x
		default:
			return 0, unfit
		}
		n++
	}
	if n == 0 {
		return 0, noValue
	}
	return sum / float64(n), someValue
}

// extremeOf is the least element for sign -1, the greatest for 1.
func extremeOf(sign int) func([]any) (any, found) {
	return func(l []any) (any, found) {
		var best any
		for _, v := range l {
			switch {
			case v == nil || isNaN(best) && rankOf(v) == rankNumber:
			case rankOf(v) == rankNone, best != nil && !comparable(best, v):
				return nil, unfit
			case best == nil, isNaN(v), sign*compareElements(v, best) > 0:
				best = v
			}
		}
		if best == nil {
			return nil, noValue
		}
		return best, someValue
	}
}

// comparable says whether two elements are of one kind, or numbers.
func comparable(a, b any) bool {
	x, y := rankOf(a), rankOf(b)
	return x == y || max(x, y) == rankNaN && min(x, y) == rankNumber
}

// The order between elements of different kinds.
const (
	rankNull = iota
	rankBool
	rankNumber
	rankNaN
	rankText
	rankTime
	rankDuration
	rankNone
)

func rankOf(v any) int {
	switch x := v.(type) {
	case nil:
		return rankNull
	case bool:
		return rankBool
	case int64:
		return rankNumber
	case float64:
		if x != x {
			return rankNaN
		}
		return rankNumber
	case string:
		return rankText
	case time.Time:
		return rankTime
	case time.Duration:
		return rankDuration
	}
	return rankNone
}

func isNaN(v any) bool { return rankOf(v) == rankNaN }

// compareElements orders two elements: those of one kind by their values.
func compareElements(a, b any) int {
	if c := cmp.Compare(rankOf(a), rankOf(b)); c != 0 {
		return c
	}
	switch x := a.(type) {
	case bool:
		return cmp.Compare(bit(x), bit(b.(bool)))
	case string:
		return cmp.Compare(x, b.(string))
	case time.Time:
		return x.Compare(b.(time.Time))
	case time.Duration:
		return cmp.Compare(x, b.(time.Duration))
	case int64:
		if y, ok := b.(int64); ok {
			return cmp.Compare(x, y)
		}
		return compareMixed(x, b.(float64))
	case float64:
		if y, ok := b.(int64); ok {
			return -compareMixed(y, x)
		}
		return cmp.Compare(x, b.(float64)) // NaN has a rank of its own
	}
	return 0
}

func sorted(l []any) []any {
	out := slices.Clone(l)
	slices.SortStableFunc(out, compareElements)
	return out
}

// unique keeps the first of equal elements. 1 equals 1.0, and here NaN itself, as where rows are grouped.
func unique(l []any) []any {
	seen := make(map[string]bool, len(l))
	out := make([]any, 0, len(l))
	var buf []byte
	for _, v := range l {
		key := v
		if x, ok := v.(float64); ok && x == math.Trunc(x) {
			if whole, fits := cutFloat(x); fits {
				key = whole
			}
		}
		buf = appendValue(buf[:0], key)
		if !seen[string(buf)] {
			seen[string(buf)] = true
			out = append(out, v)
		}
	}
	return out
}

func reversed(l []any) []any {
	out := slices.Clone(l)
	slices.Reverse(out)
	return out
}

func flat(l []any) []any {
	out := make([]any, 0, len(l))
	for _, v := range l {
		if inner, ok := v.([]any); ok {
			out = append(out, inner...)
			continue
		}
		out = append(out, v)
	}
	return out
}

// slice is length elements from start on; a negative start counts from the end.
func slice(list any, start, length int64) any {
	l, _ := list.([]any)
	n := int64(len(l))
	if start < 0 {
		start += n
		if start < 0 { // before the beginning, as in Polars
			length, start = length+start, 0
		}
	}
	start = min(start, n)
	return l[start : start+min(max(length, 0), n-start)]
}

func indexes(s *step, n int) {
	lists, m := arg[any](s, 0)
	for i := range s.own.Ints {
		at := i
		if s.args[1].one {
			at = 0
		}
		l, _ := lists[i&m].([]any)
		x := s.args[1].vec.Value(at)
		found := slices.IndexFunc(l, func(e any) bool { return same(e, x) })
		s.own.Ints[i] = int64(found)
		if found < 0 {
			s.null(i, n)
		}
	}
}

// indexOf is how many characters stand before a part; false: it is not there.
func indexOf(s, part string) (int64, bool) {
	before, _, found := strings.Cut(s, part)
	return int64(utf8.RuneCountInString(before)), found
}
