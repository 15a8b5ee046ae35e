package sampler

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/sampler/file"
)

// Why a pin is not there.
var (
	ErrNotPinned    = errors.New("not pinned")
	ErrOtherCluster = errors.New("pinned from another cluster")
)

// Pins is a folder of samples, one for each topic of each cluster, as raw bytes.
type Pins struct {
	Dir string
}

// Pin is one of them.
type Pin struct {
	file.Header
	Fingerprint file.Fingerprint
	Path        string
}

const pinSuffix = ".sample"

func (p Pins) path(clusterID, topic string) string {
	return filepath.Join(p.Dir, folderName(clusterID), topic+pinSuffix)
}

// folderName makes any cluster id the name of a folder.
func folderName(clusterID string) string {
	var b strings.Builder
	for _, c := range []byte(clusterID) {
		if legal(c) && c != '.' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	return "cluster-" + b.String()
}

// Load reads the pin of a topic. The error wraps [ErrNotPinned], or [ErrOtherCluster] if the topic is pinned from others only, or an
// error of package file if the pin is broken.
func (p Pins) Load(clusterID, topic string) (*file.Sample, error) {
	if err := checkName(topic); err != nil {
		return nil, err
	}
	s, err := file.Read(p.path(clusterID, topic))
	if err == nil && (s.ClusterID != clusterID || len(s.Topics) != 1 || s.Topics[0].Name != topic) {
		err = fmt.Errorf("%s: %w: it is of cluster %s", p.path(clusterID, topic), file.ErrCorrupt, s.ClusterID)
	}
	if !errors.Is(err, os.ErrNotExist) {
		return s, err
	}
	others, err := filepath.Glob(filepath.Join(globQuote(p.Dir), "cluster-*", topic+pinSuffix))
	if err != nil || len(others) == 0 {
		return nil, fmt.Errorf("topic %s: %w", topic, ErrNotPinned)
	}
	return nil, p.otherCluster(clusterID, topic, others[0])
}

func (p Pins) otherCluster(clusterID, topic, path string) error {
	h, _, err := file.ReadHeader(path)
	if err != nil {
		return fmt.Errorf("topic %s: %w, and broken: %w", topic, ErrOtherCluster, err)
	}
	return fmt.Errorf("topic %s: %w: the rows of %s came from %s, this is %s; Resample reads it here",
		topic, ErrOtherCluster, h.Created.Format(time.DateTime), h.ClusterID, clusterID)
}

// List tells of all pins, without reading their rows. Broken ones are left out, and told of by the error.
func (p Pins) List() (pins []Pin, err error) {
	paths, err := filepath.Glob(filepath.Join(globQuote(p.Dir), "cluster-*", "*"+pinSuffix))
	if err != nil {
		return nil, fmt.Errorf("pins: %w", err)
	}
	var broken []error
	for _, path := range paths {
		h, f, err := file.ReadHeader(path)
		if err != nil {
			broken = append(broken, err)
			continue
		}
		pins = append(pins, Pin{Header: h, Fingerprint: f, Path: path})
	}
	return pins, errors.Join(broken...)
}

// Remove forgets the pin of a topic.
func (p Pins) Remove(clusterID, topic string) error {
	if err := checkName(topic); err != nil {
		return err
	}
	if err := os.Remove(p.path(clusterID, topic)); err != nil {
		return fmt.Errorf("pin of %s: %w", topic, err)
	}
	return nil
}

func globQuote(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// pinSet is the files of one reading, a topic each.
type pinSet struct {
	pins   Pins
	header file.Header
	topics []pinWriter
	byName map[string]*pinWriter
}

type pinWriter struct {
	*file.Writer
	path string
	last time.Duration // when the row before was received

	oldest, newest int64 // Kafka timestamps of its rows, ms
}

// create begins the files of a reading. The folder is closed to other users, and to version control: rows may be anybody's secret.
func (p Pins) create(h file.Header, topics []file.Topic) (*pinSet, error) {
	folder := filepath.Join(p.Dir, folderName(h.ClusterID))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("pins: %w", err)
	}
	ignore := filepath.Join(p.Dir, ".gitignore")
	if _, err := os.Stat(ignore); errors.Is(err, os.ErrNotExist) {
		if err := os.WriteFile(ignore, []byte("*\n"), 0o600); err != nil {
			return nil, fmt.Errorf("pins: %w", err)
		}
	}
	set := &pinSet{pins: p, header: h, byName: map[string]*pinWriter{}, topics: make([]pinWriter, 0, len(topics))}
	for _, t := range topics {
		h.Topics = []file.Topic{t}
		path := p.path(h.ClusterID, t.Name)
		w, err := file.Create(path, h)
		if err != nil {
			set.abort()
			return nil, err
		}
		set.topics = append(set.topics, pinWriter{Writer: w, path: path})
		set.byName[t.Name] = &set.topics[len(set.topics)-1]
	}
	return set, nil
}

func (set *pinSet) write(r file.Row, received time.Duration) error {
	w := set.byName[r.Topic]
	r.Gap, w.last = received-w.last, received
	if w.Rows() == 0 {
		w.oldest, w.newest = r.Time, r.Time
	}
	w.oldest, w.newest = min(w.oldest, r.Time), max(w.newest, r.Time)
	return w.Write(r)
}

// busiest is the topic with the most rows.
func (set *pinSet) busiest() pinWriter {
	return slices.MaxFunc(set.topics, func(a, b pinWriter) int { return a.Rows() - b.Rows() })
}

// finish puts all files in place and reads them back: what is given is what is kept.
func (set *pinSet) finish() (*file.Sample, error) {
	defer set.abort() // of what is not in place after an error
	for _, w := range set.topics {
		if _, err := w.Close(); err != nil {
			return nil, err
		}
	}
	var all []*file.Sample
	for _, w := range set.topics {
		s, err := file.Read(w.path)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return file.Merge(all...)
}

func (set *pinSet) abort() {
	for _, w := range set.topics {
		w.Abort()
	}
}

// Describe keeps the schemas that the rows of a topic name beside them in its pin.
func (s *Sampler) Describe(topic string, schemas []codec.Schema) error {
	pins := Pins{s.opts.Pins}
	sample, err := pins.Load(s.id, topic)
	if err != nil {
		return err
	}
	if sample, err = sample.WithSchemas(topic, schemas); err != nil {
		return err
	}
	return sample.Save(pins.path(s.id, topic))
}
