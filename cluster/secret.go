package cluster

import (
	"fmt"
	"io"
	"log/slog"
)

const hidden = "***"

// Secret is a password. However it is printed, formatted, encoded or logged, it shows as three stars; only [Secret.Reveal]
// gives it away. The zero value is no secret.
type Secret struct {
	// A pointer, since fmt prints the fields of what is itself in an unexported field.
	value *string
}

// NewSecret hides a value.
func NewSecret(value string) Secret { return Secret{&value} }

// Reveal is the value, for the one who sends it to the broker.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// Empty reports whether there is no secret.
func (s Secret) Empty() bool { return s.Reveal() == "" }

func (s Secret) String() string {
	if s.Empty() {
		return ""
	}
	return hidden
}

// GoString implements fmt.GoStringer.
func (s Secret) GoString() string { return s.String() }

// Format implements fmt.Formatter for every verb.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, s.String()) }

// MarshalText implements encoding.TextMarshaler, so JSON, XML and the like.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
