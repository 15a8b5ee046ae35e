package state

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestFolderIsLocked(t *testing.T) {
	dir := t.TempDir()
	openTest(t, dir, Options{})
	_, err := Open(dir, Options{})
	if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), fmt.Sprintf("process %d", os.Getpid())) {
		t.Errorf("second open: %v, want ErrLocked naming process %d", err, os.Getpid())
	}
	if err := Reset(dir); !errors.Is(err, ErrLocked) {
		t.Errorf("reset of an open folder: %v, want ErrLocked", err)
	}
}

func TestInstanceIsKept(t *testing.T) {
	dir := t.TempDir()
	db := openTest(t, dir, Options{})
	id := db.Instance()
	if len(id) != 16 {
		t.Errorf("instance %q, want 16 hex digits", id)
	}
	must(t, db.Close())
	db = openTest(t, dir, Options{})
	if db.Instance() != id {
		t.Errorf("after a restart %q, want %q", db.Instance(), id)
	}
	must(t, db.Close())
	must(t, os.Remove(filepath.Join(dir, dataFolder, "MANIFEST")))
	db = openAny(t, dir, Options{})
	if db.Instance() != id || len(db.Incidents()) != 1 {
		t.Errorf("after a damage %q with %d incidents, want %q with one", db.Instance(), len(db.Incidents()), id)
	}
	must(t, db.Close())
	must(t, Reset(dir))
	if db = openTest(t, dir, Options{}); db.Instance() != id {
		t.Errorf("after a reset %q, want %q", db.Instance(), id)
	}
	if other := openTest(t, t.TempDir(), Options{}).Instance(); other == id {
		t.Error("two folders have the same instance")
	}
}

func TestClusterIsKept(t *testing.T) {
	dir := t.TempDir()
	for _, step := range []struct {
		cluster string
		want    error
	}{{"", nil}, {"one", nil}, {"two", ErrCluster}, {"", nil}, {"one", nil}} {
		db, err := Open(dir, Options{Cluster: step.cluster, MinFree: -1})
		if !errors.Is(err, step.want) {
			t.Fatalf("cluster %q: %v, want %v", step.cluster, err, step.want)
		}
		if err == nil {
			must(t, db.Close())
		}
	}
	must(t, Reset(dir))
	must(t, openTest(t, dir, Options{Cluster: "two"}).Close())
}

func TestNewerFolderIsRefused(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, recordFile), []byte(`{"version": 2}`), 0o600))
	if _, err := Open(dir, Options{MinFree: -1}); !errors.Is(err, ErrVersion) {
		t.Errorf("%v, want ErrVersion", err)
	}
}

func TestUnusableFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	if _, err := Open(filepath.Join(file, "state"), Options{}); err == nil {
		t.Error("a folder below a file was opened")
	}
}

// A full disk refuses commits and loses nothing; once there is room again the
// same commit goes through.
func TestDiskFull(t *testing.T) {
	free := uint64(1 << 30)
	opts := Options{MinFree: 100 << 20, free: func(string) (uint64, error) { return free, nil }}
	dir := t.TempDir()
	db := openTest(t, dir, opts)
	p, err := db.Partition("agg", 0)
	must(t, err)
	must(t, p.Put([]byte("k"), []byte("v")))
	free = 99 << 20
	if err := db.Space(); !errors.Is(err, ErrDiskFull) {
		t.Errorf("space: %v, want ErrDiskFull", err)
	}
	if err := p.Commit(Position{Changelog: 1}); !errors.Is(err, ErrDiskFull) {
		t.Errorf("commit: %v, want ErrDiskFull", err)
	}
	if _, ok := p.Position(); ok || p.Entries() != 0 || p.Pending() != 1 {
		t.Error("the refused commit changed the partition")
	}
	free = 100 << 20
	must(t, p.Commit(Position{Changelog: 1}))
	must(t, db.Close())
	free = 0
	opts.memTable = minMemTable
	if _, err := Open(dir, opts); !errors.Is(err, ErrDiskFull) {
		t.Errorf("open: %v, want ErrDiskFull", err)
	}
	free = 1 << 30
	p, err = openTest(t, dir, opts).Partition("agg", 0)
	must(t, err)
	if v, _, _ := p.Get([]byte("k")); string(v) != "v" {
		t.Errorf("value %q, want v", v)
	}
}

