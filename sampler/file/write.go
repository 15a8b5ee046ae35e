package file

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"
	"slices"
)

const (
	magic       = "riffle sample 1\n"
	endMagic    = "rifflend"
	trailerSize = 8 + 32 + 4 + len(endMagic)
)

// flags of a row.
const (
	hasKey = 1 << iota
	hasValue
	appendTime
	allFlags = hasKey | hasValue | appendTime
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Writer writes a sample beside its place and moves it there when it is whole: a reader sees the old file or the new.
type Writer struct {
	path   string
	f      *os.File
	w      *bufio.Writer
	topics map[string]int
	header Header
	digest *digest
	crc    uint32
	rows   uint64
	bytes  int64
	gap    []byte // scratch: length, gap and topic
	body   []byte // scratch
	err    error  // the first, which every later call returns
}

// Create begins a sample at path. The folder must be there. The writer must be closed or aborted.
func Create(path string, h Header) (*Writer, error) {
	h.Topics = slices.Clone(h.Topics)
	if err := h.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	head, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("%s: header: %w", path, err)
	}
	if len(head) > maxHeader {
		return nil, fmt.Errorf("%s: %w: header of %d bytes, want at most %d", path, ErrTooLarge, len(head), maxHeader)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".")
	if err != nil {
		return nil, fmt.Errorf("sample: %w", err)
	}
	w := &Writer{path: path, f: f, w: bufio.NewWriterSize(f, 1<<20), header: h, digest: newDigest(h), topics: map[string]int{}}
	for i, t := range h.Topics {
		w.topics[t.Name] = i
	}
	w.write([]byte(magic))
	w.write(binary.LittleEndian.AppendUint32(nil, uint32(len(head))))
	w.write(head)
	return w, nil
}

// Write adds a row. Rows of a partition must come by offset. The row is not kept.
func (w *Writer) Write(r Row) error {
	if w.err != nil {
		return w.err
	}
	topic, ok := w.topics[r.Topic]
	switch {
	case !ok:
		return w.fail(fmt.Errorf("%w: row of topic %q, which is not in the header", ErrCorrupt, r.Topic))
	case r.Partition < 0 || r.Partition >= w.header.Topics[topic].Partitions:
		return w.fail(fmt.Errorf("%w: row of partition %d, topic %s has %d", ErrCorrupt, r.Partition, r.Topic, w.header.Topics[topic].Partitions))
	case w.rows >= MaxRows:
		return w.fail(fmt.Errorf("%w: more than %d rows", ErrTooLarge, MaxRows))
	case w.bytes+most(r) > MaxBytes-1<<10:
		return w.fail(fmt.Errorf("%w: more than %d bytes", ErrTooLarge, MaxBytes))
	}
	w.body = appendBody(w.body[:0], r)
	if err := w.digest.add(part{topic, r.Partition}, r.Offset, w.body); err != nil {
		return w.fail(err)
	}
	w.gap = binary.AppendUvarint(w.gap[:0], uint64(len(w.body)))
	w.gap = binary.AppendVarint(w.gap, int64(r.Gap))
	w.write(binary.AppendUvarint(w.gap, uint64(topic)))
	w.write(w.body)
	w.rows++
	return w.err
}

// Close ends the file and puts it in its place. After an error nothing is there.
func (w *Writer) Close() (Fingerprint, error) {
	sum := w.digest.sum()
	w.write([]byte{0})
	w.write(binary.LittleEndian.AppendUint64(nil, w.rows))
	w.write(sum[:])
	w.write(binary.LittleEndian.AppendUint32(nil, w.crc))
	w.write([]byte(endMagic))
	if w.err == nil {
		w.err = errors.Join(w.w.Flush(), w.f.Sync(), w.f.Close())
	}
	if w.err == nil {
		w.err = os.Rename(w.f.Name(), w.path)
	}
	if w.err != nil {
		w.Abort()
		return Fingerprint{}, fmt.Errorf("%s: %w", w.path, w.err)
	}
	w.err = os.ErrClosed
	return sum, nil
}

// Abort leaves no file. After Close it does nothing.
func (w *Writer) Abort() {
	if errors.Is(w.err, os.ErrClosed) {
		return
	}
	w.f.Close()
	os.Remove(w.f.Name())
	if w.err == nil {
		w.err = errors.New("sample was aborted")
	}
}

// Rows is how many were written.
func (w *Writer) Rows() int { return int(w.rows) }

// Bytes is how large the file is so far.
func (w *Writer) Bytes() int64 { return w.bytes }

func (w *Writer) write(b []byte) {
	if w.err != nil {
		return
	}
	w.crc = crc32.Update(w.crc, castagnoli, b)
	w.bytes += int64(len(b))
	if _, err := w.w.Write(b); err != nil {
		w.err = err
	}
}

func (w *Writer) fail(err error) error {
	w.err = fmt.Errorf("%s: %w", w.path, err)
	return w.err
}

// most is more than a row takes.
func most(r Row) int64 {
	n := len(r.Key) + len(r.Value) + 9*binary.MaxVarintLen64
	for _, h := range r.Headers {
		n += len(h.Key) + len(h.Value) + 2*binary.MaxVarintLen64
	}
	return int64(n)
}

func appendBody(b []byte, r Row) []byte {
	b = binary.AppendUvarint(b, uint64(r.Partition))
	b = binary.AppendUvarint(b, uint64(r.Offset))
	b = binary.AppendVarint(b, r.Time)
	b = append(b, flagsOf(r))
	if r.Key != nil {
		b = appendBytes(b, r.Key)
	}
	if r.Value != nil {
		b = appendBytes(b, r.Value)
	}
	b = binary.AppendUvarint(b, uint64(len(r.Headers)))
	for _, h := range r.Headers {
		b = appendBytes(b, []byte(h.Key))
		b = appendNullable(b, h.Value)
	}
	return b
}

func flagsOf(r Row) (flags byte) {
	if r.Key != nil {
		flags |= hasKey
	}
	if r.Value != nil {
		flags |= hasValue
	}
	if r.Appended {
		flags |= appendTime
	}
	return flags
}

func appendBytes(b, s []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// appendNullable keeps nil and empty apart.
func appendNullable(b, s []byte) []byte {
	if s == nil {
		return binary.AppendUvarint(b, math.MaxUint32)
	}
	return appendBytes(b, s)
}
