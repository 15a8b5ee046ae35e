package guard

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func subscribe(t testing.TB, p *Publisher, topic string) *raw {
	t.Helper()
	s := shake(t, p.Addr(), "SUB", "")
	s.send("\x01" + topic)
	return s
}

func welcoming(drop string) Topics {
	return Topics{
		Welcome:   func(topic []byte) [][]byte { return [][]byte{topic, []byte("welcome")} },
		Droppable: func(topic []byte) bool { return string(topic) == drop },
	}
}

// Whoever has the welcome misses nothing that is published afterwards.
func TestWelcome(t *testing.T) {
	p := publisher(t, welcoming(""), Limits{})
	for i := range 200 {
		s := subscribe(t, p, "")
		if d := cmp.Diff([]string{"", "welcome"}, s.receive()); d != "" {
			t.Fatal(d)
		}
		body := fmt.Sprint("message ", i)
		p.Publish([][]byte{[]byte("topic"), []byte(body)})
		if d := cmp.Diff([]string{"topic", body}, s.receive()); d != "" {
			t.Fatal(d)
		}
		s.Close()
	}
}

func TestTopics(t *testing.T) {
	p := publisher(t, welcoming(""), Limits{})
	a := subscribe(t, p, "a")
	command := subscribe(t, p, "b")
	io.WriteString(command, "\x04\x0b\x09SUBSCRIBEc") // as ZMTP 3.1 has it
	for _, want := range [][]string{{"a", "welcome"}} {
		if d := cmp.Diff(want, a.receive()); d != "" {
			t.Error(d)
		}
	}
	for _, want := range [][]string{{"b", "welcome"}, {"c", "welcome"}} {
		if d := cmp.Diff(want, command.receive()); d != "" {
			t.Error(d)
		}
	}
	for _, topic := range []string{"c1", "a1", "b1", "c2", "a2"} {
		p.Publish([][]byte{[]byte(topic)})
	}
	for s, want := range map[*raw][]string{a: {"a1", "a2"}, command: {"c1", "b1", "c2"}} {
		for _, topic := range want {
			if d := cmp.Diff([]string{topic}, s.receive()); d != "" {
				t.Error(d)
			}
		}
	}
}

func TestUnsubscribe(t *testing.T) {
	p := publisher(t, welcoming(""), Limits{})
	s := subscribe(t, p, "a")
	s.receive()
	s.send("\x00a")
	s.send("\x01b")
	s.receive() // the welcome to b: by then the end of a is in force
	p.Publish([][]byte{[]byte("a")})
	p.Publish([][]byte{[]byte("b")})
	if d := cmp.Diff([]string{"b"}, s.receive()); d != "" {
		t.Error(d)
	}
}

func TestSubscribersTalkWithoutHarm(t *testing.T) {
	p := publisher(t, welcoming(""), Limits{Topics: 4})
	s := shake(t, p.Addr(), "SUB", "")
	for i := range 50 {
		s.send("\x02 not a subscription")
		s.send("two", "frames")
		s.send("")
		s.send(fmt.Sprintf("\x01topic %d", i))
	}
	for range 4 {
		s.receive()
	}
	p.Publish([][]byte{[]byte("topic 3")})
	if d := cmp.Diff([]string{"topic 3"}, s.receive()); d != "" {
		t.Error(d)
	}
	fresh := subscribe(t, p, "")
	fresh.receive()
}

// A subscriber that reads nothing loses what can be dropped, whole messages of it, and nothing else.
func TestStalledSubscriber(t *testing.T) {
	p := publisher(t, welcoming("text"), Limits{Out: 1 << 20})
	stalled, healthy := subscribe(t, p, ""), subscribe(t, p, "")
	stalled.receive()
	healthy.receive()
	const n = 400
	body := strings.Repeat("x", 64<<10)
	got := make(chan int)
	go func() {
		texts := 0
		for healthy.receive()[0] != "end" {
			texts++
		}
		got <- texts
	}()
	began := time.Now()
	for i := range n {
		p.Publish([][]byte{[]byte("text"), []byte(body)})
		if i%40 == 0 {
			p.Publish([][]byte{[]byte("status"), []byte("kept")})
		}
	}
	p.Publish([][]byte{[]byte("end")})
	if texts := <-got; texts != n+n/40 {
		t.Errorf("the healthy subscriber got %d messages of %d", texts, n+n/40)
	}
	if d := time.Since(began); d > 5*time.Second {
		t.Errorf("the stalled subscriber held up the others: %v", d)
	}
	if p.Dropped() == 0 {
		t.Fatal("nothing was dropped: the test did not stall")
	}
	kept, texts := 0, 0
	for {
		m := stalled.receive()
		if m[0] == "end" {
			break
		}
		if m[0] == "status" {
			kept++
		} else if texts++; m[1] != body {
			t.Fatal("a message was cut")
		}
	}
	if kept != n/40 {
		t.Errorf("%d of %d status messages", kept, n/40)
	}
	if int64(texts)+p.Dropped() != n {
		t.Errorf("%d texts and %d dropped, of %d", texts, p.Dropped(), n)
	}
}

