package codec

import (
	"strings"

	"github.com/riffle-stream/riffle/codec/jsontext"
)

// level is one object of a record: the names of its members, and what is
// wanted of each. Names come to be known as records show them. Records of a
// topic have their members in much the same order, so each name remembers
// which one followed it last, and is compared with that first.
type level struct {
	wants []want
	names map[string]*member
	head  member // its next is the member that came first
	other member // any name beyond maxNames that is not wanted
	row   uint64 // the row in which the object was last met
}

// want is a column whose value lies in an object, under what is left of its path.
type want struct {
	path   string
	column int
}

// member is a name of a level.
type member struct {
	quoted string  // as it stands in a record, with its colon
	next   *member // what followed last time
	column int     // the column of that name, or -1
	child  *level  // if columns lie in the object of that name
}

// maxNames bounds how many names a level remembers only to skip them faster.
const maxNames = 1000

func newLevel(wants []want) *level {
	return &level{wants: wants, names: map[string]*member{}, other: member{column: -1}}
}

// wantsOf are the columns as paths.
func wantsOf(names []string) []want {
	wants := make([]want, len(names))
	for i, n := range names {
		wants[i] = want{n, i}
	}
	return wants
}

// member reads the name at i, which followed prev, and the colon after it.
func (l *level) member(src []byte, i int, prev *member) (m *member, next int, err error) {
	if n := prev.next; n != nil && startsWith(src, i, n.quoted) {
		return n, jsontext.Space(src, i+len(n.quoted)), nil
	}
	return l.lookUp(src, i, prev)
}

func startsWith(src []byte, i int, prefix string) bool {
	return len(src)-i >= len(prefix) && string(src[i:i+len(prefix)]) == prefix
}

// lookUp reads a name that was not expected.
func (l *level) lookUp(src []byte, i int, prev *member) (m *member, next int, err error) {
	raw, escaped, next, err := jsontext.Name(src, i)
	if err != nil {
		return nil, next, err
	}
	var ok bool
	if escaped {
		m, ok = l.names[jsontext.Unescape(raw)]
	} else {
		m, ok = l.names[string(raw)]
	}
	if !ok {
		m = l.learn(jsontext.Text(raw, escaped))
	}
	if m != &l.other {
		prev.next = m
	}
	return m, next, nil
}

// learn says what is wanted of a name, and remembers it.
func (l *level) learn(name string) *member {
	m := &member{column: -1}
	var inner []want
	for _, w := range l.wants {
		if w.path == name {
			m.column = w.column
		} else if rest, ok := strings.CutPrefix(w.path, name+"."); ok {
			inner = append(inner, want{rest, w.column})
		}
	}
	if inner != nil {
		m.child = newLevel(inner)
	} else if m.column < 0 && len(l.names) >= maxNames {
		return &l.other
	}
	m.quoted = string(jsontext.AppendString(nil, name)) + ":"
	l.names[name] = m
	return m
}
