package interp

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	cellreflect "github.com/riffle-stream/riffle/interp/reflect"
)

// Some of what fmt does with a format no value sees: it names types, counts operands, and puts spaces between those that
// are no strings. So formats with values of cells' types are read here, in the way of fmt, and their parts left to fmt.

// holdBoxes reports whether one of the operands is of a cell's type.
func holdBoxes(args []any) bool {
	return slices.ContainsFunc(args, nameless)
}

// nameless reports whether reflection does not know the name of the type of what a holds.
func nameless(a any) bool {
	switch bare(a).(type) {
	case box, conversionError:
		return true
	}
	return false
}

// A directive is one verb of a format with what belongs to it, as fmt would read it.
type directive struct {
	flags                  string
	width, precise         string // as digits, or ""
	verb                   rune
	operand                int  // -1: there is none
	bad                    bool // its index is
	badWidth, badPrecision bool
}

// A format is a format string being read.
type format struct {
	text      string
	args      []any
	at        int // of the text
	next      int // of the operands
	reordered bool
	ordered   bool // whether one was ever given an index
	good      bool // the last index was in range
	indexed   bool // the last thing read was an index
}

// shown are operands of which those that are a reflect.Value are printed as what it is of.
func shown(args []any) []any {
	for i, a := range args {
		if v, ok := a.(cellreflect.Value); ok {
			args = slices.Clone(args)
			args[i] = v.Shown()
		}
	}
	return args
}

// sprintf is fmt.Sprintf.
func sprintf(text string, args []any) string {
	args = shown(args)
	if !holdBoxes(args) {
		return fmt.Sprintf(text, args...)
	}
	f, out := &format{text: text, args: args}, strings.Builder{}
	for {
		literal, d, more := f.step()
		out.WriteString(literal)
		if !more {
			break
		}
		f.show(&out, d)
	}
	f.extra(&out)
	return out.String()
}

// errorf is fmt.Errorf.
func errorf(text string, args []any) error {
	args = shown(args)
	if !holdBoxes(args) {
		return fmt.Errorf(text, args...)
	}
	f, out, wrapped := &format{text: text, args: args}, strings.Builder{}, []any(nil)
	for {
		literal, d, more := f.step()
		out.WriteString(strings.ReplaceAll(literal, "%", "%%"))
		if !more {
			break
		}
		if d.verb == 'w' && d.operand >= 0 {
			out.WriteString("%w")
			wrapped = append(wrapped, args[d.operand])
			continue
		}
		var part strings.Builder
		f.show(&part, d)
		out.WriteString(strings.ReplaceAll(part.String(), "%", "%%"))
	}
	var extra strings.Builder
	f.extra(&extra)
	return fmt.Errorf(out.String()+strings.ReplaceAll(extra.String(), "%", "%%"), wrapped...)
}

// step reads up to the end of the next directive: the text before it, and itself.
func (f *format) step() (literal string, d directive, more bool) {
	var b strings.Builder
	for {
		i := strings.IndexByte(f.text[f.at:], '%')
		if i < 0 {
			b.WriteString(f.text[f.at:])
			f.at = len(f.text)
			return b.String(), d, false
		}
		b.WriteString(f.text[f.at : f.at+i])
		f.at += i + 1
		d = f.directive()
		if d.verb != '%' {
			return b.String(), d, true
		}
		b.WriteByte('%')
	}
}

// directive reads what follows a percent sign.
func (f *format) directive() (d directive) {
	f.good, f.indexed = true, false
	start := f.at
	for f.at < len(f.text) && strings.IndexByte("+-# 0", f.text[f.at]) >= 0 {
		f.at++
	}
	d.flags = f.text[start:f.at]
	f.index()
	d.width, d.badWidth = f.number(&d.flags)
	if f.at < len(f.text) && f.text[f.at] == '.' {
		f.at++
		if f.indexed {
			f.good = false
		}
		f.index()
		d.precise, d.badPrecision = f.number(nil)
		if d.precise == "" && !d.badPrecision {
			d.precise = "0"
		}
	}
	if !f.indexed {
		f.index()
	}
	return f.verb(d)
}

// number reads a width or precision, or takes it from an operand.
func (f *format) number(flags *string) (digits string, bad bool) {
	if f.at < len(f.text) && f.text[f.at] == '*' {
		f.at++
		return f.starred(flags)
	}
	start := f.at
	for f.at < len(f.text) && f.text[f.at] >= '0' && f.text[f.at] <= '9' {
		f.at++
	}
	if f.at > start && f.indexed { // %[3]2d
		f.good = false
	}
	return f.text[start:f.at], false
}

// starred is a number that an operand gives: negative it is a flag and a width, or no precision.
func (f *format) starred(flags *string) (digits string, bad bool) {
	f.indexed = false
	if f.next >= len(f.args) {
		return "", true
	}
	v := reflect.ValueOf(raw(f.args[f.next]))
	f.next++
	n := int64(-1 << 62)
	if v.CanInt() {
		n = v.Int()
	} else if v.CanUint() {
		n = int64(v.Uint())
	}
	switch {
	case n < -1e6 || n > 1e6:
		return "", true
	case n < 0 && flags != nil:
		*flags += "-"
		return strconv.FormatInt(-n, 10), false
	case n < 0:
		return "", true
	}
	return strconv.FormatInt(n, 10), false
}

