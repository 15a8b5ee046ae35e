package state

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The test binary runs itself again: as a process that commits and is killed,
// or as the one that examines a folder.
const (
	envScript    = "RIFFLE_STATE_SCRIPT"  // folder: play the script in it
	envFailpoint = "RIFFLE_FAILPOINT"     // name: the process kills itself there …
	envHit       = "RIFFLE_FAILPOINT_HIT" // … at the n-th time
	envSeed      = "RIFFLE_STATE_SEED"    // of the script
	envBudget    = "RIFFLE_STATE_BUDGET"  // Options.Budget
	envUntil     = "RIFFLE_STATE_UNTIL"   // last step
	envClose     = "RIFFLE_STATE_CLOSE"   // whether to close in the end
	probeCommand = "state-probe"          // first argument: examine the folder of the second
)

var long = flag.Bool("long", false, "crash more often, and at later hits of the failpoints")

func TestMain(m *testing.M) {
	switch {
	case len(os.Args) == 3 && os.Args[1] == probeCommand:
		if err := Probe(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	case os.Getenv(envScript) != "":
		if err := play(os.Getenv(envScript), os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	default:
		os.Exit(m.Run())
	}
}

func selfProbe() []string { return []string{os.Args[0], probeCommand} }

// script is a deterministic history of one partition. Step i leads from the
// state after step i-1 to the state after step i, under Changelog offset i.
type script struct{ seed uint64 }

// change is one touched key; deleted if value is nil.
type change struct {
	key   string
	value []byte
}

// kind of step i: small commits, and now and then something rare.
func (s script) kind(i int) string {
	switch {
	case i%7 == 3:
		return "large" // more than one Badger transaction takes
	case i%7 == 5:
		return "many" // more records than one transaction takes
	case i%11 == 8:
		return "restore"
	case i%11 == 10:
		return "rebuild" // wipe and restore all
	}
	return "small"
}

// changes of step i. All steps change the same few hundred keys, so that a torn
// step shows.
func (s script) changes(i int) []change {
	rnd := rand.New(rand.NewPCG(s.seed, uint64(i)))
	noise := rand.NewChaCha8([32]byte{byte(s.seed), byte(s.seed >> 8), byte(i)})
	n, keys, size := 50, 300, 30
	switch s.kind(i) {
	case "large":
		n, size = 150, 20_000
	case "restore":
		n, size = 400, 30_000
	case "many":
		n, keys, size = 18_000, 60_000, 1
	}
	out := map[string][]byte{}
	for range n {
		key := fmt.Sprint("k", rnd.IntN(keys))
		if out[key] = nil; rnd.IntN(5) > 0 {
			// Random bytes, for a flipped bit in a run of equal ones may do no harm.
			out[key] = make([]byte, size+rnd.IntN(5))
			noise.Read(out[key])
		}
	}
	var all []change
	for _, key := range slices.Sorted(maps.Keys(out)) {
		all = append(all, change{key, out[key]})
	}
	return all
}

// after is the state after step i.
func (s script) after(i int) map[string]string {
	state := map[string]string{}
	for j := 1; j <= i; j++ {
		for _, c := range s.changes(j) {
			if c.value == nil {
				delete(state, c.key)
			} else {
				state[c.key] = string(c.value)
			}
		}
	}
	return state
}

// step does step i on a partition that stands at i-1.
func (s script) step(p *Partition, i int) error {
	pos := Position{Changelog: int64(i), Inputs: map[string]int64{"in/0": int64(i)}}
	switch s.kind(i) {
	case "restore":
		return restore(p, s.changes(i), pos)
	case "rebuild":
		if err := p.Wipe(); err != nil {
			return err
		}
		return s.rebuild(p, i)
	}
	for _, c := range s.changes(i) {
		err := p.Put([]byte(c.key), c.value)
		if c.value == nil {
			err = p.Delete([]byte(c.key))
		}
		if err != nil {
			return err
		}
	}
	return p.Commit(pos)
}

// rebuild restores the state after step i into an empty partition.
func (s script) rebuild(p *Partition, i int) error { return rebuild(p, s.after(i), i) }

func rebuild(p *Partition, state map[string]string, i int) error {
	var all []change
	for _, key := range slices.Sorted(maps.Keys(state)) {
		all = append(all, change{key, []byte(state[key])})
	}
	return restore(p, all, Position{Changelog: int64(i)})
}

func restore(p *Partition, changes []change, pos Position) error {
	r := p.Restore()
	for _, c := range changes {
		if err := r.Apply([]byte(c.key), c.value); err != nil {
			return err
		}
	}
	return r.Finish(pos)
}

// play brings the partition in a folder up to the last step, and writes the
// number of each step that is done.
func play(dir string, out io.Writer) error {
	number := func(name string) int64 {
		n, _ := strconv.ParseInt(os.Getenv(name), 10, 64)
		return n
	}
	name, hits := os.Getenv(envFailpoint), number(envHit)
	db, err := Open(dir, Options{Budget: number(envBudget), MinFree: -1, memTable: minMemTable, Failpoint: func(point string) {
		if point != name {
			return
		}
		if hits--; hits == 0 {
			die()
		}
	}})
	if err != nil {
		return err
	}
	p, err := db.Partition("agg", 0)
	if err != nil {
		return err
	}
	s := script{uint64(number(envSeed))}
	pos, _ := p.Position()
	for i := int(pos.Changelog) + 1; i <= int(number(envUntil)); i++ {
		if err := s.step(p, i); err != nil {
			return err
		}
		fmt.Fprintln(out, i)
	}
	if os.Getenv(envClose) == "" {
		die()
	}
	return db.Close()
}

// die ends the process as kill -9 does.
func die() {
	if p, err := os.FindProcess(os.Getpid()); err == nil {
		p.Kill()
	}
	select {}
}

// child is the process that plays the script.
type child struct {
	dir, failpoint string
	hit            int
	seed           uint64
	budget         int64
	until          int
	close          bool
	killAfter      time.Duration // 0: never
}

// run returns the last step that the process had done.
func (c child) run(t *testing.T) (done int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), envScript+"="+c.dir, envFailpoint+"="+c.failpoint, envHit+"="+strconv.Itoa(c.hit),
		envSeed+"="+strconv.FormatUint(c.seed, 10), envBudget+"="+strconv.FormatInt(c.budget, 10), envUntil+"="+strconv.Itoa(c.until))
	if c.close {
		cmd.Env = append(cmd.Env, envClose+"=1")
	}
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if c.killAfter > 0 {
		timer := time.AfterFunc(c.killAfter, func() { cmd.Process.Kill() })
		defer timer.Stop()
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		done, _ = strconv.Atoi(lines.Text())
	}
	if err := cmd.Wait(); err != nil && said.Len() > 0 { // the killed say nothing
		t.Fatalf("%+v: %v: %s", c, err, said.String())
	}
	return done
}

