//go:build synctests

package stream

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"

	df "github.com/riffle-stream/riffle/dataframe"
)

const anewChangelog = "ledger-1-changelog"

// anew is a world with a program that counts by id, and its state folder.
func anew(t *testing.T, test func(t *testing.T, w *world, dir string)) {
	t.Helper()
	tiny(t, func(t *testing.T, w *world) {
		w.topic("in", 2, nil)
		w.put("in", counted(0, 10)...)
		w.graph(in().GroupBy("id").ApplyState(func(r df.Row, s *df.State) df.Row {
			s.Set("n", s.Int("n", 0)+1)
			return r.With("n", s.Int("n", 0))
		}, "n int").To("out"))
		test(t, w, t.TempDir())
	})
}

// counted are rows with five ids.
func counted(from, to int) []string {
	var out []string
	for i := from; i < to; i++ {
		out = append(out, fmt.Sprintf(`{"id":%d,"text":"%d"}`, i%5, i))
	}
	return out
}

// remake deletes a topic and makes it anew.
func (w *world) remake(topic string) {
	w.t.Helper()
	adm := kadm.NewClient(w.client())
	defer adm.Close()
	if _, err := adm.DeleteTopics(context.Background(), topic); err != nil {
		w.t.Fatal(err)
	}
	time.Sleep(time.Minute)
	w.topic(topic, 2, nil)
}

func in1(dir string) func(*Config) { return func(c *Config) { c.StateDir = dir } }

// TestInputMadeAnew has a topic made anew that then holds more rows than were
// read of the old: its offsets would seem to go on.
func TestInputMadeAnew(t *testing.T) {
	anew(t, func(t *testing.T, w *world, dir string) {
		if err := w.runFor(10*time.Second, in1(dir)); err != nil {
			t.Fatal(err)
		}
		w.remake("in")
		w.put("in", counted(0, 40)...)
		ends(t, w.runFor(time.Minute, in1(dir)), ErrGone, "topic in was deleted and made anew", "--group")
		ends(t, w.runFor(time.Minute, in1(t.TempDir())), ErrGone, "topic in was deleted and made anew")
	})
}

// TestChangelogMadeAnew has state whose changelog was deleted: nothing can be trusted, and nothing is guessed.
func TestChangelogMadeAnew(t *testing.T) {
	anew(t, func(t *testing.T, w *world, dir string) {
		if err := w.runFor(10*time.Second, in1(dir)); err != nil {
			t.Fatal(err)
		}
		w.remake(anewChangelog)
		ends(t, w.runFor(time.Minute, in1(dir)), ErrGone, anewChangelog, "--group")
		ends(t, w.runFor(time.Minute, in1(t.TempDir())), ErrMoved, anewChangelog)
	})
}

// TestChangelogMadeAnewMeanwhile has it happen under a process that runs and
// goes on: the new topic holds a part of the state, which must not pass for all of it.
func TestChangelogMadeAnewMeanwhile(t *testing.T) {
	anew(t, func(t *testing.T, w *world, dir string) {
		go func() {
			time.Sleep(10 * time.Second)
			w.remake(anewChangelog)
			w.put("in", counted(10, 12)...)
		}()
		if err := w.runFor(3*time.Minute, in1(dir)); err == nil || !permanent(err) {
			t.Errorf("the process ended with %v", err)
		}
		if err := w.runFor(time.Minute, in1(t.TempDir())); err == nil || !permanent(err) {
			t.Errorf("a start without its folder ended with %v", err)
		}
	})
}
