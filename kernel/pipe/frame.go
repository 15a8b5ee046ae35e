package pipe

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
)

// version is said in the first frame: front and worker must be the same program.
const version = 1

// maxFrame bounds the body of one frame, in bytes.
const maxFrame = 64 << 20

// ErrTooLarge is returned for what does not fit into a frame.
var ErrTooLarge = errors.New("larger than 64 MB")

// ErrProtocol is wrapped by errors about bytes that are no frame of this protocol.
var ErrProtocol = errors.New("worker protocol")

// A kind says what a frame's body is.
type kind byte

const (
	helloFrame kind = iota + 1

	// From the front. The identifier is that of the call; its reply carries the same.
	evalFrame
	completeFrame
	inspectFrame
	isCompleteFrame
	commFrame
	interruptFrame
	answerFrame // to an ask

	// From the worker. The identifier is that of the call that the effect belongs to.
	replyFrame
	streamFrame
	showFrame
	clearFrame
	askFrame
	sendCommFrame
	placeFrame // the line of the cell that runs
	lastKind
)

// A frame is {4 bytes size, 1 byte kind, 8 bytes identifier, body}; size counts all that follows it. Bodies are
// JSON, but text is as it is: there is much of it.
type frame struct {
	kind kind
	id   uint64
	body []byte
}

const headSize = 1 + 8

// link is one end of the two pipes. send may be called by many goroutines, receive by one.
type link struct {
	r    *bufio.Reader
	read []byte // the last frame of text that came

	mu      sync.Mutex
	w       io.Writer
	written []byte // the last frame of text that was sent
}

func newLink(r io.Reader, w io.Writer) *link {
	return &link{r: bufio.NewReaderSize(r, 64<<10), w: w}
}

func (l *link) send(k kind, id uint64, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return l.write(k, id, body)
}

// write sends a frame whose body is ready.
func (l *link) write(k kind, id uint64, body []byte) error {
	if len(body) > maxFrame {
		return fmt.Errorf("%d MB are %w", len(body)>>20, ErrTooLarge)
	}
	frame := append(appendHead(make([]byte, 0, 4+headSize+len(body)), k, id, len(body)), body...)
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err := l.w.Write(frame)
	return err
}

// text sends a piece of text. There is much of it, and memory that was not used before costs more than copying into it:
// every frame of text is built, and read, in the same place as the last.
func (l *link) text(id uint64, name string, text []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.written = append(appendHead(l.written[:0], streamFrame, id, 1+len(text)), streamNumber(name))
	l.written = append(l.written, text...)
	_, err := l.w.Write(l.written)
	return err
}

// appendHead begins a frame whose body has that size.
func appendHead(b []byte, k kind, id uint64, size int) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(headSize+size))
	return binary.BigEndian.AppendUint64(append(b, byte(k)), id)
}

// receive reads the next frame: io.EOF between two frames, io.ErrUnexpectedEOF inside one. The body of a frame of text is
// good until the next one comes.
func (l *link) receive() (frame, error) {
	var head [4 + headSize]byte
	if _, err := io.ReadFull(l.r, head[:]); err != nil {
		return frame{}, err
	}
	size := binary.BigEndian.Uint32(head[:])
	f := frame{kind: kind(head[4]), id: binary.BigEndian.Uint64(head[5:])}
	if size < headSize || size > headSize+maxFrame || f.kind == 0 || f.kind >= lastKind {
		return frame{}, fmt.Errorf("%w: frame of %d bytes and kind %d", ErrProtocol, size, f.kind)
	}
	var err error
	if f.kind == streamFrame {
		l.read, err = l.body(l.read[:0], int(size-headSize))
		f.body = l.read
	} else {
		f.body, err = l.body(nil, int(size-headSize))
	}
	if err != nil {
		return frame{}, io.ErrUnexpectedEOF
	}
	return f, nil
}

// body reads n bytes. Past a piece of text the buffer grows with what arrives, so a declared size alone costs no memory.
func (l *link) body(b []byte, n int) ([]byte, error) {
	b = slices.Grow(b, min(n, 1+maxPiece))
	for len(b) < n {
		b = slices.Grow(b, 1)
		k, err := io.ReadFull(l.r, b[len(b):min(n, cap(b))])
		if b = b[:len(b)+k]; err != nil {
			return nil, err
		}
	}
	return b, nil
}

func decode[T any](f frame) (T, error) {
	var v T
	if err := json.Unmarshal(f.body, &v); err != nil {
		return v, fmt.Errorf("%w: kind %d: %w", ErrProtocol, f.kind, err)
	}
	return v, nil
}
