package expr

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/riffle-stream/riffle/dataframe/row"
)

func textFunctions() []function {
	two := []row.Kind{row.String, row.String}
	str1 := func(name, doc string, f func(string) string) function {
		return function{name: name, params: "s", doc: doc, example: name + "(driver)", forms: []overload{{in: oneStr, out: row.String, kernel: each1(f)}}}
	}
	trim := str1("trim", "without white space around it, or without the characters given", strings.TrimSpace)
	trim.params = "s, characters"
	trim.forms = append(trim.forms, overload{in: two, out: row.String, kernel: each2(strings.Trim)})
	return []function{
		str1("lower", "in lower case", strings.ToLower),
		str1("upper", "in upper case", strings.ToUpper),
		trim,
		{name: "len", params: "x", doc: "the number of characters, bytes or elements", example: "len(driver)", forms: []overload{
			{in: oneStr, out: row.Int, kernel: each1(func(s string) int64 { return int64(utf8.RuneCountInString(s)) })},
			{in: []row.Kind{row.Bytes}, out: row.Int, kernel: each1(func(s string) int64 { return int64(len(s)) })},
			{in: []row.Kind{row.List}, out: row.Int, kernel: each1(func(l any) int64 { list, _ := l.([]any); return int64(len(list)) })}}},
		{name: "substr", params: "s, start, length", doc: "the characters from start on, which counts from 0, or from the end if negative", example: "substr(car, 0, 2)", forms: []overload{
			{in: []row.Kind{row.String, row.Int, row.Int}, out: row.String, kernel: each3(substr)},
			{in: []row.Kind{row.String, row.Int}, out: row.String, kernel: each2(func(s string, from int64) string { return substr(s, from, 1<<62) })}}},
		{name: "replace", params: "s, old, new", doc: "with new in place of every old", example: "replace(car, '-', ' ')", forms: []overload{
			{in: []row.Kind{row.String, row.String, row.String}, out: row.String, kernel: replaceAll}}},
		{name: "lpad", params: "s, length, fill", doc: "with as much of fill, a character, before it that it is so long; what is longer stays", example: "lpad(car, 3, '0')", forms: []overload{
			{in: []row.Kind{row.String, row.Int, row.String}, out: row.String, prepare: preparePad(func(s, fill string) string { return fill + s })}}},
		{name: "rpad", params: "s, length, fill", doc: "with as much of fill, a character, behind it that it is so long; what is longer stays", example: "rpad(car, 3, ' ')", forms: []overload{
			{in: []row.Kind{row.String, row.Int, row.String}, out: row.String, prepare: preparePad(func(s, fill string) string { return s + fill })}}},
		{name: "split", params: "s, separator", doc: "the parts between separators, a list", example: "split(path, '/')[0]", forms: []overload{
			{in: two, out: row.List, kernel: each2(split)}}},
		{name: "extract", params: "s, pattern, group", doc: "what the first group of a regular expression matches, or the whole without one; null if it does not match", example: `extract(car, '([0-9]+)')`, forms: []overload{
			{in: two, out: row.String, prepare: prepareExtract}, {in: []row.Kind{row.String, row.String, row.Int}, out: row.String, prepare: prepareExtract}}},
		{name: "concat", params: "a", doc: "the texts of the values, one behind the other", example: "concat(car, '-', lap)", forms: []overload{
			{in: []row.Kind{each}, rest: true, out: row.String, kernel: concat}}},
		{name: "format", params: "pattern, value", doc: "the pattern with values in place of {}, or {:.2f} with that many digits", example: "format('{} at {:.1f} km/h', car, kmh)", forms: []overload{
			{in: []row.Kind{row.String, each}, rest: true, out: row.String, prepare: prepareFormat}}},
	}
}

// textOperators are the operators on strings.
func textOperators() []function {
	two := []row.Kind{row.String, row.String}
	test := func(name string, f func(s, sub string) bool) function {
		return function{name: name, forms: []overload{{in: two, out: row.Bool, kernel: each2(func(a, b string) byte { return bit(f(a, b)) })}}}
	}
	return []function{
		test("contains", strings.Contains), test("startsWith", strings.HasPrefix), test("endsWith", strings.HasSuffix),
		{name: "matches", forms: []overload{{in: two, out: row.Bool, prepare: prepareMatches}}},
	}
}

// substr is length characters from start on; a negative start counts from the end.
func substr(s string, start, length int64) string {
	if start < 0 {
		start += int64(utf8.RuneCountInString(s))
		if start < 0 { // before the beginning, as in Polars
			length, start = length+start, 0
		}
	}
	from := runeByte(s, start)
	return s[from : from+runeByte(s[from:], length)]
}

// runeByte is the byte where character n begins, or the length.
func runeByte(s string, n int64) int {
	if n >= int64(len(s)) {
		return len(s)
	}
	for i := range s {
		if n <= 0 {
			return i
		}
		n--
	}
	return len(s)
}

// maxText bounds what a replacement may make of a text: nested ones multiply.
const maxText = 16 << 20

