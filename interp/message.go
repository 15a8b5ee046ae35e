package interp

import (
	"fmt"
	"go/types"
	"reflect"
	"regexp"
	"runtime"
	"strings"
)

// message is what the Go run time prints for a panic value; of one whose own method panics, why it cannot.
func message(v any) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = unprintable + reasonless(r)
		}
	}()
	switch v := bare(v).(type) {
	case box:
		return boxMessage(v)
	case error:
		return indented(goText(v.Error()))
	case fmt.Stringer:
		return indented(v.String())
	case string:
		return indented(goText(v))
	case float32, float64, complex64, complex128, bool, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, uintptr:
		return fmt.Sprint(v)
	}
	return fmt.Sprintf("(%T) %+v", v, v)
}

const unprintable = "panic while printing panic value: "

// reasonless is what the run time says of a panic that came while it printed one.
func reasonless(v any) string {
	v, text := value(v), ""
	switch v := v.(type) {
	case string:
		text = v
	case error:
		text = v.Error()
	}
	switch own := goText(text); {
	case strings.HasPrefix(own, "runtime error: "):
		return "type runtime.errorString"
	case reflect.TypeOf(v) == typeOf[string]():
		return text
	}
	return "type " + dynamicName(v)
}

// indented is text as the run time prints it: behind each newline is a tab.
func indented(text string) string { return strings.ReplaceAll(text, "\n", "\n\t") }

const nilDereference = "runtime error: invalid memory address or nil pointer dereference"

// reflectTexts are what the interpreter and its reflection say instead of the Go run time.
var reflectTexts = []struct {
	has  *regexp.Regexp
	says string
}{
	{regexp.MustCompile(`^reflect: (slice|array|string) index out of range$`), "runtime error: index out of range"},
	{regexp.MustCompile(`^reflect\.Value\.Slice3?: (string )?slice index out of bounds$`), "runtime error: slice bounds out of range"},
	{regexp.MustCompile(`^reflect: call of reflect\.Value\.\w+ on (zero|ptr|interface|func) Value$`), nilDereference},
	{regexp.MustCompile(`^reflect\.Value\.Call: call of nil function$`), nilDereference},
	{regexp.MustCompile(`^reflect: Call using zero Value argument$`), nilDereference},
	{regexp.MustCompile(`^reflect: Method on nil interface value$`), nilDereference},
	{regexp.MustCompile(`^method not found: \w+$`), nilDereference},
	{regexp.MustCompile(`^reflect: reflect\.Value\.SetMapIndex.*$`), "assignment to entry in nil map"},
	{regexp.MustCompile(`^reflect\.MakeSlice: negative len$`), "runtime error: makeslice: len out of range"},
	{regexp.MustCompile(`^reflect\.MakeSlice: (negative cap|len > cap)$`), "runtime error: makeslice: cap out of range"},
	{regexp.MustCompile(`^runtime: allocation size out of range$`), "runtime error: makeslice: len out of range"},
	{regexp.MustCompile(`^reflect\.MakeChan: negative buffer size$`), "makechan: size out of range"},
	{regexp.MustCompile(`^reflect: (cannot convert slice with length \d+ to )(?:pointer to )?array( with length \d+)$`), "runtime error: ${1}array or pointer to array$2"},
}

func goText(text string) string {
	text = places.ReplaceAllString(text, "")
	for _, t := range reflectTexts {
		if t.has.MatchString(text) {
			return t.has.ReplaceAllString(text, t.says)
		}
	}
	return text
}

// thrown is the run time's own error with a text, where reflection's came or nothing else can say it.
func thrown(text string) error {
	if own, ok := strings.CutPrefix(text, "runtime error: "); ok {
		return worded(func() { badShift() }, own)
	}
	return worded(func() { var m map[int]int; m[0] = 0 }, text)
}

// worded is an error of the type that f panics with, which is that of a string.
func worded(f func(), text string) (err error) {
	defer func() {
		v := reflect.New(reflect.TypeOf(recover())).Elem()
		v.SetString(text)
		err = v.Interface().(error)
	}()
	f()
	return nil
}

// A conversionError stands for the run time's TypeAssertionError, which nobody else can fill.
type conversionError string

func (e conversionError) Error() string { return "interface conversion: " + string(e) }

// RuntimeError marks it as the run time's.
func (e conversionError) RuntimeError() {}

var _ runtime.Error = conversionError("")

// boxMessage is what the run time prints for a value of a cell's type.
func boxMessage(b box) string {
	t := b.kind.typ
	basic, ok := t.Underlying().(*types.Basic)
	switch {
	case b.has("Error"):
		return indented(b.call("Error").(string))
	case b.has("String"):
		return indented(b.call("String").(string))
	case ok && basic.Info()&types.IsString != 0:
		return fmt.Sprintf(`%s("%v")`, goName(t), b.Value)
	case ok:
		return fmt.Sprintf("%s(%s)", goName(t), strings.Trim(fmt.Sprint(b.Value), "()")) // complex numbers have their own
	}
	return fmt.Sprintf("(%s) %+v", goName(t), b)
}

// anything gives v for panic; nil becomes the error that the run time makes of it.
func anything(v any) any {
	if v == nil {
		return &runtime.PanicNilError{}
	}
	return out(v)
}
