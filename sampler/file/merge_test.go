package file_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/riffle-stream/riffle/sampler/file"
)

// A sample that is kept topic by topic is the sample that was read at once.
func TestMergedTopicsAreTheWhole(t *testing.T) {
	all := rows()
	all[0].Gap, all[1].Gap, all[2].Gap, all[3].Gap = 5, 1, 7, 2 // none at once: their order would be open
	wholePath, _ := write(t, header, all)
	whole, err := file.Read(wholePath)
	if err != nil {
		t.Fatal(err)
	}
	var parts []*file.Sample
	for i, topic := range header.Topics {
		h := header
		h.Topics = header.Topics[i : i+1 : i+1]
		h.From, h.To = int64(10+i), int64(20+i)
		parts = append(parts, only(t, h, all, topic.Name))
	}
	got, err := file.Merge(parts...)
	if err != nil {
		t.Fatal(err)
	}
	if got.From != 10 || got.To != 21 {
		t.Errorf("cut at %d and %d, want 10 and 21", got.From, got.To)
	}
	got.From, got.To = 0, 0
	if diff := cmp.Diff(whole, got); diff != "" {
		t.Errorf("merged (-whole +merged):\n%s", diff)
	}
	path := filepath.Join(t.TempDir(), "saved")
	if err := got.Save(path); err != nil {
		t.Fatal(err)
	}
	saved, err := file.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(whole, saved); diff != "" {
		t.Errorf("saved (-whole +saved):\n%s", diff)
	}
}

// only writes and reads the rows of one topic, with the gaps between them.
func only(t *testing.T, h file.Header, all []file.Row, topic string) *file.Sample {
	t.Helper()
	var some []file.Row
	var at, last time.Duration
	for _, r := range all {
		if at += r.Gap; r.Topic == topic {
			r.Gap, last = at-last, at
			some = append(some, r)
		}
	}
	path, _ := write(t, h, some)
	s, err := file.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestMergeRefusesATopicTwice(t *testing.T) {
	path, _ := write(t, header, rows())
	s, err := file.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Merge(s, s); !errors.Is(err, file.ErrCorrupt) {
		t.Errorf("error %v, want ErrCorrupt", err)
	}
}

func TestSaveRefusesWhatWasChanged(t *testing.T) {
	path, _ := write(t, header, rows())
	s, err := file.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	s.Records[0].Time++
	if err := s.Save(path); !errors.Is(err, file.ErrCorrupt) {
		t.Errorf("error %v, want ErrCorrupt", err)
	}
}
