package plan

import "fmt"

// Error says which step of a graph is wrong. Text is the words of the cell
// that it stands in, such as the expression, so that the cell's line can be found.
type Error struct {
	Op   string // the method of the cell language, such as "Where"
	Text string // the argument that is wrong, as written; "" if it is the step as a whole
	Err  error
}

// Error is one line: the step, the argument and what is wrong with it.
func (e *Error) Error() string {
	if e.Text == "" {
		return fmt.Sprintf("%s: %v", e.Op, e.Err)
	}
	return fmt.Sprintf("%s(%q): %v", e.Op, e.Text, e.Err)
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

func wrong(op, text string, err error) error { return &Error{op, text, err} }

func wrongf(op, text, format string, args ...any) error {
	return &Error{op, text, fmt.Errorf(format, args...)}
}
