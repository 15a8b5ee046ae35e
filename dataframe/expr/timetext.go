package expr

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// directives are those of strftime and strptime, as Go's layouts say them.
var directives = map[byte]string{
	'Y': "2006", 'y': "06", 'm': "01", 'd': "02", 'e': "_2", 'j': "002", 'b': "Jan", 'B': "January", 'a': "Mon", 'A': "Monday",
	'H': "15", 'I': "03", 'p': "PM", 'M': "04", 'S': "05", 'f': "000000", 'z': "-0700", 'Z': "MST", 'F': "2006-01-02", 'T': "15:04:05",
}

func timeTexts() []function {
	text := []row.Kind{row.String, row.String}
	return []function{
		{name: "strftime", params: "t, pattern, zone", doc: "the time as text, by a pattern of %Y %m %d %H %M %S %f and others of strftime, in UTC or a zone", example: "strftime(_ts, '%Y-%m-%d')", forms: []overload{
			{in: []row.Kind{row.Time, row.String}, out: row.String, prepare: prepareStrftime},
			{in: []row.Kind{row.Time, row.String, row.String}, out: row.String, prepare: prepareStrftime}}},
		{name: "strptime", params: "s, pattern, zone", doc: "the time of a text, by a pattern as in strftime, in UTC or a zone unless %z says it; null if it does not fit", example: "strptime(path, '%d.%m.%Y %H:%M')", forms: []overload{
			{in: text, out: row.Time, prepare: prepareStrptime},
			{in: append(text, row.String), out: row.Time, prepare: prepareStrptime}}},
	}
}

// timePattern is what a time looks like: layouts of its parts, the texts around them, one more, and its zone.
type timePattern struct {
	texts, layouts []string
	zone           *time.Location
}

// patternOf is the literal pattern of a call, in UTC unless its third argument names a zone.
func patternOf(args []*step) (p timePattern, err error) {
	pattern, err := literalString(args, 1, "pattern")
	if err != nil {
		return p, err
	}
	p.zone = time.UTC
	if len(args) > 2 {
		if p.zone, err = location(args, 2); err != nil {
			return p, err
		}
	}
	return p, p.parse(pattern)
}

func (p *timePattern) parse(rest string) error {
	p.texts = []string{""}
	for {
		before, after, found := strings.Cut(rest, "%")
		p.texts[len(p.texts)-1] += before
		switch {
		case !found:
			return nil
		case after == "":
			return fmt.Errorf("its pattern ends in %%, want %%%% for the character itself")
		case after[0] == '%':
			p.texts[len(p.texts)-1] += "%"
		case directives[after[0]] == "":
			return fmt.Errorf("no %%%c in patterns of times (have %s)", after[0], haveDirectives())
		default:
			p.texts, p.layouts = append(p.texts, ""), append(p.layouts, directives[after[0]])
		}
		rest = after[1:]
	}
}

func haveDirectives() string {
	var all []string
	for d := range directives {
		all = append(all, "%"+string(d))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func prepareStrftime(args []*step) (kernel, error) {
	p, err := patternOf(args)
	if err != nil {
		return nil, err
	}
	var buf []byte
	return each1(func(us int64) string {
		t := time.UnixMicro(us).In(p.zone)
		buf = append(buf[:0], p.texts[0]...)
		for i, l := range p.layouts {
			if l == "000000" { // Go takes it for a fraction only behind seconds
				buf = fmt.Appendf(buf, "%06d", t.Nanosecond()/1000)
			} else {
				buf = t.AppendFormat(buf, l)
			}
			buf = append(buf, p.texts[i+1]...)
		}
		return string(buf)
	}), nil
}

func prepareStrptime(args []*step) (kernel, error) {
	p, err := patternOf(args)
	if err != nil {
		return nil, err
	}
	layout := p.texts[0]
	for i, l := range p.layouts {
		if l == "000000" && !strings.HasSuffix(layout, "05.") {
			return nil, fmt.Errorf("its pattern has %%f elsewhere than in %%S.%%f")
		}
		layout += l + p.texts[i+1]
	}
	layout = strings.ReplaceAll(layout, "05.000000", "05.999999999")
	if bad := strings.Trim(strings.Join(p.texts, ""), " -/:,.T'()[]"); bad != "" { // the rest could be read as parts of a layout
		return nil, fmt.Errorf("its pattern has %q between the parts of the time, want spaces, T, or one of - / : , . ' ( ) [ ]", bad)
	}
	return try1(func(s string) (int64, bool) {
		t, err := time.ParseInLocation(layout, s, p.zone)
		return t.UnixMicro(), err == nil
	}), nil
}