// Many that do not read get no more together than Total, and do not take it from one that reads.
func TestStalledSubscribersShareABound(t *testing.T) {
	p := publisher(t, welcoming("text"), Limits{Out: 16 << 20, Total: 32 << 20})
	for range 20 {
		subscribe(t, p, "").receive()
	}
	healthy := subscribe(t, p, "")
	healthy.receive()
	const n = 1000
	got := make(chan int)
	go func() {
		texts := 0
		for healthy.receive()[0] != "end" {
			texts++
		}
		got <- texts
	}()
	body := []byte(strings.Repeat("x", 60<<10))
	most := int64(0)
	for range n {
		p.Publish([][]byte{[]byte("text"), body})
		most = max(most, p.transporter.queued.Load())
	}
	p.Publish([][]byte{[]byte("end")})
	if texts := <-got; texts != n {
		t.Errorf("the one that reads got %d of %d", texts, n)
	}
	if most > 2*32<<20 { // those that had more than the share keep it
		t.Errorf("%d MB were queued, the bound is about 32", most>>20)
	}
}

func TestSubscriberTooFarBehindIsClosed(t *testing.T) {
	p := publisher(t, welcoming(""), Limits{Out: 1 << 20})
	stalled := subscribe(t, p, "")
	stalled.receive()
	body := []byte(strings.Repeat("x", 1<<20))
	for range 40 {
		p.Publish([][]byte{[]byte("display"), body})
	}
	p.Flush(within)
	if !stalled.ended() {
		t.Error("it was kept")
	}
}

func TestStallDeadline(t *testing.T) {
	p := publisher(t, welcoming(""), Limits{Stall: 100 * time.Millisecond})
	stalled := subscribe(t, p, "")
	stalled.receive()
	for range 30 {
		p.Publish([][]byte{[]byte("display"), []byte(strings.Repeat("x", 1<<20))})
	}
	if !p.Flush(within) {
		t.Error("a peer that takes no byte is waited for")
	}
}

// What was sent before Flush arrives, even if the process goes away afterwards.
func TestFlushThenClose(t *testing.T) {
	p := publisher(t, welcoming(""), Limits{})
	r := echo(t, "tcp", Limits{})
	s := subscribe(t, p, "")
	s.receive()
	c := shake(t, r.Addr(), "DEALER", "me")
	const n = 5000
	for i := range n {
		p.Publish([][]byte{[]byte(fmt.Sprint(i))})
		r.Send([][]byte{[]byte("me"), []byte(fmt.Sprint(i))})
	}
	done := make(chan bool)
	go func() { done <- p.Flush(within) && r.Flush(within) }()
	for i := range n {
		if got := s.receive()[0]; got != fmt.Sprint(i) {
			t.Fatalf("published message %d is %s", i, got)
		}
		if got := c.receive()[0]; got != fmt.Sprint(i) {
			t.Fatalf("sent message %d is %s", i, got)
		}
	}
	if !<-done {
		t.Error("not flushed")
	}
	p.Close()
	r.Close()
	if !s.ended() || !c.ended() {
		t.Error("connections stay open")
	}
}

func TestFlushGivesUp(t *testing.T) {
	p := publisher(t, welcoming(""), Limits{})
	s := subscribe(t, p, "")
	s.receive()
	for range 20 {
		p.Publish([][]byte{[]byte("display"), []byte(strings.Repeat("x", 1<<20))})
	}
	if p.Flush(10 * time.Millisecond) {
		t.Error("20 MB are in the buffers of a peer that does not read")
	}
}

func TestAbandonedSocketFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewRouter(context.Background(), "unix", path, Limits{}, nil); err == nil {
		t.Fatal("the socket of a live process was taken")
	}
	l.SetUnlinkOnClose(false) // as after SIGKILL
	l.Close()
	r, err := NewRouter(context.Background(), "unix", path, Limits{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the socket file is left: %v", err)
	}
}
