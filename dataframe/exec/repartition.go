package exec

import (
	"fmt"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// writer sends rows to the partition that their key belongs to. It is the last
// node of its branch in the subtopology that the rows leave.
type writer struct {
	task  *Task
	step  *plan.Step // the KeyBy
	from  *node      // the node whose time the markers carry
	topic string
	text  keyText
	key   row.Vec
	seq   []int64 // by target partition: of the last record
	mark  int64   // of the last marker
	idle  bool    // of the last marker
	arena arena
}

func (w *writer) process(_ int, b *row.Batch, _ emit) error {
	w.text.keys(b, &w.key)
	for i := range b.Len() {
		if w.key.IsNull(i) {
			w.task.Counts.NullKey[w.step.ID]++
			continue
		}
		w.send(b, i)
	}
	return nil
}

func (w *writer) send(b *row.Batch, i int) {
	key := w.arena.text(w.key.Strs[i])
	to := PartitionOf(key, len(w.seq))
	w.seq[to]++
	s := stamp{source: int(w.task.cfg.Partition), seq: w.seq[to], mark: b.Mark[i], time: b.Time[i]}
	value := w.arena.keep(row.AppendRow(appendRecord(w.arena.room(), b.Record(i), w.step.Keep), b, i))
	w.task.sends = append(w.task.sends, row.Record{
		Topic: w.topic, Partition: to, Key: key, Value: value, Time: row.FloorDiv(b.Time[i], 1000),
		Headers: []row.Header{{Key: rowHeader, Value: s.row()}},
	})
}

// announce sends a marker to every partition when time went on, or idleness changed, since the last.
func (w *writer) announce() {
	wm, idle := w.from.wm, w.task.Silent()
	if wm <= w.mark && idle == w.idle {
		return
	}
	w.mark, w.idle = max(wm, w.mark), idle
	for to := range w.seq {
		w.seq[to]++
		s := stamp{source: int(w.task.cfg.Partition), seq: w.seq[to], mark: w.mark, idle: idle}
		w.task.sends = append(w.task.sends, row.Record{
			Topic: w.topic, Partition: int32(to), Time: max(0, row.FloorDiv(w.mark, 1000)),
			Headers: []row.Header{{Key: markHeader, Value: s.marker()}},
		})
	}
}

func (w *writer) advance(wm int64, _ emit) (int64, error) { return wm, nil }

// moveReader reads a repartition topic: rows of several writers, each in its own order.
type moveReader struct {
	task    *Task
	input   *Input
	sources []*source
	node    *node
	batch   row.Batch
}

// read runs each stretch of rows of one writer as a batch.
func (r *moveReader) read(recs []row.Record) error {
	var from *source
	if r.batch.Schema == nil {
		r.batch = emptyBatch(r.node.step.Schema)
	}
	empty(&r.batch)
	for i := range recs {
		src, s, isRow, err := r.open(&recs[i])
		if err != nil {
			return err
		}
		if src == nil {
			continue
		}
		if from != src || len(r.batch.Time) == batchRows {
			if err := r.flush(from); err != nil {
				return err
			}
			from = src
		}
		src.wake(isRow || !s.idle, r.sources)
		src.mark = max(src.mark, s.mark)
		if !isRow {
			continue
		}
		if err := r.add(&recs[i], s, src); err != nil {
			return err
		}
	}
	return r.flush(from)
}

// open reads the record's stamp. A record seen before gives no source; a gap stops the task.
func (r *moveReader) open(rec *row.Record) (*source, stamp, bool, error) {
	head, isRow := rec.Header(rowHeader), true
	if head == nil {
		head, isRow = rec.Header(markHeader), false
	}
	s, err := readStamp(head, !isRow)
	if err != nil {
		return nil, s, false, fmt.Errorf("%s %d@%d: %w", rec.Topic, rec.Partition, rec.Offset, err)
	}
	if s.source < 0 || s.source >= len(r.sources) {
		return nil, s, false, fmt.Errorf("%s %d@%d: it is of writer %d, want one below %d: the number of partitions changed", rec.Topic, rec.Partition, rec.Offset, s.source, len(r.sources))
	}
	src := r.sources[s.source]
	if s.seq <= src.seq {
		return nil, s, false, nil
	}
	if s.seq != src.seq+1 {
		return nil, s, false, fmt.Errorf("%s %d@%d: rows %d to %d of writer %d are missing, was the topic's retention changed?", rec.Topic, rec.Partition, rec.Offset, src.seq+1, s.seq-1, s.source)
	}
	src.seq = s.seq
	return src, s, isRow, nil
}

func (r *moveReader) add(rec *row.Record, s stamp, src *source) error {
	b := &r.batch
	value := varints{b: rec.Value}
	readOrigin(&value, r.node.step.Keep, b)
	if value.bad {
		return fmt.Errorf("%s %d@%d: %w", rec.Topic, rec.Partition, rec.Offset, errCarried)
	}
	if err := row.DecodeRow(value.b, b.Schema, b); err != nil {
		return fmt.Errorf("%s %d@%d: %w", rec.Topic, rec.Partition, rec.Offset, err)
	}
	b.Source = src.id
	b.Time, b.Mark, b.Seq = append(b.Time, s.time), append(b.Mark, src.mark), append(b.Seq, s.seq)
	return b.Key.Append(string(rec.Key))
}

func (r *moveReader) flush(src *source) error {
	if src == nil || len(r.batch.Time) == 0 {
		return nil
	}
	b := &r.batch
	r.task.Counts.Rows[r.node.step.ID] += int64(b.Len())
	err := r.node.op.process(0, b, r.node.emit)
	empty(b)
	return err
}

// emptyBatch is a batch without rows, to append to.
func emptyBatch(s *row.Schema) row.Batch {
	b := row.Batch{Schema: s, Cols: make([]row.Vec, s.Len()), Key: row.Vec{Kind: row.String}}
	for i := range b.Cols {
		b.Cols[i] = row.MakeVec(s.At(i).Kind, 0)
	}
	return b
}

// empty takes all rows out of a batch and keeps its memory.
func empty(b *row.Batch) {
	for i := range b.Cols {
		b.Cols[i].Resize(0)
	}
	b.Key.Resize(0)
	b.Time, b.Mark, b.Seq = b.Time[:0], b.Mark[:0], b.Seq[:0]
	b.Origin, b.Records = b.Origin[:0], b.Records[:0]
}
