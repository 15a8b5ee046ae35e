package guard

import (
	"net"
	"time"
)

// burst is how much goes out under one deadline, in one vectored write.
const burst = 256 << 10

// write sends what is queued until the peer ends.
func (p *peer) write() {
	defer p.kill()
	for {
		batch := p.out.take()
		if len(batch) == 0 {
			return
		}
		for len(batch) > 0 {
			n, size := cut(batch)
			if p.flush(batch[:n]) != nil {
				return
			}
			p.out.wrote(size)
			clear(batch[:n])
			batch = batch[n:]
		}
	}
}

// cut tells how many messages make one burst, and their size.
func cut(batch []message) (n, size int) {
	for n < len(batch) && (n == 0 || size+batch[n].size <= burst) {
		size += batch[n].size
		n++
	}
	return n, size
}

// flush writes messages; a long one in bursts, so that the deadline asks for progress and not for speed.
func (p *peer) flush(batch []message) error {
	var bufs net.Buffers
	room := burst
	for _, m := range batch {
		for _, seg := range m.segments {
			for len(seg) > 0 {
				k := min(len(seg), room)
				bufs, seg, room = append(bufs, seg[:k]), seg[k:], room-k
				if room > 0 {
					continue
				}
				if err := p.send(bufs); err != nil {
					return err
				}
				bufs, room = nil, burst
			}
		}
	}
	return p.send(bufs)
}

func (p *peer) send(bufs net.Buffers) error {
	p.patience()
	_, err := bufs.WriteTo(p.Conn)
	p.out.wrote(0)
	return err
}

// patience sets the next write's deadline, unless Close has set the last one.
func (p *peer) patience() {
	p.out.mu.Lock()
	defer p.out.mu.Unlock()
	if !p.out.ended {
		p.SetWriteDeadline(time.Now().Add(p.guard.limits.Stall))
	}
}

func (p *peer) linger() {
	p.out.mu.Lock()
	defer p.out.mu.Unlock()
	p.SetWriteDeadline(time.Now().Add(p.guard.limits.Linger))
}
