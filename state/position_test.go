package state

import (
	"bytes"
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var positions = []Position{
	{},
	{Changelog: 1, Inputs: map[string]int64{"laps/0": 7}},
	{Changelog: math.MaxInt64, Inputs: map[string]int64{"": math.MinInt64, "b/1": -1, "a/2": 0}, Task: []byte{0, 1, 2},
		Code: map[string]string{"sum": "5f", "": ""}, Topics: map[string]string{"laps": "id"}},
}

func TestPositionRoundTrip(t *testing.T) {
	for _, want := range positions {
		b, err := want.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var got Position
		if err := got.UnmarshalBinary(b); err != nil {
			t.Fatalf("%v: %v", want, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for i := range b {
			if err := new(Position).UnmarshalBinary(b[:i]); !errors.Is(err, ErrPosition) {
				t.Errorf("%v: the first %d of %d bytes: %v, want ErrPosition", want, i, len(b), err)
			}
		}
	}
}

// The encoding is in changelogs: it must not change without a new version.
func TestPositionBytes(t *testing.T) {
	p := Position{Changelog: 3, Inputs: map[string]int64{"b/0": 64, "a/0": -1}, Task: []byte("w"), Code: map[string]string{"s": "h"}, Topics: map[string]string{"t": "i"}}
	got, _ := p.MarshalBinary()
	want := []byte("\x02\x06\x02\x03a/0\x01\x03b/0\x80\x01\x01w\x01\x01s\x01h\x01\x01t\x01i")
	if !bytes.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestPositionRefuses(t *testing.T) {
	for name, b := range map[string]string{
		"empty":              "",
		"older":              "\x01\x00\x00\x00\x00",
		"newer":              "\x03\x00\x00\x00\x00\x00",
		"trailing":           "\x02\x00\x00\x00\x00\x00\x00",
		"names not sorted":   "\x02\x00\x02\x01b\x00\x01a\x00\x00\x00\x00",
		"name twice":         "\x02\x00\x02\x01a\x00\x01a\x00\x00\x00\x00",
		"long varint":        "\x02\x80\x00\x00\x00\x00\x00",
		"more than there is": "\x02\x00\xff\xff\xff\xff\x0f\x00\x00",
	} {
		if err := new(Position).UnmarshalBinary([]byte(b)); !errors.Is(err, ErrPosition) {
			t.Errorf("%s: %v, want ErrPosition", name, err)
		}
	}
}

func FuzzPosition(f *testing.F) {
	for _, p := range positions {
		b, _ := p.MarshalBinary()
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var p Position
		if err := p.UnmarshalBinary(b); err != nil {
			if !errors.Is(err, ErrPosition) {
				t.Fatalf("%v is not ErrPosition", err)
			}
			return
		}
		again, _ := p.MarshalBinary()
		if !bytes.Equal(again, b) {
			t.Fatalf("%x decodes, and encodes to %x", b, again)
		}
	})
}

func FuzzMeta(f *testing.F) {
	f.Add(meta{layout: LayoutKeys, pos: []byte{1, 2}, saved: -5, digest: digest{3, 4}, journal: true, next: 2}.encode())
	f.Add(meta{layout: LayoutBlocks}.encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := decodeMeta(b)
		if err != nil {
			return
		}
		again, err := decodeMeta(m.encode())
		if diff := cmp.Diff(m, again, cmp.AllowUnexported(meta{}, digest{})); err != nil || diff != "" {
			t.Fatalf("%v, %s", err, diff)
		}
	})
}

func FuzzBlock(f *testing.F) {
	f.Add(appendChange(appendChange([]byte{blockVersion}, entry{"a", []byte("b")}), entry{"c", nil}))
	f.Fuzz(func(t *testing.T, b []byte) {
		again := []byte{blockVersion}
		err := unpack(b, func(e entry) error { again = appendChange(again, e); return nil })
		if err != nil && !errors.Is(err, ErrCorrupt) {
			t.Fatalf("%v is not ErrCorrupt", err)
		}
		if err == nil && len(again) > len(b) {
			t.Fatalf("%x grows to %x", b, again)
		}
	})
}
