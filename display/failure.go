package display

import (
	"fmt"
	"strings"
)

// Loud is a line of a traceback that must be seen first. It is bold without a colour: JupyterLab's dark theme shows bold
// red as dark red on dark red.
func Loud(s string) string { return bold + s + plain }

// Caret is what points at a place in a traceback.
const Caret = red + "^" + plain

// Failure is an error in a source, shown with the lines around it and a caret.
type Failure struct {
	Name    string // such as "compile error"
	Message string // what was seen, what was expected, what to do; may have lines
	Where   string // such as "cell 3"; may be empty
	Source  string // the whole of the source, or "" to show none of it
	Line    int    // from 1; 0: not known
	Column  int    // from 1, in bytes, as go/token counts; 0: not known
	Length  int    // of what the caret underlines, in bytes; 0 is one character
	Notes   []string
}

// around is the number of source lines shown above and below.
const around = 2

// Colours of a terminal, for Jupyter's traceback, which has no others. They are of the theme's own palette.
const (
	red   = "\x1b[31m"
	faint = "\x1b[2m"
	bold  = "\x1b[1m"
	plain = "\x1b[0m"
)

// Traceback is the failure as lines with colours, for the error message of Jupyter's protocol.
func (f Failure) Traceback() []string { return f.lines(true) }

// String is the failure as text without colours.
func (f Failure) String() string { return strings.Join(f.lines(false), "\n") }

// Bundle is the failure as text.
func (f Failure) Bundle() Bundle { return Text(f.String()) }

// Error is the first line of [Failure.Traceback] without colours, so that a Failure is an error.
func (f Failure) Error() string { return f.title() + Visible(f.Message) }

func (f Failure) title() string {
	s := ""
	if name := Visible(f.Name); name != "" {
		s = name + ": "
	}
	where := Visible(f.Where)
	if f.Line > 0 {
		where = strings.TrimPrefix(where+fmt.Sprintf(":%d", f.Line), ":")
		if f.Column > 0 {
			where += fmt.Sprintf(":%d", f.Column)
		}
	}
	if where != "" {
		s += where + ": "
	}
	return s
}

func (f Failure) lines(colours bool) []string {
	paint := func(colour, s string) string {
		if !colours || s == "" {
			return s
		}
		return colour + s + plain
	}
	message := strings.Split(cutText(VisibleLines(f.Message)), "\n")
	out := []string{paint(bold, strings.TrimSuffix(f.title(), " ")) + space(f.title()) + message[0]}
	out = append(out, message[1:]...)
	if excerpt := f.excerpt(paint); len(excerpt) > 0 {
		out = append(append(append(out, ""), excerpt...), "")
	}
	for _, n := range f.Notes {
		out = append(out, strings.Split(cutText(VisibleLines(n)), "\n")...)
	}
	if last := len(out) - 1; out[last] == "" {
		out = out[:last]
	}
	return out
}

func space(title string) string {
	if title == "" {
		return ""
	}
	return " "
}

// excerpt is the lines around the place, numbered, with a caret below the place.
func (f Failure) excerpt(paint func(colour, s string) string) []string {
	source := strings.Split(f.Source, "\n")
	if f.Source == "" || f.Line < 1 || f.Line > len(source) {
		return nil
	}
	first, last := max(1, f.Line-around), min(len(source), f.Line+around)
	for last > f.Line && strings.TrimSpace(source[last-1]) == "" {
		last--
	}
	digits := len(fmt.Sprint(last))
	var out []string
	for n := first; n <= last; n++ {
		text, from, length := f.window(source[n-1], n == f.Line)
		if n != f.Line {
			out = append(out, paint(faint, fmt.Sprintf("  %*d │ ", digits, n))+text)
			continue
		}
		out = append(out, paint(red, fmt.Sprintf("> %*d │ ", digits, n))+text)
		if f.Column > 0 {
			out = append(out, paint(faint, strings.Repeat(" ", digits+3)+"│ ")+
				strings.Repeat(" ", from)+paint(red, strings.Repeat("^", length)))
		}
	}
	return out
}

const sourceWidth = 120 // terminal columns of a source line

// window is a source line as it is seen and, in terminal columns, where the caret stands and how long
// it is. Of a long line the part with the caret is kept.
func (f Failure) window(line string, here bool) (text string, from, length int) {
	line = strings.TrimSuffix(line, "\r")
	start := min(max(f.Column-1, 0), len(line))
	end := min(start+max(f.Length, 0), len(line))
	if !here {
		start, end = 0, 0
	}
	before, at := source(line[:start]), source(line[start:end])
	from, length = width(before), max(1, width(at))
	text = before + source(line[start:])
	if from+length > sourceWidth && here {
		skip := cutLeft(before, sourceWidth/2)
		text, from = skip+source(line[start:]), width(skip)
	}
	return cut(text, sourceWidth), from, min(length, max(1, sourceWidth-from))
}

// source is source text with tabs as four spaces.
func source(s string) string { return Visible(strings.ReplaceAll(s, "\t", "    ")) }

// cutLeft keeps the last n columns of s, the first of them "…".
func cutLeft(s string, n int) string {
	w := width(s)
	if w <= n {
		return s
	}
	return terminal().TruncateLeft(s, w-n+1, gap)
}
