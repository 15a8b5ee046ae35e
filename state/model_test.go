package state

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// kinds are the ways to keep state; all must behave alike.
var kinds = []struct {
	name   string
	budget int64
	files  bool
}{
	{"memory", 0, false},
	{"blocks", 1 << 30, true},
	{"keys", -1, true},
	{"change", 20_000, true}, // blocks at first, then keys
}

// model is what the state should be, kept in the simplest way.
type model struct {
	committed, now map[string]string
	touched        map[string]bool
	pos            *Position
}

func newModel() *model {
	return &model{committed: map[string]string{}, now: map[string]string{}, touched: map[string]bool{}}
}

func (m *model) put(k, v string) { m.now[k] = v; m.touched[k] = true }
func (m *model) del(k string)    { delete(m.now, k); m.touched[k] = true }
func (m *model) discard()        { m.now = maps.Clone(m.committed); clear(m.touched) }
func (m *model) commit(pos Position) {
	m.committed, m.pos = maps.Clone(m.now), &pos
	clear(m.touched)
}

func (m *model) wipe() { *m = *newModel() }

// scan is the entries of state with the prefix, in order, as "key=value" lines.
func scanMap(state map[string]string, prefix string) []string {
	out := []string{}
	for _, k := range slices.Sorted(maps.Keys(state)) {
		if strings.HasPrefix(k, prefix) {
			out = append(out, k+"="+state[k])
		}
	}
	return out
}

func scanStore(t testing.TB, s Store, prefix string) []string {
	t.Helper()
	out := []string{}
	err := s.Scan([]byte(prefix), func(k, v []byte) error {
		out = append(out, string(k)+"="+string(v))
		return nil
	})
	if err != nil {
		t.Fatalf("scan %q: %v", prefix, err)
	}
	return out
}

// walk does random operations on a partition and on its model.
type walk struct {
	t    *testing.T
	rnd  *rand.Rand
	open func() *DB
	db   *DB
	p    *Partition
	m    *model
	n    int64 // commits so far
}

func (w *walk) partition() *Partition {
	p, err := w.db.Partition("agg", 3)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

func (w *walk) key() string {
	return []string{"a", "b", "ab", "\xff", ""}[w.rnd.IntN(5)] + fmt.Sprint(w.rnd.IntN(60))
}

func (w *walk) value() string {
	n := w.rnd.IntN(20)
	if w.rnd.IntN(300) == 0 {
		n = w.rnd.IntN(400_000)
	}
	return strings.Repeat(string(rune('a'+w.rnd.IntN(26))), n)
}

func (w *walk) position() Position {
	w.n++
	return Position{Changelog: w.n * 10, Inputs: map[string]int64{"in/3": w.n}, Task: []byte{byte(w.n)}, Code: map[string]string{"sum": "c0de"}}
}

func (w *walk) do(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// step does one operation and checks what it gives.
func (w *walk) step(reopen bool) {
	w.t.Helper()
	switch n := w.rnd.IntN(1000); {
	case n < 450:
		k, v := w.key(), w.value()
		w.do(w.p.Put([]byte(k), []byte(v)))
		w.m.put(k, v)
	case n < 600:
		k := w.key()
		w.do(w.p.Delete([]byte(k)))
		w.m.del(k)
	case n < 850:
		w.get()
	case n < 900:
		w.scan()
	case n < 970:
		w.commit()
	case n < 980:
		w.p.Discard()
		w.m.discard()
	case n < 990:
		w.restore()
	case n < 993:
		w.do(w.p.Wipe())
		w.m.wipe()
	case n < 997 && reopen:
		w.do(w.db.Close())
		w.db = w.open()
		w.p = w.partition()
		w.m.discard()
	default:
		w.p.Close()
		w.p = w.partition()
		w.m.discard()
	}
}

func (w *walk) get() {
	w.t.Helper()
	k := w.key()
	v, ok, err := w.p.Get([]byte(k))
	w.do(err)
	if want, has := w.m.now[k]; ok != has || string(v) != want {
		w.t.Fatalf("get %q: %.40q, %v; want %.40q, %v", k, v, ok, want, has)
	}
}

func (w *walk) scan() {
	w.t.Helper()
	prefix := []string{"", "a", "b", "ab", "a1", "\xff", "\xff\xff", "zz"}[w.rnd.IntN(8)]
	if diff := cmp.Diff(scanMap(w.m.now, prefix), scanStore(w.t, w.p, prefix)); diff != "" {
		w.t.Fatalf("scan %q (-want +got):\n%s", prefix, diff)
	}
}

func (w *walk) commit() {
	w.t.Helper()
	var touched []string
	for k, v := range w.p.Changes() {
		touched = append(touched, string(k))
		if want, has := w.m.now[string(k)]; has != (v != nil) || string(v) != want {
			w.t.Fatalf("change %q: %.40q, want %.40q", k, v, want)
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(w.m.touched)), touched); diff != "" {
		w.t.Fatalf("changes (-want +got):\n%s", diff)
	}
	pos := w.position()
	w.do(w.p.Commit(pos))
	w.m.commit(pos)
}

// restore applies records to what is committed.
func (w *walk) restore() {
	w.t.Helper()
	w.m.discard()
	r := w.p.Restore()
	for range w.rnd.IntN(100) {
		k, v := w.key(), w.value()
		if w.rnd.IntN(3) == 0 {
			w.do(r.Apply([]byte(k), nil))
			w.m.del(k)
			continue
		}
		w.do(r.Apply([]byte(k), []byte(v)))
		w.m.put(k, v)
	}
	pos := w.position()
	w.do(r.Finish(pos))
	w.m.commit(pos)
}

// check compares all that can be seen.
func (w *walk) check() {
	w.t.Helper()
	if diff := cmp.Diff(scanMap(w.m.now, ""), scanStore(w.t, w.p, "")); diff != "" {
		w.t.Fatalf("all (-want +got):\n%s", diff)
	}
	pos, ok := w.p.Position()
	if ok != (w.m.pos != nil) || ok && !cmp.Equal(pos, *w.m.pos, cmpopts.EquateEmpty()) {
		w.t.Fatalf("position %v, %v; want %v", pos, ok, w.m.pos)
	}
	if got, want := w.p.Entries(), len(w.m.committed); got != want {
		w.t.Fatalf("%d entries, want %d", got, want)
	}
	if got, want := w.p.Fingerprint(), fingerprintOf(w.m.committed); got != want {
		w.t.Fatalf("fingerprint %x, want %x", got, want)
	}
}

func fingerprintOf(state map[string]string) uint64 {
	var g digest
	for k, v := range state {
		g.add(k, []byte(v))
	}
	return g.sum
}

func TestModel(t *testing.T) {
	steps := 6000
	if testing.Short() {
		steps = 1500
	}
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			seed := rand.Uint64()
			t.Logf("seed %d", seed)
			w := &walk{t: t, rnd: rand.New(rand.NewPCG(seed, 1)), m: newModel()}
			w.open = func() *DB { return Memory() }
			if kind.files {
				dir := t.TempDir()
				w.open = func() *DB { return openTest(t, dir, Options{Budget: kind.budget}) }
			}
			w.db = w.open()
			w.p = w.partition()
			seen := map[Layout]bool{}
			for range steps {
				w.step(kind.files)
				seen[w.p.Layout()] = true
				if w.rnd.IntN(50) == 0 {
					w.check()
				}
			}
			w.check()
			w.do(w.db.Close())
			if kind.name == "change" && (!seen[LayoutBlocks] || !seen[LayoutKeys]) {
				t.Errorf("layouts seen: %v, want a change from blocks to keys", seen)
			}
		})
	}
}