func TestFreeSpaceIsReal(t *testing.T) {
	free, err := freeSpace(t.TempDir())
	if err != nil || free == 0 {
		t.Errorf("%d bytes, %v", free, err)
	}
	if _, err := freeSpace("/no/such/folder"); err == nil {
		t.Error("no error for a folder that is not there")
	}
}

// unclean is a folder whose process was killed, and the partition in it.
func unclean(t *testing.T) child {
	t.Helper()
	c := child{dir: t.TempDir(), seed: 1, budget: -1, until: 2}
	c.run(t)
	return c
}

func TestProbeCommand(t *testing.T) {
	for _, test := range []struct {
		name     string
		probe    []string
		incident string // part of the reason, "" for none
		fails    bool
	}{
		{"own process", selfProbe(), "", false},
		{"this process", nil, "", false},
		{"exits with an error", []string{"sh", "-c", "echo table is gone; echo more; exit 3"}, "exit status 3: table is gone", false},
		{"is killed", []string{"sh", "-c", "kill -BUS $$"}, "bus error", false},
		{"does not exist", []string{filepath.Join(t.TempDir(), "nothing")}, "", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if len(test.probe) > 0 && test.probe[0] == "sh" {
				if _, err := exec.LookPath("sh"); err != nil {
					t.Skip("skipped because there is no sh")
				}
			}
			c := unclean(t)
			db, err := Open(c.dir, Options{Budget: -1, MinFree: -1, Probe: test.probe})
			if test.fails {
				if err == nil || errors.Is(err, ErrCorrupt) {
					t.Errorf("%v, want an error that is no damage", err)
				}
				return
			}
			must(t, err)
			defer db.Close()
			p, err := db.Partition("agg", 0)
			must(t, err)
			if _, ok := p.Position(); ok != (test.incident == "") {
				t.Errorf("position: %v", ok)
			}
			if got := fmt.Sprint(db.Incidents()); !strings.Contains(got, test.incident) || test.incident == "" && got != "[]" {
				t.Errorf("incidents %s, want %q", got, test.incident)
			}
		})
	}
}

// A folder whose examination ended the process is not examined again.
func TestProbeThatEndsTheProcess(t *testing.T) {
	c := unclean(t)
	must(t, os.WriteFile(filepath.Join(c.dir, probingFile), nil, 0o600))
	db := openAny(t, c.dir, Options{Budget: -1})
	if in := db.Incidents(); len(in) != 1 || !errors.Is(in[0].Reason, ErrCorrupt) {
		t.Errorf("incidents %v, want one", in)
	}
	must(t, db.Close())
	if in := openAny(t, c.dir, Options{Budget: -1}).Incidents(); len(in) != 0 {
		t.Errorf("incidents %v at the next start, want none", in)
	}
}

// Entries that vanish behind Badger's back are found when the partition is
// opened, and reported for that partition alone.
func TestPartitionDamage(t *testing.T) {
	dir := t.TempDir()
	db := openTest(t, dir, Options{})
	for i := range int32(2) {
		p, err := db.Partition("agg", i)
		must(t, err)
		must(t, p.Put([]byte("k"), []byte("v")))
		must(t, p.Commit(Position{Changelog: 5}))
		p.Close()
	}
	must(t, db.kv.drop(taskID{"agg", 0}.prefix(kindBlock)))
	p, err := db.Partition("agg", 0)
	must(t, err)
	if _, ok := p.Position(); ok || p.Entries() != 0 {
		t.Error("the damaged partition is not empty")
	}
	in := db.Incidents()
	if len(in) != 1 || in[0].Partition != "agg/0" || !errors.Is(in[0].Reason, ErrCorrupt) {
		t.Errorf("incidents %v, want one of agg/0", in)
	} else if said := in[0].Err().Error(); !strings.HasPrefix(said, "partition agg/0: ") {
		t.Errorf("it says %q, want the partition in it", said)
	}
	if p, err = db.Partition("agg", 1); err != nil || p.Entries() != 1 {
		t.Errorf("the other partition: %v", err)
	}
	must(t, db.kv.drop(taskID{"agg", 1}.prefix(kindMeta)))
	p.Close()
	if p, err = db.Partition("agg", 1); err != nil || p.Entries() != 0 || len(db.Incidents()) != 2 {
		t.Errorf("without its commit record: %v, incidents %v", err, db.Incidents())
	}
}

