package guard

import "bufio"

// maxCommand bounds the body of a command; the longest that peers send is a SUBSCRIBE.
const maxCommand = 64 << 10

// A walker reads whole messages and commands from a peer's bytes and refuses what exceeds the limits.
type walker struct {
	r      *bufio.Reader
	limits Limits

	msg    message // the frames so far: a command may come between two frames of a message
	frames int
	first  []byte
}

// A unit is what a walker found: a command, or a message with its first frame and number of frames.
type unit struct {
	command []byte
	message message
	first   []byte
	frames  int
}

func (u unit) isCommand() bool { return u.frames == 0 }

func (w *walker) next() (unit, error) {
	for {
		flags, size, err := readHeader(w.r)
		if err != nil {
			return unit{}, err
		}
		if flags&flagCommand != 0 {
			return w.command(flags, size)
		}
		done, err := w.frame(flags, size)
		if err != nil {
			return unit{}, err
		}
		if done {
			u := unit{message: w.msg, first: w.first, frames: w.frames}
			w.msg, w.first, w.frames = message{}, nil, 0
			return u, nil
		}
	}
}

func (w *walker) command(flags byte, size uint64) (unit, error) {
	if size == 0 || size > maxCommand || flags&flagMore != 0 {
		return unit{}, violation("command of %d bytes with flags %#02x, expected 1 to %d bytes in one frame", size, flags, maxCommand)
	}
	body, err := readBody(w.r, int(size))
	return unit{command: body}, err
}

func (w *walker) frame(flags byte, size uint64) (last bool, err error) {
	if size > uint64(max(0, w.limits.Message-w.msg.size)) {
		return false, violation("frame of %d bytes, the limit of a message is %d", size, w.limits.Message)
	}
	if w.frames++; w.frames > w.limits.Frames {
		return false, violation("more than %d frames in a message", w.limits.Frames)
	}
	body, err := readBody(w.r, int(size))
	if err != nil {
		return false, err
	}
	if w.frames == 1 {
		w.first = body
	}
	w.msg.add(flags, body)
	return flags&flagMore == 0, nil
}