// replaceAll replaces; a text that would grow past maxText is null, counted as an overflow.
func replaceAll(s *step, n int) {
	in, m := arg[string](s, 0)
	old, om := arg[string](s, 1)
	by, bm := arg[string](s, 2)
	for i := range s.own.Strs {
		text, from, to := in[i&m], old[i&om], by[i&bm]
		if len(to) > len(from) && len(text)+strings.Count(text, from)*(len(to)-len(from)) > maxText {
			s.own.Strs[i] = ""
			s.overflow(i, n)
			continue
		}
		s.own.Strs[i] = strings.ReplaceAll(text, from, to)
	}
}

// maxPad bounds how long padding makes a text.
const maxPad = 10_000

// preparePad fills texts up to a length, both literals.
func preparePad(put func(s, fill string) string) func(args []*step) (kernel, error) {
	return func(args []*step) (kernel, error) {
		fill, err := literalString(args, 2, "fill")
		if err == nil && utf8.RuneCountInString(fill) != 1 {
			err = fmt.Errorf("its fill is %q, want one character", fill)
		}
		if err == nil && (!args[1].one || args[1].vec.IsNull(0) || args[1].vec.Ints[0] < 0 || args[1].vec.Ints[0] > maxPad) {
			err = fmt.Errorf("its length must be a literal number from 0 to %d", maxPad)
		}
		if err != nil {
			return nil, err
		}
		length := int(args[1].vec.Ints[0])
		return each1(func(s string) string {
			return put(s, strings.Repeat(fill, max(0, length-utf8.RuneCountInString(s))))
		}), nil
	}
}

func split(s, sep string) any {
	parts := strings.Split(s, sep)
	list := make([]any, len(parts))
	for i, p := range parts {
		list[i] = p
	}
	return list
}

// literalString is argument i if it is a literal string.
func literalString(args []*step, i int, what string) (string, error) {
	if !args[i].one || args[i].vec.IsNull(0) {
		return "", fmt.Errorf("its %s must be a literal such as 'x'", what)
	}
	return args[i].vec.Strs[0], nil
}

func pattern(args []*step) (*regexp.Regexp, error) {
	text, err := literalString(args, 1, "pattern")
	if err != nil {
		return nil, err
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, fmt.Errorf("%q is not a regular expression: %s", text, strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	return re, nil
}

func prepareMatches(args []*step) (kernel, error) {
	re, err := pattern(args)
	if err != nil {
		return nil, err
	}
	return each1(func(s string) byte { return bit(re.MatchString(s)) }), nil
}

func prepareExtract(args []*step) (kernel, error) {
	re, err := pattern(args)
	if err != nil {
		return nil, err
	}
	group := min(1, re.NumSubexp())
	if len(args) == 3 {
		if !args[2].one {
			return nil, fmt.Errorf("its group must be a literal number")
		}
		group = int(args[2].vec.Ints[0])
	}
	if group < 0 || group > re.NumSubexp() {
		return nil, fmt.Errorf("the pattern has %d groups, no group %d", re.NumSubexp(), group)
	}
	return try1(func(s string) (string, bool) {
		m := re.FindStringSubmatchIndex(s)
		if m == nil || m[2*group] < 0 {
			return "", false
		}
		return s[m[2*group]:m[2*group+1]], true
	}), nil
}

func concat(s *step, n int) {
	var b strings.Builder
	for i := range s.own.Strs {
		b.Reset()
		for _, a := range s.args {
			at := i
			if a.one {
				at = 0
			}
			b.WriteString(textAt(a.vec, at))
		}
		s.own.Strs[i] = b.String()
	}
}

// prepareFormat reads the pattern once: texts, and between them the digits of each value, -1 for all.
func prepareFormat(args []*step) (kernel, error) {
	text, err := literalString(args, 0, "pattern")
	if err != nil {
		return nil, err
	}
	texts, digits, err := readFormat(text)
	if err != nil {
		return nil, err
	}
	if len(digits) != len(args)-1 {
		return nil, fmt.Errorf("the pattern has %d places {} for %d values", len(digits), len(args)-1)
	}
	return func(s *step, n int) {
		var b strings.Builder
		for i := range s.own.Strs {
			b.Reset()
			b.WriteString(texts[0])
			for k, d := range digits {
				a, at := s.args[k+1], i
				if a.one {
					at = 0
				}
				b.WriteString(formatted(a.vec, at, d))
				b.WriteString(texts[k+1])
			}
			s.own.Strs[i] = b.String()
		}
	}, nil
}

func readFormat(text string) (texts []string, digits []int, err error) {
	for {
		before, rest, found := strings.Cut(text, "{")
		texts = append(texts, before)
		if !found {
			return texts, digits, nil
		}
		spec, after, closed := strings.Cut(rest, "}")
		n := -1
		if spec != "" {
			number, ok := strings.CutSuffix(strings.TrimPrefix(spec, ":."), "f")
			n, err = strconv.Atoi(number)
			if !ok || err != nil || n < 0 || n > 20 {
				closed = false
			}
		}
		if !closed {
			return nil, nil, fmt.Errorf("%q in the pattern is not {} or {:.2f}", "{"+spec)
		}
		digits = append(digits, n)
		text = after
	}
}

func formatted(v *row.Vec, i, digits int) string {
	if digits >= 0 {
		switch x := v.Value(i).(type) {
		case float64:
			return strconv.FormatFloat(x, 'f', digits, 64)
		case int64:
			return strconv.FormatFloat(float64(x), 'f', digits, 64)
		}
	}
	return textAt(v, i)
}
