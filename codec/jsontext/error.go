package jsontext

import (
	"errors"
	"fmt"
)

// SyntaxError says what is wrong with the bytes and where.
type SyntaxError struct {
	Offset int // of the first byte that does not fit
	Msg    string
}

// Error has the byte offset.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("malformed JSON at byte %d: %s", e.Offset, e.Msg)
}

// ErrDepth is wrapped by the error for a value nested too deep.
var ErrDepth = errors.New("objects and lists are nested too deep")

// TooDeep is the error for an object or list at i that is nested deeper than asked for.
func TooDeep(i int) error { return fmt.Errorf("%w at byte %d", ErrDepth, i) }

func wrong(i int, format string, args ...any) error {
	return &SyntaxError{Offset: i, Msg: fmt.Sprintf(format, args...)}
}

// Unexpected is the error for src ending or going on at i otherwise than with what was wanted.
func Unexpected(src []byte, i int, want string) error {
	if i >= len(src) {
		return wrong(len(src), "it ends, want %s", want)
	}
	if c := src[i]; c < 0x20 || c >= 0x7f {
		return wrong(i, "byte 0x%02x, want %s", c, want)
	}
	return wrong(i, "%q, want %s", src[i], want)
}
