package guard

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"
)

// forged is a frame header that declares 2^62 bytes.
var forged = append([]byte{flagLong}, binary.BigEndian.AppendUint64(nil, 1<<62)...)

func TestForgedFrameHeader(t *testing.T) {
	r := echo(t, "tcp", Limits{})
	p := shake(t, r.Addr(), "DEALER", "")
	p.Write(forged)
	if !p.ended() {
		t.Error("the connection stays open")
	}
	p = dial(t, r.Addr())
	p.Write(append(greeting(), forged...))
	if !p.ended() {
		t.Error("the connection stays open")
	}
	served(t, r)
}

func TestSilentConnections(t *testing.T) {
	r := echo(t, "tcp", Limits{Handshake: 300 * time.Millisecond})
	var silent []*raw
	for range 200 {
		silent = append(silent, dial(t, r.Addr()))
	}
	served(t, r)
	for _, p := range silent {
		if !p.ended() {
			t.Fatal("a silent connection outlives the deadline")
		}
	}
}

// The two attacks, on zmq4 without the guard: if these stop working, the tests above prove nothing.

func TestControlSilentConnectionBlocksBareZMQ4(t *testing.T) {
	s := bareRouter(t)
	silent := dial(t, s.Addr())
	if _, err := io.ReadFull(silent, make([]byte, greetingSize)); err != nil {
		t.Fatal(err) // the silent one is being greeted, so whoever comes next is behind it
	}
	p := dial(t, s.Addr())
	p.SetDeadline(time.Now().Add(500 * time.Millisecond))
	if _, err := p.Read(make([]byte, 1)); !isTimeout(err) {
		t.Errorf("a second peer was greeted (%v): zmq4 has mended this, the guard may shrink", err)
	}
}

func TestControlForgedHeaderKillsBareZMQ4(t *testing.T) {
	const mark = "RIFFLE_TEST_BARE_ZMQ4"
	if os.Getenv(mark) != "" {
		p := shake(t, bareRouter(t).Addr(), "DEALER", "")
		p.Write(forged)
		p.ended()
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), mark+"=1")
	out, err := cmd.CombinedOutput()
	if err == nil || !bytes.Contains(out, []byte("panic:")) {
		t.Errorf("the process lives (%v): zmq4 has mended this, the guard may shrink\n%s", err, out)
	}
}

