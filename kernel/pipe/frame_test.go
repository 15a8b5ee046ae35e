package pipe

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
)

func TestLink(t *testing.T) {
	var b bytes.Buffer
	l := newLink(&b, &b)
	want := stream{"stderr", "é\n\xff"}
	if err := l.text(7, want.name, []byte(want.text)); err != nil {
		t.Fatal(err)
	}
	f, err := l.receive()
	if err != nil || f.kind != streamFrame || f.id != 7 {
		t.Fatalf("frame %+v, %v", f, err)
	}
	if got, err := readStream(f.body); got != want || err != nil {
		t.Errorf("text %q, %v", got, err)
	}
	for _, body := range []string{"", "\x02text"} {
		if _, err := readStream([]byte(body)); !errors.Is(err, ErrProtocol) {
			t.Errorf("text %q: error %v", body, err)
		}
	}
	if _, err := l.receive(); err != io.EOF {
		t.Errorf("at the end: %v, want io.EOF", err)
	}
	if err := l.send(showFrame, 0, strings.Repeat("x", maxFrame)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a frame too large: %v", err)
	}
	if b.Len() > 0 {
		t.Errorf("%d bytes of it were written", b.Len())
	}
}

func TestDeclaredSizeCostsNoMemory(t *testing.T) {
	head := string(appendHead(nil, showFrame, 1, maxFrame)) + "what came"
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 100 {
		if _, err := newLink(strings.NewReader(head), io.Discard).receive(); err != io.ErrUnexpectedEOF {
			t.Fatal(err)
		}
	}
	runtime.ReadMemStats(&after)
	if each := (after.TotalAlloc - before.TotalAlloc) / 100; each > 3*maxPiece { // one is for reading
		t.Errorf("%d KB for a frame that did not come", each>>10)
	}
}

func TestLargeFrame(t *testing.T) {
	body := bytes.Repeat([]byte("0123456789"), 1+maxPiece/3)
	var b bytes.Buffer
	l := newLink(&b, &b)
	if err := l.write(showFrame, 1, body); err != nil {
		t.Fatal(err)
	}
	if f, err := l.receive(); err != nil || !bytes.Equal(f.body, body) {
		t.Errorf("%d bytes of %d came, %v", len(f.body), len(body), err)
	}
}

// FuzzReceive: no bytes make it panic or keep more than came, and errors are named.
func FuzzReceive(f *testing.F) {
	var b bytes.Buffer
	newLink(nil, &b).send(helloFrame, 1, hello{Version: version})
	f.Add(b.Bytes())
	f.Add([]byte("\xff\xff\xff\xff\x01\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		l := newLink(bytes.NewReader(b), io.Discard)
		total := 0
		for {
			f, err := l.receive()
			if err != nil {
				if !errors.Is(err, ErrProtocol) && err != io.EOF && err != io.ErrUnexpectedEOF {
					t.Fatalf("unnamed error %v", err)
				}
				return
			}
			if total += len(f.body); total > len(b) {
				t.Fatalf("%d bytes became %d", len(b), total)
			}
		}
	})
}
