package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/riffle-stream/riffle/broker"
	"github.com/riffle-stream/riffle/broker/embedded"
	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/cluster/registry"
	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/codec/table"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/kernel"
)

// write puts the rows of a frame into a topic.
func (s *Session) write(f cells.Frame, topic string, options ...cells.SinkOption) {
	if s.quiet {
		return
	}
	c := s.current()
	if f.Err() == nil {
		if _, ends := f.Node().Op.(*plan.Sink); ends {
			s.must(fmt.Errorf("Write: the frame ends in To already: give the frame before it, and %q says where the rows go", topic))
		}
	}
	to := f.To(topic, options...)
	s.must(to.Err())
	where, err := s.samples.config(c.ctx)
	s.must(err)
	asked, err := s.registryFor(c.ctx, to, where)
	s.must(err)
	o, err := s.runWriting(c.ctx, to, asked)
	s.must(err)
	if len(o.sent) == 0 {
		s.must(fmt.Errorf("Write: there are no rows to put into %s", topic))
	}
	s.must(s.mayWrite(c, where, topic, len(o.sent)))
	if err := broker.Records(c.ctx, where, topic, o.sent); err != nil {
		s.must(fmt.Errorf("Write(%q): %w", topic, err))
	}
	left := ""
	if n := len(o.bad); n > 0 {
		left = fmt.Sprintf("; %s could not be taken, the first: %s", count(n, "row"), first(o.bad[0]))
	}
	seen, err := s.samples.wrote(c.ctx, topic)
	s.must(err)
	left += seen
	c.out.Stream(kernel.Stdout, fmt.Sprintf("%s written to %s%s\n", count(len(o.sent), "row"), topic, left))
}

// registryFor is the registry that a frame's format needs, or nil.
func (s *Session) registryFor(ctx context.Context, f cells.Frame, where cluster.Config) (codec.Schemas, error) {
	op := f.Node().Op.(*plan.Sink)
	c, err := codec.Formats{Known: known()}.Parse(op.Format)
	if err != nil {
		return nil, fmt.Errorf("Write(%q): %w", op.Topic, err)
	}
	if d, ok := c.(codec.Described); !ok || !d.Registered(true) {
		return nil, nil
	}
	r, err := registry.Open(ctx, where.Registry)
	if err != nil {
		return nil, fmt.Errorf("Write(%q): %w", op.Topic, err)
	}
	return r, nil
}

// mayWrite asks before rows go to a Kafka that is not the notebook's own.
func (s *Session) mayWrite(c *running, where cluster.Config, topic string, n int) error {
	from, err := s.samples.open(c.ctx)
	if err != nil {
		return err
	}
	if embedded.IsCluster(from.ClusterID()) {
		return nil
	}
	answer, err := c.out.Input(c.ctx, fmt.Sprintf("write %s to topic %s of %s? (yes or no) ", count(n, "row"), topic, strings.Join(where.Brokers, ",")), false)
	if err != nil {
		return fmt.Errorf("Write(%q): it asks before it writes to a Kafka that is not the embedded one: %w", topic, err)
	}
	if a := strings.ToLower(strings.TrimSpace(answer)); a != "yes" && a != "y" {
		return errors.New("Write: nothing was written")
	}
	return nil
}

// save writes the rows of a frame or a table to a file.
func (s *Session) save(v any, path string) {
	if s.quiet {
		return
	}
	b, unit, err := s.rowsOf(v)
	s.must(err)
	var out bytes.Buffer
	if err := table.Write(&out, path, b, unit); err != nil {
		s.must(fmt.Errorf("Save: %w", err))
	}
	to := path
	if !filepath.IsAbs(to) {
		to = filepath.Join(s.cfg.Dir, to)
	}
	if err := replace(to, out.Bytes()); err != nil {
		s.must(fmt.Errorf("Save(%q): %w", path, err))
	}
	s.current().out.Stream(kernel.Stdout, fmt.Sprintf("%s written to %s\n", count(b.Len(), "row"), path))
}

// rowsOf are the rows that a value has, and the unit of their times.
func (s *Session) rowsOf(v any) (*row.Batch, string, error) {
	if t, ok := v.(*row.Table); ok {
		return t.Batch(), "", nil
	}
	frames := cells.Frames(v)
	if len(frames) != 1 {
		return nil, "", fmt.Errorf("Save: %T has no rows, want a frame or what Collect gave", v)
	}
	o, err := s.rows(s.current().ctx, frames[0])
	if err != nil {
		return nil, "", err
	}
	return o.tables[0].Batch(), o.plan.Roots[0].TimeUnit(), nil
}

// replace puts a file in its place when it is whole.
func replace(path string, content []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(content)
	if err = errors.Join(err, tmp.Chmod(0o644), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}
