package codec

import (
	"fmt"
	"unicode/utf8"
	"unsafe"
)

// scanner walks one JSON text by RFC 8259, strictly: what it skips it checks as well.
type scanner struct {
	b     []byte
	i     int
	depth int
}

// text is bytes as a string, without copying: records do not change.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

func (s *scanner) errorf(format string, args ...any) error {
	return fmt.Errorf("%w JSON at byte %d: %s", ErrSyntax, s.i, fmt.Sprintf(format, args...))
}

// unexpected is the error for the byte at hand.
func (s *scanner) unexpected(want string) error {
	if s.i >= len(s.b) {
		return s.errorf("it ends, want %s", want)
	}
	return s.errorf("found %q, want %s", s.b[s.i], want)
}

func (s *scanner) space() {
	for s.i < len(s.b) {
		switch s.b[s.i] {
		case ' ', '\t', '\n', '\r':
			s.i++
		default:
			return
		}
	}
}

// peek is the byte at hand after white space, 0 at the end.
func (s *scanner) peek() byte {
	s.space()
	if s.i < len(s.b) {
		return s.b[s.i]
	}
	return 0
}

// take steps over one byte that must be there.
func (s *scanner) take(c byte, want string) error {
	if s.peek() != c {
		return s.unexpected(want)
	}
	s.i++
	return nil
}

// end says whether nothing follows.
func (s *scanner) end() error {
	if s.peek() != 0 || s.i < len(s.b) {
		return s.unexpected("the end")
	}
	return nil
}

// str steps over a string and gives what stands between its quotes, and whether there are escapes in it.
func (s *scanner) str() (raw []byte, escaped bool, err error) {
	if err := s.take('"', "a string"); err != nil {
		return nil, false, err
	}
	start, ascii := s.i, byte(0)
	for s.i < len(s.b) {
		switch c := s.b[s.i]; {
		case c == '"':
			raw = s.b[start:s.i]
			if ascii >= utf8.RuneSelf && !utf8.Valid(raw) {
				s.i = start
				return nil, false, s.errorf("the string is not UTF-8")
			}
			s.i++
			return raw, escaped, nil
		case c == '\\':
			escaped = true
			if err := s.escape(); err != nil {
				return nil, false, err
			}
		case c < 0x20:
			return nil, false, s.errorf("control character %#02x in a string", c)
		default:
			ascii |= c
			s.i++
		}
	}
	return nil, false, s.unexpected("the end of the string")
}

// escape steps over one escape; a surrogate must have its pair.
func (s *scanner) escape() error {
	s.i++
	if s.i >= len(s.b) {
		return s.unexpected("an escape")
	}
	c := s.b[s.i]
	s.i++
	switch c {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return nil
	case 'u':
		r, err := s.hex()
		if err != nil || r < 0xd800 || r > 0xdfff {
			return err
		}
		if r > 0xdbff || s.i+1 >= len(s.b) || s.b[s.i] != '\\' || s.b[s.i+1] != 'u' {
			return s.errorf("lone surrogate \\u%04x", r)
		}
		s.i += 2
		if low, err := s.hex(); err != nil {
			return err
		} else if low < 0xdc00 || low > 0xdfff {
			return s.errorf("lone surrogate \\u%04x", r)
		}
		return nil
	}
	s.i--
	return s.unexpected("an escape such as \\n")
}

func (s *scanner) hex() (rune, error) {
	r := rune(0)
	for range 4 {
		d := -1
		if s.i < len(s.b) {
			d = digit(s.b[s.i])
		}
		if d < 0 {
			return 0, s.unexpected("four hexadecimal digits")
		}
		r = r<<4 | rune(d)
		s.i++
	}
	return r, nil
}

func digit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// number steps over a number and gives its text, and whether it is an integer.
func (s *scanner) number() (raw []byte, whole bool, err error) {
	start := s.i
	if s.i < len(s.b) && s.b[s.i] == '-' {
		s.i++
	}
	lead := s.i
	if s.digits() == 0 {
		return nil, false, s.unexpected("a value")
	}
	if s.b[lead] == '0' && s.i > lead+1 {
		s.i = lead
		return nil, false, s.errorf("number begins with 0")
	}
	whole = true
	if s.i < len(s.b) && s.b[s.i] == '.' {
		s.i++
		if whole = false; s.digits() == 0 {
			return nil, false, s.unexpected("a digit")
		}
	}
	if s.i < len(s.b) && s.b[s.i]|0x20 == 'e' {
		s.i++
		if s.i < len(s.b) && (s.b[s.i] == '+' || s.b[s.i] == '-') {
			s.i++
		}
		if whole = false; s.digits() == 0 {
			return nil, false, s.unexpected("a digit")
		}
	}
	return s.b[start:s.i], whole, nil
}

func (s *scanner) digits() int {
	start := s.i
	for s.i < len(s.b) && s.b[s.i]-'0' <= 9 {
		s.i++
	}
	return s.i - start
}

// word steps over true, false or null.
func (s *scanner) word(w string) error {
	if len(s.b)-s.i < len(w) || text(s.b[s.i:s.i+len(w)]) != w {
		return s.unexpected(w)
	}
	s.i += len(w)
	return nil
}

// skip steps over any value.
func (s *scanner) skip() error {
	switch c := s.peek(); c {
	case '"':
		_, _, err := s.str()
		return err
	case '{':
		return s.object(func([]byte, bool) error { return s.skip() })
	case '[':
		return s.list(s.skip)
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	case 'n':
		return s.word("null")
	default:
		_, _, err := s.number()
		return err
	}
}

// deeper counts the depth; the caller calls s.depth-- after.
func (s *scanner) deeper() error {
	if s.depth++; s.depth > MaxDepth {
		return fmt.Errorf("%w: JSON at byte %d lies %d levels deep, at most %d", ErrLimit, s.i, s.depth, MaxDepth)
	}
	return nil
}

// object calls each for every member, with its name as it stands between the
// quotes; each must step over the value.
func (s *scanner) object(each func(name []byte, escaped bool) error) error {
	if err := s.take('{', "an object"); err != nil {
		return err
	}
	if err := s.deeper(); err != nil {
		return err
	}
	defer func() { s.depth-- }()
	if s.peek() == '}' {
		s.i++
		return nil
	}
	for n := 1; ; n++ {
		if n > MaxMembers {
			return fmt.Errorf("%w: an object at byte %d has more than %d members", ErrLimit, s.i, MaxMembers)
		}
		name, escaped, err := s.str()
		if err != nil {
			return err
		}
		if err := s.take(':', "':'"); err != nil {
			return err
		}
		if err := each(name, escaped); err != nil {
			return err
		}
		switch s.peek() {
		case ',':
			s.i++
		case '}':
			s.i++
			return nil
		default:
			return s.unexpected("',' or '}'")
		}
	}
}

// list calls each for every element; each must step over it.
func (s *scanner) list(each func() error) error {
	s.i++
	if err := s.deeper(); err != nil {
		return err
	}
	defer func() { s.depth-- }()
	if s.peek() == ']' {
		s.i++
		return nil
	}
	for {
		if err := each(); err != nil {
			return err
		}
		switch s.peek() {
		case ',':
			s.i++
		case ']':
			s.i++
			return nil
		default:
			return s.unexpected("',' or ']'")
		}
	}
}
