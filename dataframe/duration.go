package dataframe

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ParseDuration reads a duration as people say it: "10s", "1m30s", "500ms", "1d", "2w".
func ParseDuration(s string) (time.Duration, error) {
	d, ok := readDuration(s)
	if !ok {
		return 0, fmt.Errorf("duration %q is not one, want such as \"10s\", \"1m30s\", \"500ms\" or \"1d\"%s", s, meantDuration(s))
	}
	return d, nil
}

// readDuration reads weeks and days, which Go's durations lack, and the rest as these.
func readDuration(s string) (time.Duration, bool) {
	rest, days := s, time.Duration(0)
	for _, unit := range []struct {
		mark byte
		size time.Duration
	}{{'w', 7 * 24 * time.Hour}, {'d', 24 * time.Hour}} {
		n, i := time.Duration(0), 0
		for i < len(rest) && i < 6 && rest[i] >= '0' && rest[i] <= '9' {
			n = n*10 + time.Duration(rest[i]-'0')
			i++
		}
		if i > 0 && i < len(rest) && rest[i] == unit.mark {
			days, rest = days+n*unit.size, rest[i+1:]
		}
	}
	if rest == "" && days > 0 {
		return days, true
	}
	d, err := time.ParseDuration(rest)
	return days + d, err == nil
}

// spans are units of time as people write them, and as durations do.
var spans = map[string]string{
	"millisecond": "ms", "milli": "ms", "sec": "s", "second": "s", "": "s", "min": "m", "minute": "m", "t": "m", "hour": "h", "hr": "h", "day": "d", "week": "w",
	"h": "h", "m": "m", "d": "d", "w": "w",
}

// meantDuration is the duration that a text was perhaps meant to be.
func meantDuration(s string) string {
	number := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ")
	unit := strings.ToLower(strings.TrimSpace(s[len(number):]))
	meant, ok := spans[strings.TrimSuffix(unit, "s")]
	if _, err := strconv.ParseFloat(number, 64); err != nil || !ok {
		return ""
	}
	if _, ok := readDuration(number + meant); !ok {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", number+meant)
}