func bareRouter(t *testing.T) zmq4.Socket {
	t.Helper()
	s := zmq4.NewRouter(context.Background(), zmq4.WithLogger(log.New(io.Discard, "", 0)))
	if err := s.Listen("tcp://127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestMalformedHandshakeIsEndedAtOnce(t *testing.T) {
	r := echo(t, "tcp", Limits{Handshake: time.Hour})
	ready := func(body string) string { return string(greeting()) + "\x04" + string(rune(len(body))) + body }
	wrong := greeting()
	copy(wrong[12:], "PLAIN")
	for name, sent := range map[string]string{
		"http":            "GET / HTTP/1.1\r\n",
		"no footer":       "\xff" + strings.Repeat("\x00", 9),
		"old version":     "\xff" + strings.Repeat("\x00", 8) + "\x7f\x01",
		"other mechanism": string(wrong),
		"message":         string(greeting()) + "\x00\x01a",
		"unknown flag":    string(greeting()) + "\x08\x01a",
		"huge command":    string(greeting()) + "\x06\x40\x00\x00\x00\x00\x00\x00\x00",
		"not READY":       ready("\x05HELLO"),
		"name cut":        ready("\x05READY\x0bSock"),
		"value cut":       ready("\x05READY\x0bSocket-Type\x00\x00\x00\x09DEALER"),
		"value huge":      ready("\x05READY\x0bSocket-Type\xff\xff\xff\xffDEALER"),
		"empty name":      ready("\x05READY\x00\x00\x00\x00\x00"),
		"no type":         ready("\x05READY"),
		"wrong type":      ready("\x05READY\x0bSocket-Type\x00\x00\x00\x03SUB"),
	} {
		t.Run(name, func(t *testing.T) {
			p := dial(t, r.Addr())
			io.WriteString(p, sent)
			if !p.ended() {
				t.Error("the connection stays open")
			}
		})
	}
	served(t, r)
}

func TestDribbleMeetsTheDeadline(t *testing.T) {
	r := echo(t, "tcp", Limits{Handshake: 200 * time.Millisecond})
	p := dial(t, r.Addr())
	for _, b := range greeting() {
		if _, err := p.Write([]byte{b}); err != nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	if !p.ended() {
		t.Error("a byte at a time holds the handshake open")
	}
}

func TestPendingConnectionsAreBounded(t *testing.T) {
	r := echo(t, "tcp", Limits{Handshake: time.Hour, Pending: 8})
	for range 100 {
		dial(t, r.Addr())
	}
	served(t, r)
	r.transporter.mu.Lock()
	defer r.transporter.mu.Unlock()
	if n := len(r.transporter.pending); n > 8 {
		t.Errorf("%d pending connections, the limit is 8", n)
	}
}

func TestPeersAreBounded(t *testing.T) {
	r := echo(t, "tcp", Limits{Peers: 2})
	first, second := shake(t, r.Addr(), "DEALER", ""), shake(t, r.Addr(), "DEALER", "")
	third := dial(t, r.Addr())
	third.Write(encodeHello("DEALER"))
	if !third.ended() {
		t.Error("a third peer was let in")
	}
	first.Close()
	second.send("still served")
	second.receive()
	deadline := time.Now().Add(within)
	for len(peersOf(r)) > 1 && time.Now().Before(deadline) {
		time.Sleep(time.Millisecond)
	}
	served(t, r)
}

func encodeHello(kind string) []byte {
	return bytes.Join((hello{socket: kind}).replay().segments, nil)
}

func peersOf(r *Router) (peers []*peer) {
	r.transporter.every(func(p *peer) bool { peers = append(peers, p); return true })
	return peers
}

func TestIncomingMessagesAreBounded(t *testing.T) {
	r := echo(t, "tcp", Limits{Message: 1000, Frames: 4})
	for name, frames := range map[string][]string{
		"long frame":  {strings.Repeat("x", 1001)},
		"many frames": {"1", "2", "3", "4", "5"},
		"long sum":    {strings.Repeat("x", 600), strings.Repeat("x", 600)},
	} {
		t.Run(name, func(t *testing.T) {
			p := shake(t, r.Addr(), "DEALER", "")
			p.send(frames...)
			if !p.ended() {
				t.Error("the connection stays open")
			}
		})
	}
	p := shake(t, r.Addr(), "DEALER", "")
	p.send("1", "2", "3", strings.Repeat("x", 900))
	if got := p.receive(); len(got) != 4 {
		t.Errorf("a message within the limits came back as %d frames", len(got))
	}
}

func TestPing(t *testing.T) {
	r, err := NewRouter(t.Context(), "tcp", "127.0.0.1:0", Limits{}, nil) // nobody calls Recv: a busy kernel
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p := shake(t, r.Addr(), "DEALER", "")
	for range 100 {
		p.send("queued", "message")
	}
	io.WriteString(p, "\x01\x05first\x04\x0b\x04PING\x00\x64abcd\x00\x06second") // between two frames
	flags, body := p.frame()
	if flags != flagCommand || string(body) != "\x04PONGabcd" {
		t.Errorf("got %x %q, want a PONG with the context", flags, body)
	}
}

func TestUnknownCommandsAreSwallowed(t *testing.T) {
	r := echo(t, "tcp", Limits{})
	p := shake(t, r.Addr(), "DEALER", "")
	io.WriteString(p, "\x04\x05\x04WHAT\x04\x01\xff\x04\x0a\x09SUBSCRIBE")
	p.send("x")
	if got := p.receive(); got[0] != "x" {
		t.Errorf("got %q", got)
	}
}

// Peers with one identity are served side by side, each with its own replies.
func TestOneIdentityThreePeers(t *testing.T) {
	r := echo(t, "tcp", Limits{})
	var peers []*raw
	for range 3 {
		peers = append(peers, shake(t, r.Addr(), "DEALER", "triplet"))
	}
	for round := range 20 {
		for i, p := range peers {
			p.send(fmt.Sprintf("%d of %d", i, round))
		}
		for i, p := range peers {
			if got, want := p.receive()[0], fmt.Sprintf("%d of %d", i, round); got != want {
				t.Fatalf("peer %d got %q, want %q", i, got, want)
			}
		}
	}
	peers[1].Close()
	for deadline := time.Now().Add(within); r.transporter.known(alias("triplet", 2)) && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	r.Send(bytesOf([]string{alias("triplet", 2), "for the one that left"}))
	r.Send(bytesOf([]string{alias("triplet", 3), "for the third"}))
	if got := peers[0].receive()[0]; got != "for the one that left" {
		t.Errorf("the first got %q", got)
	}
	if got := peers[2].receive()[0]; got != "for the third" {
		t.Errorf("the third got %q", got)
	}
}

func TestClosedSocket(t *testing.T) {
	r := echo(t, "tcp", Limits{})
	addr := r.Addr()
	p := publisher(t, Topics{}, Limits{})
	r.Close()
	p.Close()
	if _, err := r.Recv(); !errors.Is(err, ErrClosed) {
		t.Errorf("Recv: %v, want ErrClosed", err)
	}
	if err := p.Publish(bytesOf([]string{"t"})); !errors.Is(err, ErrClosed) {
		t.Errorf("Publish: %v, want ErrClosed", err)
	}
	if c, err := net.Dial(addr.Network(), addr.String()); err == nil {
		c.Close()
		t.Error("it still listens")
	}
}
