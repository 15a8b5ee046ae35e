package interp

import (
	"log/slog"
	"reflect"
)

// Compiled code asks what it is given for methods. So a box whose type has them becomes one of these.

// A boxedError is a box whose type has the method Error.
type boxedError struct{ box }

func (b boxedError) unbox() box { return b.box }

// Error implements error.
func (b boxedError) Error() string { return b.call("Error").(string) }

// Is asks the value whether it is target.
func (b boxedError) Is(target error) bool {
	if !b.has("Is") {
		return false
	}
	return b.bound("Is", reflect.TypeFor[func(error) bool]()).Interface().(func(error) bool)(target)
}

// A wrapperError is a boxedError that holds another error.
type wrapperError struct{ boxedError }

// Unwrap gives that error.
func (b wrapperError) Unwrap() error {
	err, _ := b.call("Unwrap").(error)
	return err
}

// A joinedError is a boxedError that holds several errors.
type joinedError struct{ boxedError }

// Unwrap gives those errors.
func (b joinedError) Unwrap() []error {
	list, _ := b.call("Unwrap").([]error)
	return list
}

// err is the box as an error.
func (b box) err() error {
	m, ok := b.kind.method("Unwrap")
	switch {
	case !ok || m.Type().NumIn() != 1 || m.Type().NumOut() != 1:
		return boxedError{b}
	case m.Type().Out(0) == typeOf[error]():
		return wrapperError{boxedError{b}}
	case m.Type().Out(0) == typeOf[[]error]():
		return joinedError{boxedError{b}}
	}
	return boxedError{b}
}

// asItSays asks an error's own method As to set *target; boxed is target as methods of cells have it.
func asItSays(err error, boxed, target any) bool {
	if b, ok := bare(err).(box); ok && b.has("As") {
		return b.bound("As", typeOf[func(any) bool]()).Interface().(func(any) bool)(boxed)
	}
	as, ok := err.(interface{ As(any) bool })
	return ok && as.As(target)
}

// A loggedBox is a box whose type says how it is logged.
type loggedBox struct{ box }

func (b loggedBox) unbox() box { return b.box }

// LogValue implements slog.LogValuer.
func (b loggedBox) LogValue() slog.Value { return b.call("LogValue").(slog.Value) }

// out is a value for compiled code.
func out(x any) any {
	b, ok := x.(box)
	switch {
	case !ok:
		return x
	case b.has("Error"):
		return b.err()
	case b.has("LogValue"):
		return loggedBox{b}
	}
	return b
}
