package pipe

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestLink(t *testing.T) {
	var b bytes.Buffer
	l := newLink(&b, &b)
	want := stream{"stderr", "é\n\xff"}
	if err := l.write(streamFrame, 7, want.body()); err != nil {
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
