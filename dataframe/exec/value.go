package exec

import (
	"strings"
	"time"
)

func instant(us int64) time.Time { return time.UnixMicro(us).UTC() }

func micros(us int64) time.Duration { return time.Duration(us) * time.Microsecond }

// microsOf is a time or a duration in µs.
func microsOf(v any) int64 {
	if t, ok := v.(time.Time); ok {
		return t.UnixMicro()
	}
	return v.(time.Duration).Microseconds()
}

// cloned is a value that does not point into a record.
func cloned(v any) any {
	if s, ok := v.(string); ok {
		return strings.Clone(s)
	}
	return v
}