// index reads an operand's number in brackets.
func (f *format) index() {
	if f.at >= len(f.text) || f.text[f.at] != '[' {
		f.indexed = false
		return
	}
	f.reordered = true
	end := strings.IndexByte(f.text[f.at:], ']')
	if end < 0 {
		f.good = false
		f.at++
		return
	}
	n, err := strconv.Atoi(f.text[f.at+1 : f.at+end])
	f.at += end + 1
	if err != nil || n < 1 || n > len(f.args) {
		f.good = false
		return
	}
	f.next, f.indexed = n-1, true
}

// verb reads the verb, and finds its operand.
func (f *format) verb(d directive) directive {
	d.operand = -1
	if f.at >= len(f.text) {
		return d
	}
	size := 0
	d.verb, size = utf8.DecodeRuneInString(f.text[f.at:])
	f.at += size
	switch {
	case d.verb == '%':
	case !f.good:
		d.bad = true
	case f.next < len(f.args):
		d.operand = f.next
		f.next++
	}
	return d
}

// show writes what a directive stands for.
func (f *format) show(w *strings.Builder, d directive) {
	if d.badWidth {
		w.WriteString("%!(BADWIDTH)")
	}
	if d.badPrecision {
		w.WriteString("%!(BADPREC)")
	}
	switch {
	case d.verb == 0:
		w.WriteString("%!(NOVERB)")
	case d.bad:
		fmt.Fprintf(w, "%%!%c(BADINDEX)", d.verb)
	case d.operand < 0:
		fmt.Fprintf(w, "%%!%c(MISSING)", d.verb)
	default:
		f.operand(w, d, f.args[d.operand])
	}
}

func (f *format) operand(w *strings.Builder, d directive, arg any) {
	text := "%" + d.flags + d.width
	if d.precise != "" {
		text += "." + d.precise
	}
	_, boxed := bare(arg).(box)
	switch {
	case nameless(arg) && d.verb == 'T':
		fmt.Fprintf(w, text+"s", dynamicName(arg))
	case boxed && d.verb == 'p':
		fmt.Fprintf(w, text+"p", raw(arg))
	default:
		fmt.Fprintf(w, text+string(d.verb), arg)
	}
}

// extra writes the operands that no verb took.
func (f *format) extra(w *strings.Builder) {
	if f.reordered || f.next >= len(f.args) {
		return
	}
	w.WriteString("%!(EXTRA ")
	for i, arg := range f.args[f.next:] {
		if i > 0 {
			w.WriteString(", ")
		}
		if arg == nil {
			w.WriteString("<nil>")
			continue
		}
		fmt.Fprintf(w, "%s=%v", dynamicName(arg), arg)
	}
	w.WriteByte(')')
}

// sprint is fmt.Sprint: spaces are between operands of which neither is a string.
func sprint(args []any) string {
	args = shown(args)
	if !holdBoxes(args) {
		return fmt.Sprint(args...)
	}
	var b strings.Builder
	before := true
	for i, a := range args {
		isString := a != nil && reflect.ValueOf(raw(a)).Kind() == reflect.String
		if i > 0 && !isString && !before {
			b.WriteByte(' ')
		}
		fmt.Fprint(&b, a)
		before = isString
	}
	return b.String()
}

// printers are the functions of fmt that print.
func (e *engine) printers() map[string]any {
	to := func(w io.Writer, text string) (int, error) { return io.WriteString(w, text) }
	return map[string]any{
		"Print":    func(a ...any) (int, error) { return to(e.stdio.out, sprint(a)) },
		"Sprint":   func(a ...any) string { return sprint(a) },
		"Fprint":   func(w io.Writer, a ...any) (int, error) { return to(e.stdio.sink(w), sprint(a)) },
		"Append":   func(b []byte, a ...any) []byte { return append(b, sprint(a)...) },
		"Printf":   func(f string, a ...any) (int, error) { return to(e.stdio.out, sprintf(f, a)) },
		"Sprintf":  func(f string, a ...any) string { return sprintf(f, a) },
		"Fprintf":  func(w io.Writer, f string, a ...any) (int, error) { return to(e.stdio.sink(w), sprintf(f, a)) },
		"Appendf":  func(b []byte, f string, a ...any) []byte { return append(b, sprintf(f, a)...) },
		"Errorf":   func(f string, a ...any) error { return errorf(f, a) },
		"Println":  func(a ...any) (int, error) { return fmt.Fprintln(e.stdio.out, shown(a)...) },
		"Sprintln": func(a ...any) string { return fmt.Sprintln(shown(a)...) },
		"Fprintln": func(w io.Writer, a ...any) (int, error) { return fmt.Fprintln(e.stdio.sink(w), shown(a)...) },
		"Appendln": func(b []byte, a ...any) []byte { return fmt.Appendln(b, shown(a)...) },
	}
}