// verify opens the folder after a crash: the partition must stand at a step
// that was done or at the next one, and hold exactly the state after it.
// Between two steps of a restore it may hold more, which restoring again heals.
func verify(t *testing.T, c child, done int) (at int) {
	t.Helper()
	db := openTest(t, c.dir, Options{Budget: c.budget, Probe: selfProbe()})
	defer db.Close()
	p, err := db.Partition("agg", 0)
	if err != nil {
		t.Fatal(err)
	}
	s := script{c.seed}
	pos, ok := p.Position()
	if !ok {
		if p.Entries() != 0 || len(scanStore(t, p, "")) != 0 {
			t.Fatal("entries without a position")
		}
		if s.kind(done+1) != "rebuild" && done > 0 {
			t.Fatalf("no position after step %d", done)
		}
		if err := s.rebuild(p, done); err != nil {
			t.Fatal(err)
		}
		pos.Changelog = int64(done)
	}
	at = int(pos.Changelog)
	if at != done && at != done+1 {
		t.Fatalf("stands at step %d, %d were done", at, done)
	}
	if ok && at == done && s.kind(at+1) == "restore" {
		if err := s.step(p, at+1); err != nil {
			t.Fatal(err)
		}
		at++
	}
	if want, got := scanMap(s.after(at), ""), scanStore(t, p, ""); !slices.Equal(want, got) {
		t.Fatalf("step %d is torn (-want +got):\n%.2000s", at, cmp.Diff(want, got))
	}
	return at
}

// failpoints are all the places where a commit can be cut in two, by the kind
// of partition that comes by them.
var failpoints = map[string][]string{
	"keys": {"commit.before", "commit.after", "journal.batch", "apply.batch", "redo.batch", "drop.batch",
		"wipe.m", "wipe.s", "wipe.j", "restore.flush"},
	"blocks": {"commit.before", "commit.after", "commit.batch", "snapshot.after", "wipe.m", "wipe.b", "restore.flush"},
	"change": {"convert.batch", "convert.before", "convert.after", "drop.batch"},
}

var crashBudgets = map[string]int64{"keys": -1, "blocks": 1 << 30, "change": 3 << 20}

func TestCrashAtFailpoints(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because -short leaves out tests that kill processes")
	}
	for kind, points := range failpoints {
		for _, point := range points {
			t.Run(kind+"/"+point, func(t *testing.T) {
				t.Parallel()
				hits := []int{1}
				if *long {
					hits = []int{1, 2, 4, 7}
				}
				for _, hit := range hits {
					c := child{dir: t.TempDir(), failpoint: point, hit: hit, seed: rand.Uint64() >> 1, budget: crashBudgets[kind], until: 22}
					t.Logf("hit %d, seed %d", hit, c.seed)
					done := c.run(t)
					if done == c.until && hit == 1 {
						t.Fatal("the process did not come by")
					}
					at := verify(t, c, done)
					c.failpoint, c.until, c.close = "", at+2, true
					if done := c.run(t); done != at+2 {
						t.Fatalf("goes on to step %d, want %d", done, at+2)
					}
					verify(t, c, at+2)
				}
			})
		}
	}
}

// Kills at any time, one after the other on the same folder.
func TestCrashAnywhere(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because -short leaves out tests that kill processes")
	}
	kills := 5
	if *long {
		kills = 40
	}
	for kind, budget := range crashBudgets {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			seed := rand.Uint64() >> 1
			t.Logf("seed %d", seed)
			rnd := rand.New(rand.NewPCG(seed, 1))
			c := child{dir: t.TempDir(), seed: seed, budget: budget, until: 1 << 30}
			at := 0
			for range kills {
				c.killAfter = time.Duration(50+rnd.IntN(400)) * time.Millisecond
				done := c.run(t)
				at = verify(t, c, max(at, done))
			}
			if at < kills/2 {
				t.Errorf("only %d steps in %d runs", at, kills)
			}
		})
	}
}
