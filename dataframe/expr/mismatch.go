package expr

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// errKinds says that no form of a function takes arguments of these kinds.
var errKinds = errors.New("the kinds do not fit")

// wanted is what an operator takes.
var wanted = map[string]string{
	"and": "two conditions", "or": "two conditions", "not": "a condition",
	"==": "two values of one kind", "!=": "two values of one kind",
	"<": "two numbers, strings or times", "<=": "two numbers, strings or times",
	">": "two numbers, strings or times", ">=": "two numbers, strings or times",
	"matches": "two strings", "contains": "two strings", "startsWith": "two strings", "endsWith": "two strings",
	"??": "two values of one kind", opIf: "a condition and two values of one kind", opIndex: "a list and an int",
}

// mismatch is the error for arguments whose kinds a function does not take.
func mismatch(n *node, f *function, kinds []row.Kind) *Error {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.String()
	}
	want, ok := wanted[n.name]
	switch {
	case infix(n):
		if !ok {
			want = "two numbers"
		}
		return fault(n, repair(n, kinds), "%s: %s %s %s, want %s", n.text(), names[0], n.name, names[1], want)
	case n.name == "-" && len(kinds) == 1:
		return fault(n, "", "%s: -%s, want a number", n.text(), names[0])
	case n.name == "not" && len(kinds) == 1:
		return fault(n, repair(n, kinds), "%s: not %s, want a condition", n.text(), names[0])
	case !ok:
		want = strings.ReplaceAll(f.signature(), "\n", " or ")
	}
	got := strings.Join(names, ", ")
	if got == "" {
		got = "nothing"
	}
	return fault(n, asText(n, f, kinds), "%s: %s(%s), want %s", n.text(), n.name, got, want)
}

// asText says how an argument becomes the text that a function takes.
func asText(n *node, f *function, kinds []row.Kind) string {
	for i, k := range kinds {
		other := func(form overload) bool { return i >= len(form.in) || form.in[i] != row.String }
		if k != row.String && !slices.ContainsFunc(f.forms, other) {
			return fmt.Sprintf("string(%s) is text", n.args[i].text())
		}
	}
	return ""
}

// sameKind says how a text and a number are compared: by the quotes of the one that is written out.
func sameKind(n *node) string {
	for _, arg := range n.args {
		if text, ok := arg.value.(string); ok {
			if _, err := strconv.ParseFloat(text, 64); err == nil {
				return "a number has no quotes: " + text
			}
		}
		switch arg.value.(type) {
		case int64, float64:
			return fmt.Sprintf("a text has quotes: '%s'", arg.text())
		}
	}
	return "or float(...) of the string"
}

// repair says what was perhaps meant by an operator on kinds that it does not take.
func repair(n *node, kinds []row.Kind) string {
	a, b := n.args[0].text(), n.args[len(n.args)-1].text()
	has := func(k row.Kind) bool { return slices.Contains(kinds, k) }
	switch {
	case wanted[n.name] == "two conditions" || n.name == "not":
		for i, k := range kinds {
			if k.Numeric() {
				return fmt.Sprintf("such as %s > 0", n.args[i].text())
			}
		}
	case n.name == "+" && has(row.String):
		return fmt.Sprintf("or concat(%s, %s)", a, b)
	case precedence[n.name] == precCompare && has(row.Time) && has(row.String):
		return "or time('2026-01-31T12:00:00Z')"
	case precedence[n.name] == precCompare && has(row.Time) && has(row.Int):
		return "a time is written time('2026-01-31')"
	case precedence[n.name] == precCompare && has(row.Duration):
		return "or dur('10s')"
	case precedence[n.name] == precCompare && has(row.String) && (has(row.Int) || has(row.Float)):
		return sameKind(n)
	case has(row.Time) && (has(row.Int) || has(row.Float)):
		return "or dur('10s')"
	}
	return ""
}
