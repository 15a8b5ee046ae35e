package guard

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/transport"
)

// A transporter is the zmq4 transport of one socket: it listens, and knows the socket's peers.
type transporter struct {
	network   string // "tcp" or "unix"
	limits    Limits
	log       *slog.Logger
	publishes bool                           // peers are subscribers
	droppable func(topic []byte) bool        // may this message be left out for a peer that is behind?
	welcome   func(topic []byte) [][]byte    // what a new subscriber gets first; may be nil
	tap       func(context.Context) net.Conn // a subscriber inside the process; may be nil

	dropped atomic.Int64
	queued  atomic.Int64 // bytes on their way to peers

	mu         sync.Mutex
	peers      map[*peer]struct{}
	identities map[string]*peer
	pending    []net.Conn // oldest first
}

func newTransporter(network string, limits Limits, log *slog.Logger) *transporter {
	return &transporter{network: network, limits: limits.withDefaults(), log: log,
		droppable:  func([]byte) bool { return false },
		peers:      map[*peer]struct{}{},
		identities: map[string]*peer{}}
}

// register makes the transport known to zmq4 and gives its scheme. zmq4 keeps transports for ever and
// never tells them the socket, so each socket has one of its own; its address is a name no other has.
func (t *transporter) register() (scheme string, err error) {
	scheme = fmt.Sprintf("guard-%p", t)
	return scheme, zmq4.RegisterTransport(scheme, t)
}

// Addr implements transport.Transport.
func (t *transporter) Addr(endpoint string) (string, error) {
	return transport.New(t.network).Addr(endpoint)
}

// Dial implements transport.Transport; a kernel only listens.
func (t *transporter) Dial(context.Context, transport.Dialer, string) (net.Conn, error) {
	return nil, errors.New("guard: this transport listens only")
}

// Listen implements transport.Transport. The context is that of the zmq4 socket.
func (t *transporter) Listen(ctx context.Context, addr string) (net.Listener, error) {
	l, err := net.Listen(t.network, addr)
	if errors.Is(err, syscall.EADDRINUSE) && t.network == "unix" && abandoned(addr) {
		l, err = net.Listen(t.network, addr)
	}
	if err != nil {
		return nil, err
	}
	g := &gate{Listener: l, transporter: t, ctx: ctx, ready: make(chan net.Conn)}
	if t.tap != nil {
		go g.hand(t.tap(ctx))
	}
	go g.accept()
	return g, nil
}

// abandoned removes a socket file that nobody answers on, as a killed kernel leaves it.
func abandoned(path string) bool {
	if c, err := net.DialTimeout("unix", path, time.Second); err == nil {
		c.Close()
		return false
	}
	return os.Remove(path) == nil
}

// admit counts a new connection among the pending. At the limit the oldest has to go: an honest peer is
// pending for about a millisecond, and its library connects again.
func (t *transporter) admit(c net.Conn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.pending) >= t.limits.Pending {
		t.pending[0].Close()
		t.pending = t.pending[1:]
	}
	t.pending = append(t.pending, c)
}

// settle ends the pending state; ok is false if the connection was evicted.
func (t *transporter) settle(c net.Conn) (ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.Index(t.pending, c)
	if i < 0 {
		return false
	}
	t.pending = slices.Delete(t.pending, i, i+1)
	return true
}

// enrol adds p under its routing identity, or an alias of it if a live peer has that: both are then served,
// each with its own replies. (libzmq refuses the second, or hands everything over to it.)
func (t *transporter) enrol(p *peer, identity string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.peers) >= t.limits.Peers {
		return fmt.Errorf("guard: %d peers, the limit is %d", len(t.peers)+1, t.limits.Peers)
	}
	t.peers[p] = struct{}{}
	if identity == "" {
		return nil // zmq4 makes one up
	}
	p.identity = identity
	for n := 2; t.identities[p.identity] != nil; n++ {
		p.identity = alias(identity, n)
	}
	t.identities[p.identity] = p
	return nil
}

// share is what may be queued to one peer now, of at most limit.
func (t *transporter) share(limit int) int {
	if t.queued.Load() <= int64(t.limits.Total) {
		return limit
	}
	return min(limit, t.fair())
}

// fair is what every peer may have queued at any time.
func (t *transporter) fair() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return min(t.limits.Out, max(1<<20, t.limits.Total/max(1, len(t.peers))))
}

// known tells whether a live peer has the identity.
func (t *transporter) known(identity string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.identities[identity] != nil
}

func (t *transporter) forget(p *peer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.peers, p)
	if t.identities[p.identity] == p {
		delete(t.identities, p.identity)
	}
}

// every tells whether ok holds for each peer.
func (t *transporter) every(ok func(*peer) bool) bool {
	t.mu.Lock()
	peers := make([]*peer, 0, len(t.peers))
	for p := range t.peers {
		peers = append(peers, p)
	}
	t.mu.Unlock()
	for _, p := range peers {
		if !ok(p) {
			return false
		}
	}
	return true
}