func TestPartitionsAreApart(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			db := Memory()
			if kind.files {
				db = openTest(t, t.TempDir(), Options{Budget: kind.budget})
			}
			ids := []taskID{{"", 0}, {"a", 0}, {"a", 1}, {"a", 256}, {"a\x00", 0}}
			for _, id := range ids {
				p, err := db.Partition(id.sub, id.partition)
				must(t, err)
				must(t, p.Put([]byte("k"), []byte(id.String())))
				must(t, p.Commit(Position{}))
			}
			p, err := db.Partition("a", 0)
			must(t, err)
			must(t, p.Wipe())
			for _, id := range ids {
				p, err := db.Partition(id.sub, id.partition)
				must(t, err)
				p.Close()
				p, err = db.Partition(id.sub, id.partition)
				must(t, err)
				v, ok, err := p.Get([]byte("k"))
				must(t, err)
				if wiped := id == (taskID{"a", 0}); ok == wiped || ok && string(v) != id.String() {
					t.Errorf("%s: %q, %v", id, v, ok)
				}
			}
		})
	}
	if _, err := Memory().Partition(strings.Repeat("x", 256), 0); err == nil {
		t.Error("a long sub-topology was accepted")
	}
	if _, err := Memory().Partition("x", -1); err == nil {
		t.Error("a negative partition was accepted")
	}
}

// Past the budget the large partition changes its layout, and the small ones
// keep theirs.
func TestBudget(t *testing.T) {
	db := openTest(t, t.TempDir(), Options{Budget: 200_000})
	var parts []*Partition
	for i := range int32(4) {
		p, err := db.Partition("agg", i)
		must(t, err)
		parts = append(parts, p)
		n := 10
		if i == 2 {
			n = 1500
		}
		for k := range n {
			must(t, p.Put(fmt.Append(nil, k), make([]byte, 100)))
		}
		must(t, p.Commit(Position{}))
	}
	for i, want := range []Layout{LayoutBlocks, LayoutBlocks, LayoutKeys, LayoutBlocks} {
		if got := parts[i].Layout(); got != want {
			t.Errorf("partition %d has layout %s, want %s", i, got, want)
		}
	}
	if got := parts[2].Entries(); got != 1500 {
		t.Errorf("%d entries after the change, want 1500", got)
	}
	for _, p := range parts {
		p.Close()
	}
	if used := db.used.Load(); used != 0 {
		t.Errorf("%d bytes in use, want 0 with all partitions closed", used)
	}
}

// Virtual time shows what is done every so often, and that Badger and the
// folder live in a bubble.
func TestRecordIsBroughtUpToDate(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		db := openTest(t, dir, Options{})
		p, err := db.Partition("agg", 0)
		must(t, err)
		for i := range 61 {
			must(t, p.Commit(Position{Changelog: int64(i + 1)}))
			r, _, err := readRecord(dir)
			must(t, err)
			if behind := int64(i+1) - r.Partitions["agg/0"].Changelog; behind > 10 {
				t.Fatalf("STATE.json is %d s behind", behind)
			}
			if saved := p.Saved(); !saved.Equal(time.Now()) {
				t.Fatalf("saved %v, want now", saved)
			}
			time.Sleep(time.Second)
		}
		must(t, db.Close())
	})
	r, _, err := readRecord(dir)
	must(t, err)
	if got := r.Partitions["agg/0"]; got.Changelog != 61 || got.Layout != LayoutBlocks {
		t.Errorf("after close: %+v, want offset 61", got)
	}
}

func TestClosed(t *testing.T) {
	db := openTest(t, t.TempDir(), Options{})
	p, err := db.Partition("agg", 0)
	must(t, err)
	must(t, db.Close())
	must(t, db.Close())
	if _, err := db.Partition("agg", 0); !errors.Is(err, ErrClosed) {
		t.Errorf("partition of a closed DB: %v, want ErrClosed", err)
	}
	if err := p.Commit(Position{}); !errors.Is(err, ErrClosed) {
		t.Errorf("commit in a closed DB: %v, want ErrClosed", err)
	}
}
