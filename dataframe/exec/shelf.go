package exec

import (
	"cmp"
	"fmt"
	"slices"
	"unsafe"

	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/state"
)

// shelf keeps rows that wait, by columns: a row is known by its place on the shelf, until [shelf.tidy].
type shelf struct {
	prefix  byte // of the rows in the store
	rows    row.Batch
	sources []int
	of      []*series
	saved   []bool // in the store
	fresh   int    // rows that are not
	gone    int    // rows that nobody waits for any more
	keeps   plan.Keep
	carried [][]byte // what is kept of their records, up to the last row that has something
}

// series is the rows of one key that a join looks through, in order of time.
type series struct {
	key  string
	rows []int32 // on the shelf of the second side
	uses int     // rows of either side
}

func newShelf(s *row.Schema, prefix byte, keeps plan.Keep) *shelf {
	return &shelf{prefix: prefix, rows: emptyBatch(s), keeps: keeps}
}

// put takes row i of a batch and gives its place.
func (s *shelf) put(b *row.Batch, i int, of *series) (int32, error) {
	for c := range s.rows.Cols {
		v, from := &s.rows.Cols[c], &b.Cols[c]
		if from.Kind == row.String && v.Valid == nil && !from.IsNull(i) && identical(from.Strs[i], b.Key.Strs[i]) {
			v.Strs = append(v.Strs, of.key) // the column that is the key: a copy is at hand
			continue
		}
		if err := v.AppendFrom(from, i); err != nil {
			return 0, fmt.Errorf("column %s %w", s.rows.Schema.At(c).Name, err)
		}
	}
	s.fresh++
	at := s.beside(placeOf(b, i), b.Time[i], of, false)
	if r := b.Record(i); carries(r, s.keeps) {
		s.carry(at, appendRecord(nil, r, s.keeps))
	}
	return at, nil
}

// identical says whether two strings are one.
func identical(a, b string) bool {
	return len(a) == len(b) && unsafe.StringData(a) == unsafe.StringData(b)
}

// beside takes what stands beside the columns of a row.
func (s *shelf) beside(at place, time int64, of *series, saved bool) int32 {
	b := &s.rows
	b.Time, b.Mark, b.Seq = append(b.Time, time), append(b.Mark, at.mark), append(b.Seq, at.seq)
	s.sources, s.of, s.saved = append(s.sources, at.source), append(s.of, of), append(s.saved, saved)
	of.uses++
	return int32(len(b.Time) - 1)
}

// take puts back a row that was saved.
func (s *shelf) take(h *held, of *series) (int32, error) {
	var rec row.Batch
	r := varints{b: h.row}
	readOrigin(&r, s.keeps, &rec)
	if err := row.DecodeRow(r.b, s.rows.Schema, &s.rows); err != nil {
		return 0, fmt.Errorf("held row of key %q: %w", h.key, err)
	}
	at := s.beside(h.at, h.time, of, true)
	if rec.Records != nil {
		s.carry(at, h.row[:len(h.row)-len(r.b)])
	}
	return at, nil
}

// carry keeps what is kept of a row's record.
func (s *shelf) carry(i int32, kept []byte) {
	s.carried = append(s.carried, make([][]byte, int(i)+1-len(s.carried))...)
	s.carried[i] = kept
}

// front is what is kept of a row's record, as it stands in front of the row.
func (s *shelf) front(i int32) []byte {
	if int(i) < len(s.carried) && s.carried[i] != nil {
		return s.carried[i]
	}
	return appendRecord(nil, nil, s.keeps)
}

// origins puts what is kept of the records of rows beside those of a batch.
func (s *shelf) origins(rows []int32, b *row.Batch) {
	b.Origin, b.Records = b.Origin[:0], b.Records[:0]
	if s.carried == nil {
		return
	}
	for _, i := range rows {
		r := varints{b: s.front(i)}
		readOrigin(&r, s.keeps, b)
	}
}

// before orders rows by event time, those of one time by place.
func (s *shelf) before(i, j int32) int {
	b := &s.rows
	return cmp.Or(cmp.Compare(b.Time[i], b.Time[j]), s.place(i).compare(s.place(j)))
}

func (s *shelf) place(i int32) place {
	return place{mark: s.rows.Mark[i], source: s.sources[i], seq: s.rows.Seq[i]}
}

// insert puts a row in its place among others, in order of time. Rows mostly come in that order.
func (s *shelf) insert(rows []int32, i int32) []int32 {
	if n := len(rows); n == 0 || s.before(rows[n-1], i) <= 0 {
		return append(rows, i)
	}
	at, _ := slices.BinarySearchFunc(rows, i, s.before)
	return slices.Insert(rows, at, i)
}

// forget lets go of a row, and takes it out of the store if it is there. Its columns stay readable until the shelf is tidied.
func (s *shelf) forget(i int32, st state.Store) error {
	s.gone++
	s.of[i].uses--
	if !s.saved[i] {
		s.fresh--
		return nil
	}
	return st.Delete(s.place(i).key(s.prefix))
}

// save puts rows into the store that are not there.
func (s *shelf) save(rows []int32, st state.Store) error {
	if s.fresh == 0 {
		return nil
	}
	for _, i := range rows {
		if s.saved[i] {
			continue
		}
		s.saved[i] = true
		h := held{at: s.place(i), time: s.rows.Time[i], key: s.of[i].key, row: row.AppendRow(slices.Clone(s.front(i)), &s.rows, int(i))}
		if err := st.Put(h.at.key(s.prefix), h.encode()); err != nil {
			return err
		}
	}
	s.fresh = 0
	return nil
}

// tidy throws away the rows that are gone if they are many, and gives the others new places. Rows are all that are left, and their
// places are changed; what it returns says by an old place which is the new one. Nil: nothing has moved.
func (s *shelf) tidy(rows []int32) (moved []int32) {
	n := len(s.rows.Time)
	if n == 0 || len(rows) > 0 && (s.gone < batchRows || s.gone < n/2) {
		return nil
	}
	moved = make([]int32, n)
	left := slices.Clone(rows)
	slices.Sort(left)
	for to, from := range left {
		moved[from] = int32(to)
	}
	for i := range rows {
		rows[i] = moved[rows[i]]
	}
	s.keep(left)
	return moved
}

// keep keeps these rows, which are in the order of their places.
func (s *shelf) keep(left []int32) {
	b := &s.rows
	for c := range b.Cols {
		b.Cols[c].Keep(left)
	}
	b.Time, b.Mark, b.Seq = kept(b.Time, left), kept(b.Mark, left), kept(b.Seq, left)
	s.sources, s.of, s.saved = kept(s.sources, left), kept(s.of, left), kept(s.saved, left)
	if n := len(s.carried); n > 0 {
		last, _ := slices.BinarySearch(left, int32(n))
		s.carried = kept(s.carried, left[:last])
	}
	s.gone = 0
}

func kept[T any](of []T, left []int32) []T {
	for to, from := range left {
		of[to] = of[from]
	}
	clear(of[len(left):])
	return of[:len(left)]
}
