package session

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/export"
	"github.com/riffle-stream/riffle/kernel"
)

// verbs are the functions that take the place of those of package cells.
func (s *Session) verbs() map[string]reflect.Value {
	out := map[string]reflect.Value{}
	for name, fn := range map[string]any{
		"Topic": s.topic, "Table": s.table, "DeadLetters": s.deadLetters, "Show": s.showVerb, "Sample": s.sample, "Resample": s.resample, "Live": s.liveVerb, "Replay": s.replayVerb,
		"ReadCSV": s.readCSV, "ReadJSONL": s.readJSONL, "ReadParquet": s.readParquet, "Rows": s.rowsVerb, "Generate": s.generate,
		"Write": s.write, "Save": s.save, "File": s.fileVerb,
		"Export": s.exportVerb, "Collect": s.collect, "Count": s.count, "Expect": s.expect, "Display": s.display, "Connect": s.connect,
		"Topics": s.topics, "StopAll": s.stopAll, "Groups": s.groups, "Peek": s.peek, "ValueCounts": s.valueCounts,
		"Functions": s.functions, "ShowJSON": s.showJSON, "Input": s.input, "Password": s.password, "Progress": s.progress,
		"Clear": func() { s.current().out.Clear(true) },
	} {
		out[name] = reflect.ValueOf(fn)
	}
	return out
}

func (s *Session) topic(name string, options ...cells.TopicOption) cells.Frame {
	return s.watched(cells.Topic(name, options...))
}

func (s *Session) deadLetters(topic string) cells.Frame { return s.watched(cells.DeadLetters(topic)) }

// watched is a frame that is checked here, as are those that are built from it.
func (s *Session) watched(f cells.Frame) cells.Frame {
	f = f.Watched(s.watch)
	s.watch(f)
	return f
}

// must ends the cell if a verb failed.
func (s *Session) must(err error) {
	if err != nil {
		s.current().fail(err)
	}
}

func (s *Session) showVerb(v any, options ...cells.Option) {
	s.must(only("Show", options, "Limit", "By"))
	b, err := s.look(v, options)
	s.must(err)
	s.current().out.Show(kernel.Display{Bundle: kernel.Bundle(b)})
}

func (s *Session) sample(f cells.Frame, options ...cells.Option) {
	s.must(f.Err())
	s.must(only("Sample", options, "First", "Last", "Since", "Between", "For", "EveryNth", "PerKey"))
	spec, err := s.samples.specOf(f, options)
	s.must(err)
	c := s.current()
	sample, fresh, err := s.samples.take(c.ctx, spec, f.Topics())
	s.must(err)
	_, err = s.samples.bind(c.ctx, f) // learns from the rows now, so that the first look is quick
	s.must(err)
	if now, ok := s.samples.held(f.Topics()); ok {
		sample = now
	}
	how := "pinned before"
	if fresh {
		how = "pinned now"
	}
	text := fmt.Sprintf("%s of %s, %s, %s: every run of every cell sees these rows\n",
		count(len(sample.Records), "row"), strings.Join(f.Topics(), ", "), how, sample.Fingerprint.Short())
	if sample.Thinned {
		text += thinned + "\n"
	}
	c.out.Stream(kernel.Stdout, text)
}

// only refuses options that a verb does not take.
func only(verb string, options []cells.Option, names ...string) error {
	for _, o := range options {
		if !strings.Contains(" "+strings.Join(names, " ")+" ", " "+o.Name+" ") {
			last := len(names) - 1
			all := strings.TrimPrefix(strings.Join(names[:last], ", ")+" and "+names[last], " and ")
			return fmt.Errorf("%s does not take %s, it takes %s", verb, o, all)
		}
	}
	return nil
}

func (s *Session) collect(f cells.Frame) *cells.Collected {
	o, err := s.rows(s.current().ctx, f)
	s.must(err)
	return o.tables[0]
}

func (s *Session) count(f cells.Frame) int {
	o, err := s.rows(s.current().ctx, f)
	s.must(err)
	n := o.tables[0].Len()
	s.gives(export.Given{Verb: "Count", Literal: strconv.Itoa(n), Sample: o.sample.Fingerprint.Short()})
	return n
}

// gives notes what a verb gives to the running statement, for the programs that depend on it.
func (s *Session) gives(g export.Given) {
	c := s.current()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.given[c.at] = append(s.given[c.at], g)
}

func (s *Session) connect(brokers string, registry ...string) {
	c := cluster.Config{}
	for _, b := range strings.Split(brokers, ",") {
		if b = strings.TrimSpace(b); b != "" {
			c.Brokers = append(c.Brokers, b)
		}
	}
	if len(c.Brokers) == 0 {
		s.must(errors.New("Connect: names no broker, want such as \"localhost:9092\""))
	}
	env, err := cluster.FromEnv()
	s.must(err)
	env.Brokers = c.Brokers
	for _, urls := range registry {
		env.Registry, err = env.Registry.At(urls)
		s.must(err)
	}
	if err := s.samples.connect(s.current().ctx, env); err != nil {
		s.must(fmt.Errorf("Connect(%q): %w", brokers, err))
	}
}

func (s *Session) topics() []cells.TopicInfo {
	c := s.current()
	from, err := s.samples.open(c.ctx)
	s.must(err)
	found, err := from.Topics(c.ctx)
	s.must(err)
	var out []cells.TopicInfo
	for _, t := range found {
		out = append(out, cells.TopicInfo{Topic: t.Name, Partitions: t.Partitions, Rows: int(t.Rows)})
	}
	return out
}
