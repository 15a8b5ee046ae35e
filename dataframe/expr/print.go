package expr

import (
	"math"
	"strconv"
	"strings"
	"unicode"
)

// Precedences, from loose to tight. They are those of the parser, except that
// not takes a whole comparison, as in Python.
const (
	precOr      = 10
	precAnd     = 15
	precNot     = 17
	precCompare = 20
	precAdd     = 30
	precMul     = 60
	precNeg     = 90
	precPow     = 100
	precElse    = 500
	precPrimary = 1000
)

// precedence are the operators between two operands.
var precedence = map[string]int{
	"or": precOr, "and": precAnd,
	"==": precCompare, "!=": precCompare, "<": precCompare, "<=": precCompare, ">": precCompare, ">=": precCompare,
	"in": precCompare, "matches": precCompare, "contains": precCompare, "startsWith": precCompare, "endsWith": precCompare,
	"+": precAdd, "-": precAdd, "*": precMul, "/": precMul, "%": precMul, "**": precPow, "??": precElse,
}

// negatable are the operators that are written "a not in b".
var negatable = map[string]bool{"in": true, "matches": true, "contains": true, "startsWith": true, "endsWith": true}

// reserved words cannot be the name of a column but in col('...').
var reserved = map[string]bool{
	"true": true, "false": true, "nil": true, "null": true, "let": true, "not": true, "and": true, "or": true,
	"in": true, "matches": true, "contains": true, "startsWith": true, "endsWith": true,
}

// text is the canonical text of the tree.
func (n *node) text() string {
	var b strings.Builder
	n.print(&b)
	return b.String()
}

func (n *node) print(b *strings.Builder) {
	switch n.form {
	case literal:
		b.WriteString(literalText(n.value))
	case column:
		b.WriteString(columnText(n.name))
	case element:
		b.WriteByte('#')
	case list:
		printList(b, "[", n.args, "]")
	case member:
		n.printMember(b)
	case call:
		n.printCall(b)
	}
}

func printList(b *strings.Builder, open string, args []*node, end string) {
	b.WriteString(open)
	for i, a := range args {
		if i > 0 {
			b.WriteString(", ")
		}
		a.print(b)
	}
	b.WriteString(end)
}

func (n *node) printMember(b *strings.Builder) {
	n.args[0].within(b, !n.args[0].postfix())
	if plainName(n.name) {
		b.WriteByte('.')
		b.WriteString(n.name)
		return
	}
	b.WriteByte('[')
	b.WriteString(quote(n.name))
	b.WriteByte(']')
}

func (n *node) printCall(b *strings.Builder) {
	switch {
	case n.name == opIndex:
		n.args[0].within(b, !n.args[0].postfix())
		printList(b, "[", n.args[1:], "]")
	case infix(n):
		n.printInfix(b, n.name)
	case n.name == "not" && negatable[n.args[0].name] && infix(n.args[0]):
		n.args[0].printInfix(b, "not "+n.args[0].name)
	case n.name == "not":
		b.WriteString("not ")
		n.args[0].within(b, n.args[0].prec() < precPrimary)
	case n.name == "-":
		b.WriteString("-")
		n.args[0].within(b, n.args[0].prec() < precPow || n.args[0].name == "??")
	default:
		printList(b, n.name+"(", n.args, ")")
	}
}

func (n *node) printInfix(b *strings.Builder, sign string) {
	p := precedence[n.name]
	left, right := n.args[0].prec(), n.args[1].prec()
	wrapLeft, wrapRight := left < p, right <= p
	switch {
	case p == precCompare:
		wrapLeft = left <= p
	case p == precPow:
		wrapLeft, wrapRight = left <= p, right < p
	}
	n.args[0].within(b, wrapLeft || p != precElse && left == precElse)
	b.WriteString(" " + sign + " ")
	n.args[1].within(b, wrapRight || right == precElse)
}

// within prints the node, in parentheses if asked.
func (n *node) within(b *strings.Builder, wrap bool) {
	if wrap {
		b.WriteByte('(')
	}
	n.print(b)
	if wrap {
		b.WriteByte(')')
	}
}

// prec is how tight the node's own text holds together.
func (n *node) prec() int {
	switch {
	case n.form == literal && negative(n.value):
		return precNeg
	case infix(n):
		return precedence[n.name]
	case n.form == call && n.name == "not":
		if infix(n.args[0]) && negatable[n.args[0].name] {
			return precCompare
		}
		return precNot
	case n.form == call && n.name == "-":
		return precNeg
	}
	return precPrimary
}

// postfix says whether .name and [i] can follow the node's text as it is.
func (n *node) postfix() bool {
	return n.prec() == precPrimary && n.form != literal && n.form != list
}

func negative(v any) bool {
	switch x := v.(type) {
	case int64:
		return x < 0
	case float64:
		return math.Signbit(x)
	}
	return false
}

func literalText(v any) string {
	switch x := v.(type) {
	case bool:
		return strconv.FormatBool(x)
	case int64:
		return strconv.FormatInt(x, 10)
	case float64:
		return floatText(x)
	case string:
		return quote(x)
	case []byte:
		return "b" + quoteBytes(x)
	}
	return "null"
}

// floatText is the shortest text that reads back as the same float and does not look like an int.
func floatText(x float64) string {
	s := strconv.FormatFloat(x, 'g', -1, 64)
	if strings.ContainsAny(s, ".eIN") {
		return s
	}
	return s + ".0"
}

func columnText(name string) string {
	for part := range strings.SplitSeq(name, ".") {
		if !plainName(part) {
			return "col(" + quote(name) + ")"
		}
	}
	return name
}

// plainName says whether a name can stand without quotes.
func plainName(name string) bool {
	for i, r := range name {
		letter := r == '_' || r == '$' || unicode.IsLetter(r)
		if !letter && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return name != "" && !reserved[name]
}

// quote writes a string in single quotes, which need no escape inside Go strings.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range s {
		switch {
		case r == '\'' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			q := strconv.QuoteRune(r)
			b.WriteString(q[1 : len(q)-1])
		}
	}
	b.WriteByte('\'')
	return b.String()
}

const hexDigits = "0123456789abcdef"

func quoteBytes(s []byte) string {
	b := []byte{'\''}
	for _, c := range s {
		if c < ' ' || c > '~' || c == '\'' || c == '\\' {
			b = append(b, '\\', 'x', hexDigits[c>>4], hexDigits[c&15])
			continue
		}
		b = append(b, c)
	}
	return string(append(b, '\''))
}
