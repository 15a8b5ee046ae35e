package expr

import (
	"strings"

	"github.com/expr-lang/expr/parser/lexer"
)

// ParseColumn reads "name = expression" or an expression alone, which is then
// named by itself if it is a column, mean_kmh if it is mean(kmh), and else by
// its text. The error is an [*Error].
func ParseColumn(src string) (name string, e Expr, err error) {
	name, rest, err := cutName(src)
	if err != nil {
		return "", Expr{}, err
	}
	root, err := parse(rest)
	if err != nil {
		return "", Expr{}, withSource(err, src)
	}
	if name == "" {
		name = defaultName(root)
	}
	return name, Expr{root, src}, nil
}

// ParseCall reads "avg = mean(kmh)", "n = count()" or "max(kmh)", whose name is
// max_kmh: a function of any name, which stands alone, and its arguments. The
// error is an [*Error].
func ParseCall(src string) (name, fn string, args []Expr, err error) {
	name, rest, err := cutName(src)
	if err != nil {
		return "", "", nil, err
	}
	t, bad := scan(rest)
	if bad != nil {
		return "", "", nil, withSource(bad, src)
	}
	first := t.starting(len(rest) - len(strings.TrimLeft(rest, " ")))
	if t.list[first].Kind != lexer.Identifier || !t.is(first+1, "(") || t.match[first+1] != t.last() {
		if _, err := parse(rest); err != nil {
			return "", "", nil, withSource(err, src)
		}
		return "", "", nil, &Error{Src: src, Len: len(src), Msg: "is not an aggregate such as mean(kmh) or count()", Hint: "With behind Agg computes with what aggregates give"}
	}
	fn = t.list[first].Value
	roots, err := parseArgs(t, first+1)
	if err != nil {
		return "", "", nil, withSource(err, src)
	}
	for _, r := range roots {
		args = append(args, Expr{r, src})
	}
	if name == "" {
		name = defaultName(&node{form: call, name: fn, args: roots})
	}
	return name, fn, args, nil
}

// parseArgs reads what stands in the bracket at token i as a list, every byte in its place.
func parseArgs(t *tokens, i int) ([]*node, error) {
	text := []byte(t.src)
	for k := range text[:t.begin(i)] {
		text[k] = ' '
	}
	text[t.begin(i)], text[t.begin(t.match[i])] = '[', ']'
	root, err := parse(string(text))
	if err != nil {
		return nil, err
	}
	return root.args, nil
}

// cutName takes "name =" off the front and leaves blanks in its place, so that
// every position stays; no name is "".
func cutName(src string) (name, rest string, err error) {
	if err := limits(src); err != nil {
		return "", "", err
	}
	head, _, found := strings.Cut(src, "=")
	if !found || strings.HasPrefix(src[len(head):], "==") || strings.ContainsAny(head, "()<>!") {
		return "", src, nil
	}
	name, ok := readName(strings.TrimSpace(head))
	if !ok {
		return "", "", &Error{Src: src, Len: len(head), Msg: "is not a name", Hint: "such as kmh = speed * 3.6, or 'top speed' = max(speed)"}
	}
	return name, strings.Repeat(" ", len(head)+1) + src[len(head)+1:], nil
}

// readName is a plain or dotted name, or any name in quotes.
func readName(s string) (string, bool) {
	if len(s) > 2 && (s[0] == '\'' || s[0] == '"') {
		root, err := parse(s)
		if err != nil {
			return "", false
		}
		name, ok := root.value.(string)
		return name, ok && name != ""
	}
	for part := range strings.SplitSeq(s, ".") {
		if !plainName(part) && !reserved[part] {
			return "", false
		}
	}
	return s, true
}

// defaultName is what a column is called if nobody names it.
func defaultName(n *node) string {
	switch {
	case n.form == column:
		return n.name
	case n.form == call && len(n.args) == 0:
		return n.name
	case n.form == call && len(n.args) == 1 && n.args[0].form == column && plainName(n.name) && n.name != "not":
		return n.name + "_" + n.args[0].name
	}
	return n.text()
}

// withSource puts the whole text into an error whose positions hold for it.
func withSource(err error, src string) error {
	if e, ok := err.(*Error); ok {
		e.Src = src
	}
	return err
}
