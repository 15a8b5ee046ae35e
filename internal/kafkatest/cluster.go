package kafkatest

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// Cluster is an Apache Kafka of several nodes, each a broker and a controller in a process of its own. It is for programs
// that are no tests, and that kill nodes. What it makes is on three nodes, of which two must have each record.
type Cluster struct {
	Broker
	// Fronts are addresses at which clients hear forged answers; the nodes tell these clients of fronts only.
	Fronts []string

	answer func(id string) int
	nodes  []*Process
	fronts []net.Listener // of each node
}

// LaunchCluster runs a Kafka of n nodes. Clients that come by its fronts hear what answer says; see [Lossy]. Stop ends it; if
// the program dies, its janitors do.
func LaunchCluster(n int, answer func(id string) int) (c *Cluster, err error) {
	lib, err := jars()
	if err != nil {
		return nil, err
	}
	c = &Cluster{answer: answer}
	defer func() {
		if err != nil {
			c.Stop()
		}
	}()
	at := place{cluster: newClusterID()}
	for range n {
		port, err := freePort()
		if err != nil {
			return c, err
		}
		at.controllers = append(at.controllers, port)
	}
	c.nodes, c.fronts, c.Addrs, c.Fronts = make([]*Process, n), make([]net.Listener, n), make([]string, n), make([]string, n)
	return c, c.each(func(i int) error {
		at := at
		at.id = i + 1
		return c.start(lib, at)
	})
}

// each does something with all nodes at once: a Kafka is slow to start, and no node answers alone.
func (c *Cluster) each(do func(i int) error) error {
	errs := make([]error, len(c.nodes))
	var all sync.WaitGroup
	for i := range c.nodes {
		all.Go(func() {
			if err := do(i); err != nil {
				errs[i] = fmt.Errorf("node %d of %d: %w", i+1, len(c.nodes), err)
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// start makes a node with a front, and runs it.
func (c *Cluster) start(lib string, at place) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("front of a broker: %w", err)
	}
	i := at.id - 1
	at.front = l.Addr().String()
	c.fronts[i], c.Fronts[i] = l, at.front
	if c.nodes[i], err = formatted(lib, at); err != nil {
		return err
	}
	c.nodes[i].heap, c.nodes[i].limit = "-Xmx512m", 5*time.Minute
	c.Addrs[i] = c.nodes[i].Addrs[0]
	c.serve(i)
	return c.nodes[i].run()
}

func (c *Cluster) serve(i int) {
	behind := c.nodes[i].behind
	go Front{c.fronts[i], c.answer}.serve(func() (net.Conn, error) { return net.Dial("tcp", behind) })
}

// Nodes is how many there are.
func (c *Cluster) Nodes() int { return len(c.nodes) }

// Kill ends a node as kill -9 does. Its front refuses clients, as the node does.
func (c *Cluster) Kill(i int) {
	c.fronts[i].Close()
	c.nodes[i].kill()
}

// Restart runs a node again, and returns when it answers.
func (c *Cluster) Restart(i int) (err error) {
	if err := c.nodes[i].run(); err != nil {
		return err
	}
	if c.fronts[i], err = net.Listen("tcp", c.Fronts[i]); err != nil {
		return fmt.Errorf("front of a broker: %w", err)
	}
	c.serve(i)
	return nil
}

// Stop ends all.
func (c *Cluster) Stop() {
	for i, node := range c.nodes {
		if c.fronts[i] != nil {
			c.fronts[i].Close()
		}
		if node != nil {
			node.stop()
		}
	}
}
