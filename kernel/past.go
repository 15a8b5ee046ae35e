package kernel

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
)

// How much is read of the end of the history's file, in bytes: for the number of this session at least the first, when
// the kernel starts; for its entries the second, when a client first asks for some.
const (
	numberTail = 64 << 10
	entryTail  = 8 << 20
)

// A past is the file of the sessions before this one, one JSON entry a line, up to where it ended when this one began.
type past struct {
	file *os.File
	size int64
}

func openPast(file *os.File) (past, error) {
	info, err := file.Stat()
	if err != nil {
		return past{}, fmt.Errorf("history: %w", err)
	}
	return past{file, info.Size()}, nil
}

// newest is the highest number of a session at the end of the file; 0 if there is none. It does not parse the lines: files
// grow, and a user waits.
func (p past) newest() (number int, err error) {
	for n := int64(numberTail); ; n *= 16 {
		text, err := p.tail(n)
		if err != nil {
			return 0, err
		}
		for line := range bytes.Lines(text) {
			rest, _ := bytes.CutPrefix(line, []byte(`{"session":`)) // as entry is written
			digits, _, whole := bytes.Cut(rest, []byte(","))
			if n, err := strconv.Atoi(string(digits)); whole && err == nil {
				number = max(number, n)
			}
		}
		if number > 0 || n >= p.size {
			return number, nil
		}
	}
}

// entries are the newest in the file, at most maxHistory. A line cut short by a crash is skipped.
func (p past) entries() (all []entry, err error) {
	text, err := p.tail(entryTail)
	for line := range bytes.Lines(text) {
		var e entry
		if json.Unmarshal(line, &e) == nil && e.Session > 0 {
			all = append(all, e)
		}
	}
	return all[max(0, len(all)-maxHistory):], err
}

// tail is the whole lines among the last n bytes.
func (p past) tail(n int64) ([]byte, error) {
	text := make([]byte, min(n, p.size))
	if _, err := p.file.ReadAt(text, p.size-int64(len(text))); err != nil && len(text) > 0 {
		return nil, fmt.Errorf("history %s: %w", p.file.Name(), err)
	}
	if n < p.size {
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	return text, nil
}