// openTest opens a folder with small tables and no disk limit, and fails the
// test on any incident.
func openTest(t testing.TB, dir string, opts Options) *DB {
	t.Helper()
	db := openAny(t, dir, opts)
	for _, in := range db.Incidents() {
		t.Fatalf("incident: %+v", in)
	}
	return db
}

func openAny(t testing.TB, dir string, opts Options) *DB {
	t.Helper()
	opts.memTable = minMemTable
	if opts.MinFree == 0 {
		opts.MinFree = -1
	}
	db, err := Open(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// each runs a test on every kind of partition.
func each(t *testing.T, test func(t *testing.T, p *Partition)) {
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			db := Memory()
			if kind.files {
				db = openTest(t, t.TempDir(), Options{Budget: kind.budget})
			}
			p, err := db.Partition("agg", 0)
			if err != nil {
				t.Fatal(err)
			}
			test(t, p)
		})
	}
}

func TestScanSeesChangesAhead(t *testing.T) {
	each(t, func(t *testing.T, p *Partition) {
		for _, k := range []string{"w1", "w3", "w5", "x"} {
			p.Put([]byte(k), []byte("old"))
		}
		if err := p.Commit(Position{}); err != nil {
			t.Fatal(err)
		}
		var got []string
		err := p.Scan([]byte("w"), func(k, v []byte) error {
			got = append(got, fmt.Sprintf("%s=%s", k, v))
			if string(k) == "w1" {
				p.Delete([]byte("w1"))
				p.Delete([]byte("w3"))
				p.Put([]byte("w4"), []byte("new"))
				p.Put([]byte("w5"), []byte("new"))
				p.Put([]byte("w0"), []byte("behind"))
				p.Put([]byte("w6"), []byte("new"))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"w1=old", "w4=new", "w5=new", "w6=new"}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestScanEnds(t *testing.T) {
	each(t, func(t *testing.T, p *Partition) {
		p.Put([]byte("a"), nil)
		p.Commit(Position{})
		p.Put([]byte("b"), nil)
		n := 0
		err := p.Scan(nil, func(_, _ []byte) error { n++; return ErrStop })
		if err != nil || n != 1 {
			t.Errorf("ErrStop: %d calls, %v; want one and no error", n, err)
		}
		boom := errors.New("boom")
		if err := p.Scan(nil, func(_, _ []byte) error { return boom }); err != boom {
			t.Errorf("error %v, want the function's", err)
		}
		err = p.Scan(nil, func(_, _ []byte) error { return p.Commit(Position{}) })
		if err == nil {
			t.Error("a commit within a scan was accepted")
		}
	})
}

func TestSlicesAreStable(t *testing.T) {
	each(t, func(t *testing.T, p *Partition) {
		key, value := []byte("key"), []byte("one")
		p.Put(key, value)
		copy(key, "KEY")
		copy(value, "ONE")
		first, ok, _ := p.Get([]byte("key"))
		if !ok || string(first) != "one" {
			t.Fatalf("the store kept the caller's slices: %q, %v", first, ok)
		}
		p.Commit(Position{})
		committed, _, _ := p.Get([]byte("key"))
		p.Put([]byte("key"), []byte("two"))
		p.Commit(Position{})
		p.Delete([]byte("key"))
		p.Commit(Position{})
		if string(first) != "one" || string(committed) != "one" {
			t.Errorf("slices handed out have changed: %q %q", first, committed)
		}
	})
}

func TestEmptyIsNotDeleted(t *testing.T) {
	each(t, func(t *testing.T, p *Partition) {
		p.Put([]byte("e"), nil)
		for _, v := range p.Changes() {
			if v == nil {
				t.Error("an empty value reads as a deletion in Changes")
			}
		}
		p.Commit(Position{})
		if v, ok, err := p.Get([]byte("e")); !ok || v == nil || len(v) != 0 || err != nil {
			t.Errorf("get: %v, %v, %v; want an empty value", v, ok, err)
		}
	})
}

func TestLimits(t *testing.T) {
	p, err := Memory().Partition("", 0)
	if err != nil {
		t.Fatal(err)
	}
	big := bytes.Repeat([]byte("x"), MaxValue+1)
	for _, test := range []struct {
		name string
		err  error
		want error
	}{
		{"key", p.Put(big[:MaxKey+1], nil), ErrKeyTooLarge},
		{"largest key", p.Put(big[:MaxKey], nil), nil},
		{"deleted key", p.Delete(big[:MaxKey+1]), ErrKeyTooLarge},
		{"value", p.Put([]byte("k"), big), ErrValueTooLarge},
		{"largest value", p.Put([]byte("k"), big[:MaxValue]), nil},
		{"reserved", p.Put([]byte(PositionKey), nil), ErrReservedKey},
		{"reserved deletion", p.Delete([]byte(PositionKey)), ErrReservedKey},
		{"reserved in a restore", p.Restore().Apply([]byte(PositionKey), big[:1]), ErrReservedKey},
		{"store id", Prefixed(p, string(big[:256])).Put(nil, nil), ErrKeyTooLarge},
		{"M under a prefix", Prefixed(p, "").Put([]byte("M"), nil), nil},
		{"position", p.Commit(Position{Task: big}), ErrValueTooLarge},
		{"after a refused position", p.Commit(Position{}), nil},
	} {
		if !errors.Is(test.err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, test.err, test.want)
		}
	}
}

func TestLargestEntryFitsEverywhere(t *testing.T) {
	each(t, func(t *testing.T, p *Partition) {
		key, value := bytes.Repeat([]byte("k"), MaxKey), bytes.Repeat([]byte("v"), MaxValue)
		for i := range 5 {
			key[0] = byte(i)
			if err := p.Put(key, value); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Commit(Position{Task: value[:MaxValue/2]}); err != nil {
			t.Fatal(err)
		}
		got, ok, err := p.Get(key)
		if !ok || err != nil || !bytes.Equal(got, value) {
			t.Errorf("%d bytes, %v, %v", len(got), ok, err)
		}
	})
}

func TestPrefixed(t *testing.T) {
	p, _ := Memory().Partition("", 0)
	ids := []string{"a", "aa", "b", strings.Repeat("z", 255)}
	for _, id := range ids {
		s := Prefixed(p, id)
		s.Put([]byte("k"), []byte(id))
		s.Put([]byte("ak"), []byte("2"+id))
		s.Put(nil, []byte("3"+id))
	}
	for _, id := range ids {
		want := []string{"=3" + id, "ak=2" + id, "k=" + id}
		if diff := cmp.Diff(want, scanStore(t, Prefixed(p, id), "")); diff != "" {
			t.Errorf("%.5s (-want +got):\n%s", id, diff)
		}
		if diff := cmp.Diff(want[1:2], scanStore(t, Prefixed(p, id), "a")); diff != "" {
			t.Errorf("%.5s, prefix a (-want +got):\n%s", id, diff)
		}
	}
	s := Prefixed(p, "a")
	s.Delete([]byte("k"))
	if _, ok, _ := s.Get([]byte("k")); ok {
		t.Error("deleted key is there")
	}
	if v, ok, _ := Prefixed(p, "aa").Get([]byte("k")); !ok || string(v) != "aa" {
		t.Errorf("another store's key: %q, %v", v, ok)
	}
}
