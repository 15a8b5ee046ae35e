//go:build !synctests

package stream

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/internal/kafkatest"
	"github.com/riffle-stream/riffle/internal/ledger"
)

// cable is what connects a process to the brokers, until it is cut.
type cable struct {
	mu    sync.Mutex
	isCut bool
	conns []net.Conn
}

func (c *cable) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.isCut {
		conn.Close()
		return nil, errors.New("the cable is cut")
	}
	c.conns = append(c.conns, conn)
	return conn, nil
}

func (c *cable) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.isCut = true
	for _, conn := range c.conns {
		conn.Close()
	}
}

// owners is who has which task.
type owners struct {
	mu sync.Mutex
	of map[TaskID]string
}

func (o *owners) set(id TaskID, name string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.of[id] = name
}

// lost forgets a process that died; "" forgets none. It gives how many tasks have an owner.
func (o *owners) lost(name string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	for id, owner := range o.of {
		if owner == name {
			delete(o.of, id)
		}
	}
	return len(o.of)
}

// all waits until n tasks have owners.
func (o *owners) all(n int, within time.Duration) bool {
	for until := time.Now().Add(within); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		if o.lost("") == n {
			return true
		}
	}
	return false
}

// TestTaskOfADeadOwnerIsGiven has a second process join a group of one. The
// first, its leader, dies when tasks are taken from it, before it can say so, and
// comes back as the same member: the broker gives it what it was given last.
func TestTaskOfADeadOwnerIsGiven(t *testing.T) {
	b := kafkatest.Real(t)
	if _, err := b.Admin(t).CreateTopics(t.Context(), 4, 1, nil, ledger.Cars); err != nil {
		t.Fatal(err)
	}
	plan, err := ledger.Stateless(4)
	if err != nil {
		t.Fatal(err)
	}
	for name, control := range map[string]control{"looked after": {}, "not looked after": {noAudit: true}} {
		t.Run(name, func(t *testing.T) {
			o := &owners{of: map[TaskID]string{}}
			group := b.Name("group")
			config := func(name string) Config {
				return Config{Cluster: cluster.Config{Brokers: b.Addrs}, Group: group, Instance: name, Retries: -1, control: control, Events: Events{
					Assigned: func(r Restored) { o.set(r.Task, name) },
				}}
			}
			ctx, stop := context.WithCancel(t.Context())
			dying, die := context.WithCancel(ctx)
			var running sync.WaitGroup
			defer running.Wait()
			defer stop()
			start := func(ctx context.Context, cfg Config) {
				running.Go(func() {
					if err := Run(ctx, plan, cfg); err != nil && ctx.Err() == nil {
						t.Error(err)
					}
				})
			}
			var c cable
			first := config("a")
			first.Client = []kgo.Opt{kgo.Dialer(c.dial)}
			first.Failpoint = func(point string) {
				if point == "revoked" {
					c.cut()
					die()
				}
			}
			start(dying, first)
			if !o.all(4, time.Minute) {
				t.Fatal("the first process did not get all tasks")
			}
			start(ctx, config("b"))
			select {
			case <-dying.Done():
			case <-time.After(time.Minute):
				t.Fatal("nothing was taken from the first process")
			}
			o.lost("a")
			start(ctx, config("a"))
			within := time.Minute
			if control.noAudit {
				within = 3 * auditEvery
			}
			if all := o.all(4, within); all == control.noAudit {
				t.Errorf("%v later %d of 4 tasks have an owner: %v", within, o.lost(""), o.of)
			}
		})
	}
}
