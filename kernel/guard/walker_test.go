package guard

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// units walks b to its end.
func units(b []byte, limits Limits) (all []unit, err error) {
	w := walker{r: bufio.NewReader(bytes.NewReader(b)), limits: limits.withDefaults()}
	for {
		u, err := w.next()
		if err != nil {
			return all, err
		}
		all = append(all, u)
	}
}

func TestWalker(t *testing.T) {
	for name, c := range map[string]struct {
		in       string
		messages []string // wire bytes of each
		commands []string
		err      error
	}{
		"empty":                {"", nil, nil, io.EOF},
		"one frame":            {"\x00\x01a", []string{"\x00\x01a"}, nil, io.EOF},
		"empty frame":          {"\x00\x00", []string{"\x00\x00"}, nil, io.EOF},
		"two frames":           {"\x01\x01a\x00\x01b", []string{"\x01\x01a\x00\x01b"}, nil, io.EOF},
		"long form":            {"\x02\x00\x00\x00\x00\x00\x00\x00\x01a", []string{"\x00\x01a"}, nil, io.EOF},
		"command between":      {"\x01\x01a\x04\x02\x01P\x00\x01b", []string{"\x01\x01a\x00\x01b"}, []string{"\x01P"}, io.EOF},
		"header cut":           {"\x00", nil, nil, io.EOF},
		"body cut":             {"\x00\x03ab", nil, nil, io.ErrUnexpectedEOF},
		"long header cut":      {"\x02\x00\x00", nil, nil, io.ErrUnexpectedEOF},
		"unknown flag":         {"\x10\x01a", nil, nil, ErrProtocol},
		"empty command":        {"\x04\x00", nil, nil, ErrProtocol},
		"command in parts":     {"\x05\x01a", nil, nil, ErrProtocol},
		"over the limit":       {"\x02\x00\x00\x00\x00\x04\x00\x00\x01", nil, nil, ErrProtocol},
		"over every limit":     {"\x02\xff\xff\xff\xff\xff\xff\xff\xff", nil, nil, ErrProtocol},
		"command over a limit": {"\x06\x00\x00\x00\x00\x00\x01\x00\x01", nil, nil, ErrProtocol},
	} {
		t.Run(name, func(t *testing.T) {
			all, err := units([]byte(c.in), Limits{})
			var messages, commands []string
			for _, u := range all {
				if u.isCommand() {
					commands = append(commands, string(u.command))
				} else {
					messages = append(messages, string(bytes.Join(u.message.segments, nil)))
				}
			}
			if d := cmp.Diff(c.messages, messages); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(c.commands, commands); d != "" {
				t.Error(d)
			}
			if !errors.Is(err, c.err) {
				t.Errorf("error %v, want %v", err, c.err)
			}
		})
	}
}

// FuzzWalker: no bytes make it panic or keep more than came, and what it gives walks to the same again.
func FuzzWalker(f *testing.F) {
	f.Add([]byte("\x01\x01a\x04\x02\x01P\x00\x01b"))
	f.Add(forged)
	f.Add([]byte("\x02\x00\x00\x00\x00\x00\x00\x00\x01a"))
	f.Fuzz(func(t *testing.T, b []byte) {
		limits := Limits{Message: 1 << 16, Frames: 8}
		all, _ := units(b, limits)
		var wire []byte
		size := 0
		for _, u := range all {
			size += len(u.command)
			if u.isCommand() {
				continue
			}
			if u.frames > 8 || len(u.first) > 1<<16 {
				t.Fatalf("%d frames, %d bytes pass the limits", u.frames, len(u.first))
			}
			wire = append(wire, bytes.Join(u.message.segments, nil)...)
		}
		if size+len(wire) > len(b) {
			t.Fatalf("%d bytes became %d", len(b), size+len(wire))
		}
		again, err := units(wire, limits)
		if !errors.Is(err, io.EOF) {
			t.Fatalf("what came out does not walk: %v", err)
		}
		var same []byte
		for _, u := range again {
			same = append(same, bytes.Join(u.message.segments, nil)...)
		}
		if !bytes.Equal(wire, same) {
			t.Fatal("the second walk differs from the first")
		}
	})
}

// FuzzHello: no handshake makes it panic, and one that is accepted is replayed as it was understood.
func FuzzHello(f *testing.F) {
	f.Add(encodeHello("DEALER"))
	f.Add(bytes.Join((hello{"SUB", "identity"}).replay().segments, nil))
	f.Add(append(greeting(), "\x04\x0a\x05READY\x00\x00\x00\x00"...))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := readHello(bufio.NewReader(bytes.NewReader(b)))
		if err != nil {
			return
		}
		if len(h.identity) > maxIdentity {
			t.Fatalf("identity of %d bytes", len(h.identity))
		}
		again, err := readHello(bufio.NewReader(bytes.NewReader(bytes.Join(h.replay().segments, nil))))
		if err != nil || again != h {
			t.Fatalf("replayed as %+v, %v; understood as %+v", again, err, h)
		}
	})
}

// However zmq4 cuts its writes, the same frames come out.
func TestUnframerAtEveryCut(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	for range 200 {
		var want [][]byte
		wire := greeting()
		for range rnd.IntN(6) {
			body := bytes.Repeat([]byte{byte(rnd.IntN(256))}, []int{0, 1, 255, 256, 70000}[rnd.IntN(5)])
			want = append(want, body)
			wire = append(appendHeader(wire, 0, len(body)), body...)
		}
		var got [][]byte
		u := newUnframer(func(_ byte, body []byte) error {
			got = append(got, bytes.Clone(body))
			return nil
		})
		for len(wire) > 0 {
			n := min(len(wire), rnd.IntN([]int{2, 20, 100000}[rnd.IntN(3)]))
			if err := u.write(wire[:n]); err != nil {
				t.Fatal(err)
			}
			wire = wire[n:]
		}
		if !equal(got, want) {
			t.Fatalf("%d frames came out as %d", len(want), len(got))
		}
	}
}

func TestOutboxLimits(t *testing.T) {
	var total atomic.Int64
	b := newOutbox(&total)
	put := func(size int, droppable bool) string {
		dropped, err := b.put(message{size: size, droppable: droppable}, 100)
		switch {
		case err != nil:
			return err.Error()
		case dropped:
			return "dropped"
		}
		return "queued"
	}
	for i, c := range []struct {
		size      int
		droppable bool
		want      string
	}{
		{500, true, "queued"}, // nothing else waits: any size may go
		{1, true, "dropped"},
		{1, false, errOverflow.Error()},
	} {
		if got := put(c.size, c.droppable); got != c.want {
			t.Errorf("%d: %s, want %s", i, got, c.want)
		}
	}
	b.take()
	b.wrote(500)
	for i, want := range []string{"queued", "queued", "queued", errOverflow.Error()} {
		if got := put(50, false); got != want {
			t.Errorf("%d: %s, want %s", i, got, want)
		}
	}
	b.end()
	if got := put(1, false); got != errEnded.Error() {
		t.Errorf("after the end: %s", got)
	}
	if got := len(b.take()); got != 3 {
		t.Errorf("%d messages were left to write, want 3", got)
	}
	if n := total.Load(); n != 150 {
		t.Errorf("%d bytes are on their way, want 150", n)
	}
	b.kill()
	b.wrote(50)
	if n := total.Load(); n != 0 {
		t.Errorf("%d bytes are on their way to nobody", n)
	}
}
