package stream

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

// TestMemoryThatRunsOut is told of at half of it, and then at each tenth more.
func TestMemoryThatRunsOut(t *testing.T) {
	var log bytes.Buffer
	s := newStatus(slog.New(slog.NewTextHandler(&log, nil)))
	for _, c := range []struct {
		room, live int64
		told       bool
	}{{1000, 499, false}, {1000, 510, true}, {1000, 590, false}, {1000, 615, true}, {1000, 300, false}, {1000, 720, true}, {0, 5000, false}} {
		log.Reset()
		s.memory.room, s.memory.live = c.room<<20, func() int64 { return c.live << 20 }
		s.short()
		if told := strings.Contains(log.String(), "memory may run out"); told != c.told {
			t.Errorf("%d MiB of %d: %q", c.live, c.room, log.String())
		}
	}
	if live() <= 0 || available() < 64<<20 {
		t.Errorf("in use are %d bytes of %d", live(), available())
	}
}
