package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var key = []byte("a key")

// sent gives the frames of a message as a client signs it.
func sent(t testing.TB, parts ...string) [][]byte {
	t.Helper()
	var b [][]byte
	for _, p := range parts {
		b = append(b, []byte(p))
	}
	frames := [][]byte{[]byte("peer"), []byte(delimiter), NewCodec(key).sign(b)}
	return append(frames, b...)
}

func TestEncodeThenDecode(t *testing.T) {
	parent := json.RawMessage(`{"msg_id": "p",  "unknown": 1}`)
	frames, id, err := NewCodec(key).Encode(Draft{Route: [][]byte{[]byte("a"), []byte("b")}, Type: "x_reply", Parent: parent,
		Content: map[string]any{"n": 1}, Buffers: [][]byte{{0xff}}})
	if err != nil {
		t.Fatal(err)
	}
	m, err := NewCodec(key).Decode(frames)
	if err != nil {
		t.Fatal(err)
	}
	if m.Header.ID != id || m.Header.Type != "x_reply" || m.Header.Version != Version {
		t.Errorf("header %+v", m.Header)
	}
	if _, err := time.Parse("2006-01-02T15:04:05.999999Z", m.Header.Date); err != nil || len(m.Header.Date) != 27 {
		t.Errorf("date %q, want six digits of a second", m.Header.Date)
	}
	got := []string{string(bytes.Join(m.Route, []byte("/"))), string(m.Parent), string(m.Metadata), string(m.Content), string(m.Buffers[0])}
	if d := cmp.Diff([]string{"a/b", string(parent), "{}", `{"n":1}`, "\xff"}, got); d != "" {
		t.Error(d)
	}
}

func TestDecodeRefuses(t *testing.T) {
	good := func() [][]byte { return sent(t, `{"msg_type":"t"}`, "{}", "{}", "{}") }
	change := func(f func(frames [][]byte) [][]byte) [][]byte { return f(good()) }
	for name, c := range map[string]struct {
		frames [][]byte
		want   error
	}{
		"nothing":            {nil, ErrFrames},
		"no delimiter":       {[][]byte{[]byte("a")}, ErrFrames},
		"short":              {good()[:6], ErrFrames},
		"delimiter too late": {append(make([][]byte, maxRoute), good()...), ErrFrames},
		"no signature":       {change(func(f [][]byte) [][]byte { f[2] = nil; return f }), ErrSignature},
		"upper case":         {change(func(f [][]byte) [][]byte { f[2] = bytes.ToUpper(f[2]); return f }), ErrSignature},
		"changed header":     {change(func(f [][]byte) [][]byte { f[3] = []byte(`{"msg_type":"u"}`); return f }), ErrSignature},
		"changed content":    {change(func(f [][]byte) [][]byte { f[6] = []byte("[]"); return f }), ErrSignature},
		"unsigned nonsense":  {change(func(f [][]byte) [][]byte { f[6] = []byte("{"); return f }), ErrSignature},
		"malformed header":   {sent(t, "{", "{}", "{}", "{}"), ErrJSON},
		"malformed content":  {sent(t, "{}", "{}", "{}", "{} {}"), ErrJSON},
		"header of a type":   {sent(t, `{"msg_id":7}`, "{}", "{}", "{}"), ErrJSON},
		"header of nothing":  {sent(t, "null", "{}", "{}", "{}"), ErrJSON},
		"deep":               {sent(t, strings.Repeat("[", 20000)+strings.Repeat("]", 20000), "{}", "{}", "{}"), ErrJSON},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := NewCodec(key).Decode(c.frames); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
	if _, err := NewCodec([]byte("another")).Decode(good()); !errors.Is(err, ErrSignature) {
		t.Errorf("another key: %v, want ErrSignature", err)
	}
}

func TestReplay(t *testing.T) {
	c := NewCodec(key)
	frames := sent(t, `{"msg_type":"t"}`, "{}", "{}", "{}")
	if _, err := c.Decode(frames); err != nil {
		t.Fatal(err)
	}
	frames[0] = []byte("another peer")
	if _, err := c.Decode(frames); !errors.Is(err, ErrReplay) {
		t.Errorf("error %v, want ErrReplay", err)
	}
}

func TestWithoutAKeyNothingIsChecked(t *testing.T) {
	frames := sent(t, `{"msg_type":"x"}`, "{}", "{}", "{}")
	c := NewCodec(nil)
	for range 2 {
		if _, err := c.Decode(frames); err != nil {
			t.Error(err)
		}
	}
}

func TestMemoryForgetsTheOldest(t *testing.T) {
	m := newMemory(3)
	for i, c := range []struct {
		s     string
		fresh bool
	}{{"a", true}, {"b", true}, {"a", false}, {"c", true}, {"d", true}, {"b", false}, {"a", true}, {"b", true}} {
		if got := m.add(c.s); got != c.fresh {
			t.Errorf("%d: add(%s) = %v, want %v", i, c.s, got, c.fresh)
		}
	}
	if len(m.seen) > 3 {
		t.Errorf("%d remembered, the limit is 3", len(m.seen))
	}
}

func TestEncodeSaysWhatCannotBeEncoded(t *testing.T) {
	_, _, err := NewCodec(key).Encode(Draft{Type: "display_data", Content: map[string]any{"f": func() {}}})
	if err == nil || !strings.Contains(err.Error(), "display_data") {
		t.Errorf("error %v, want one that names the message", err)
	}
}

// FuzzDecode: nothing makes it panic, and nothing unsigned is let in.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("peer\x00<IDS|MSG>\x00sig\x00{}\x00{}\x00{}\x00{}"), true)
	f.Add([]byte("<IDS|MSG>"), false)
	f.Fuzz(func(t *testing.T, b []byte, sign bool) {
		frames := bytes.Split(b, []byte{0})
		if sign && len(frames) >= 7 {
			frames[2] = NewCodec(key).sign(frames[3:7])
		}
		m, err := NewCodec(key).Decode(frames)
		if err != nil {
			if !errors.Is(err, ErrFrames) && !errors.Is(err, ErrSignature) && !errors.Is(err, ErrJSON) {
				t.Fatalf("unnamed error %v", err)
			}
			return
		}
		if !sign {
			t.Fatalf("an unsigned message was let in: %q", b)
		}
		if !json.Valid(m.Content) || !json.Valid(m.RawHeader) {
			t.Fatal("malformed JSON was let in")
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	frames := make([][][]byte, b.N)
	for i := range frames {
		frames[i] = sent(b, fmt.Sprintf(`{"msg_id":"%d","msg_type":"execute_request","session":"s","username":"u","date":"","version":"5.4"}`, i), "{}", "{}", `{"code":"1+1"}`)
	}
	c := NewCodec(key)
	b.ResetTimer()
	for _, f := range frames {
		if _, err := c.Decode(f); err != nil {
			b.Fatal(err)
		}
	}
}
