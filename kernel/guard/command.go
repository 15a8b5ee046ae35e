package guard

// maxPong bounds the context that a PING may have echoed (RFC 23 says 16), maxPongs what may wait for a peer.
const (
	maxPong  = 16
	maxPongs = 64 << 10
	maxTopic = 1024
)

// command answers or translates what libzmq says beside messages; unknown commands are swallowed.
func (p *peer) command(body []byte) {
	size := int(body[0])
	if len(body) < 1+size {
		return
	}
	name, arg := string(body[1:1+size]), body[1+size:]
	switch {
	case name == "PING" && len(arg) >= 2:
		p.pong(arg[2:min(len(arg), 2+maxPong)])
	case name == "SUBSCRIBE" && p.guard.publishes:
		p.subscribe(true, arg)
	case name == "CANCEL" && p.guard.publishes:
		p.subscribe(false, arg)
	}
}

func (p *peer) pong(context []byte) {
	m := message{droppable: true}
	m.add(flagCommand, append([]byte("\x04PONG"), context...))
	p.queue(m, maxPongs)
}

// subscribe hands a subscription to zmq4 as the message it expects, and greets a new one once it is in force.
func (p *peer) subscribe(on bool, topic []byte) {
	var m message
	if !on {
		delete(p.topics, string(topic))
		m.add(0, append([]byte{0}, topic...))
		p.in.put(m)
		return
	}
	if len(p.topics) >= p.guard.limits.Topics || len(topic) > maxTopic {
		return
	}
	p.topics[string(topic)] = struct{}{}
	m.add(0, append([]byte{1}, topic...))
	if p.guard.welcome != nil {
		m.after = func() { p.queue(encode(p.guard.welcome(topic)), p.guard.limits.Out) }
	}
	p.in.put(m)
}
