package exec

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/sampler/file"
)

// Replay is a run of a plan over a sample.
type Replay struct {
	Driver *Driver
	Tables []*row.Table // by root: its rows, in the order in which they came

	sample *file.Sample
	topics []string // that the plan reads, by name
	still  []string // of these, those that have an end: nothing comes after their rows
}

// NewReplay makes the tasks of a plan for a sample. The config's topics and tap are the replay's own.
func NewReplay(p *plan.Plan, sample *file.Sample, cfg DriverConfig, formats ...codec.Format) (*Replay, error) {
	r := &Replay{sample: sample}
	cfg.Topics = map[string]int{}
	for _, src := range p.Sources() {
		t := src.Op.(*plan.Source).Topic
		if src.Op.(*plan.Source).Still && !slices.Contains(r.still, t) {
			r.still = append(r.still, t)
		}
		if cfg.Topics[t] = int(sample.Partitions(t)); cfg.Topics[t] == 0 {
			return nil, fmt.Errorf("sample %s: has no topic %q, which the plan reads", sample.Fingerprint.Short(), t)
		}
	}
	r.topics = slices.Sorted(maps.Keys(cfg.Topics))
	for _, root := range p.Roots {
		r.Tables = append(r.Tables, row.NewTable(root.Schema))
	}
	cfg.Tap = func(root int, b *row.Batch) error {
		r.Tables[root].Add(b)
		return nil
	}
	topo := Cut(p)
	topo.Formats = codec.Formats{Known: formats, Schemas: sample.Stored()}
	if cfg.Registry != nil {
		topo.Formats.Schemas = writing{sample.Stored(), cfg.Registry}
	}
	var err error
	if r.Driver, err = NewDriver(topo, cfg); err != nil {
		return nil, err
	}
	return r, nil
}

// writing are the schemas of a sample, and where those of what is written go.
type writing struct {
	codec.Stored
	registry codec.Schemas
}

// Register implements [codec.Schemas].
func (w writing) Register(subject string, s codec.Schema) (int, error) {
	return w.registry.Register(subject, s)
}

// Run feeds the sample's records to the tasks, lets the partitions that have none
// rest, and at its end gives what waits only for the order between writers. What a
// driver gives for a key does not depend on the order of partitions, so each is read
// in one go.
func (r *Replay) Run(ctx context.Context) error { return r.run(ctx, r.Driver.interleave) }

// RunPaced is Run, with the records of streams in the order in which they came, by Kafka's timestamps. Pace is given the time,
// ms, of the next one, and says up to which time records are due; it may wait. Its error ends the run.
func (r *Replay) RunPaced(ctx context.Context, pace func(next int64) (due int64, err error)) error {
	return r.run(ctx, func(ctx context.Context, topics []string, logs map[string][][]row.Record) error {
		return r.Driver.paced(ctx, arrivals(topics, logs), pace)
	})
}

// run feeds tables, then has streams fed.
func (r *Replay) run(ctx context.Context, feed func(context.Context, []string, map[string][][]row.Record) error) error {
	logs := partitions(r.sample, r.topics)
	for _, t := range r.topics {
		for p, recs := range logs[t] {
			if len(recs) == 0 {
				if err := r.Driver.Rest(t, p); err != nil {
					return err
				}
			}
		}
	}
	// What a table has is known before it is looked up, as in a run.
	tables, others := r.Driver.topo.tablesFirst(r.topics)
	if err := r.Driver.interleave(ctx, tables, logs); err != nil {
		return err
	}
	if err := feed(ctx, others, logs); err != nil {
		return err
	}
	if err := r.end(); err != nil {
		return err
	}
	return r.Driver.Drain()
}

// end says that what has an end is over, and closes what is open if all is.
func (r *Replay) end() error {
	for _, t := range r.still {
		if err := r.Driver.Rest(t, 0); err != nil {
			return err
		}
	}
	if len(r.still) < len(r.topics) {
		return nil
	}
	return r.Driver.Idle()
}

// partitions are the records of a sample by topic and partition.
func partitions(sample *file.Sample, topics []string) map[string][][]row.Record {
	logs, sizes := map[string][][]row.Record{}, map[string][]int{}
	for _, t := range topics {
		n := sample.Partitions(t)
		logs[t], sizes[t] = make([][]row.Record, n), make([]int, n)
	}
	for i := range sample.Records {
		if of := sizes[sample.Records[i].Topic]; of != nil {
			of[sample.Records[i].Partition]++
		}
	}
	for i := range sample.Records {
		r := &sample.Records[i]
		of := logs[r.Topic]
		if of == nil {
			continue
		}
		if of[r.Partition] == nil {
			of[r.Partition] = make([]row.Record, 0, sizes[r.Topic][r.Partition])
		}
		of[r.Partition] = append(of[r.Partition], *r)
	}
	return logs
}

// chunk is how many records of a partition are fed at once.
const chunk = 4096

// interleave feeds the partitions in turn, so that what waits for time stays small.
func (d *Driver) interleave(ctx context.Context, topics []string, logs map[string][][]row.Record) error {
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		more = false
		for _, t := range topics {
			for p, recs := range logs[t] {
				n := min(chunk, len(recs))
				if n == 0 {
					continue
				}
				if err := d.feed(recs[:n]); err != nil {
					return err
				}
				logs[t][p] = recs[n:]
				more = more || len(recs) > n
			}
		}
		if err := d.settle(); err != nil {
			return err
		}
	}
	return nil
}
