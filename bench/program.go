package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// result is what one run cost.
type result struct {
	cpu     float64 // seconds, user and system, per million rows
	rate    float64 // rows per second, from the start of the process to the last commit
	memory  float64 // peak resident, MiB
	startUp float64 // seconds to the first row that is committed
	wrong   bool    // not the rows that the job asks for
}

// patience bounds one run.
const patience = 10 * time.Minute

// jvmTerminated is how a JVM ends that was told to.
const jvmTerminated = 143

// bench is a Kafka with the workload on it.
type bench struct {
	addrs  []string
	load   workload
	few    workload // for slow programs
	absent bool     // programs make the topics that they write
	cl     *kgo.Client
	admin  *kadm.Client
	runs   int
}

// of is what a program reads, and the beginning of the names of its topics.
func (b *bench) of(p program) (workload, string) {
	if p.slow && b.few.rows > 0 {
		return b.few, onKafkaFew
	}
	return b.load, onKafka
}

// run lets a program of a job work off the topic, and gives what that cost and the rows that it wrote.
func (b *bench) run(ctx context.Context, j job, p program) (r result, rows [][]byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	b.runs++
	load, prefix := b.of(p)
	name := fmt.Sprintf("bench-%s-%s-%d-%d", j.name, p.who, os.Getpid(), b.runs)
	out := name + "-out"
	if !b.absent {
		if err := makeTopic(ctx, b.cl, out); err != nil {
			return r, nil, err
		}
	}
	dir, err := os.MkdirTemp("", "riffle-bench-")
	if err != nil {
		return r, nil, err
	}
	defer os.RemoveAll(dir)
	cmd := p.command(strings.Join(b.addrs, ","), prefix+j.in, out, name, filepath.Join(dir, "state"))
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return r, nil, err
	}
	waitErr := b.wait(ctx, j.topics(prefix), out, name, began, &r)
	took := time.Since(began)
	r.memory = peak(cmd.Process.Pid)
	_ = cmd.Process.Signal(syscall.SIGTERM)
	if err := cmd.Wait(); waitErr != nil || err != nil && cmd.ProcessState.ExitCode() != jvmTerminated {
		return r, nil, fmt.Errorf("%s: %w %w\n%s", p.binary, err, waitErr, said.Bytes())
	}
	million := float64(j.total(load)) / 1e6
	r.cpu = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds() / million
	r.rate = million * 1e6 / took.Seconds()
	rows, err = b.read(ctx, out)
	if err == nil {
		_, err = b.admin.DeleteTopics(ctx, out)
	}
	return r, rows, err
}

// peak is the most memory that a process had resident, in MiB. What the kernel says of a child that has ended would count
// what this process had when it started it.
func peak(pid int) float64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	var kib float64
	if _, line, ok := strings.Cut(string(b), "VmHWM:"); ok {
		_, _ = fmt.Sscan(line, &kib)
	}
	return kib / 1024
}

// wait returns when the group has committed the ends of the topics, and notes when the first row came out.
func (b *bench) wait(ctx context.Context, inputs []string, out, group string, began time.Time, r *result) error {
	ends, err := b.admin.ListCommittedOffsets(ctx, inputs...)
	if err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return fmt.Errorf("it did not come to the end of its topics: %w", ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
		if r.startUp == 0 && b.wrote(ctx, out) {
			r.startUp = time.Since(began).Seconds()
		}
		offsets, err := b.admin.FetchOffsets(ctx, group)
		if err != nil {
			continue // the group is not there yet
		}
		left := partitions * len(inputs)
		ends.Each(func(e kadm.ListedOffset) {
			if o, ok := offsets.Lookup(e.Topic, e.Partition); ok && o.At >= e.Offset {
				left--
			}
		})
		if left == 0 {
			return nil
		}
	}
}

func (b *bench) wrote(ctx context.Context, topic string) bool {
	ends, err := b.admin.ListCommittedOffsets(ctx, topic)
	some := false
	ends.Each(func(e kadm.ListedOffset) { some = some || e.Offset > 0 })
	return err == nil && some
}

// ends are the committed ends of a topic's partitions. A broker that has much to do may not have all at once.
func (b *bench) ends(ctx context.Context, topic string) (kadm.ListedOffsets, error) {
	for {
		ends, err := b.admin.ListCommittedOffsets(ctx, topic)
		if err == nil && ends.Error() == nil && len(ends[topic]) == partitions {
			return ends, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("ends of %s: %w", topic, ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// read gives the values of a topic, committed ones alone, each partition in order.
func (b *bench) read(ctx context.Context, topic string) ([][]byte, error) {
	ends, err := b.ends(ctx, topic)
	if err != nil {
		return nil, err
	}
	from, left := map[int32]kgo.Offset{}, map[int32]int64{}
	ends.Each(func(e kadm.ListedOffset) {
		if e.Offset > 0 {
			from[e.Partition], left[e.Partition] = kgo.NewOffset().AtStart(), e.Offset
		}
	})
	cl, err := kgo.NewClient(kgo.SeedBrokers(b.addrs...), kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords(),
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{topic: from}))
	if err != nil {
		return nil, err
	}
	defer cl.Close()
	var out [][]byte
	for len(left) > 0 {
		f := cl.PollFetches(ctx)
		if err := f.Err(); err != nil {
			return nil, err
		}
		f.EachRecord(func(r *kgo.Record) {
			if !r.Attrs.IsControl() {
				out = append(out, r.Value)
			}
			if r.Offset+1 >= left[r.Partition] {
				delete(left, r.Partition)
			}
		})
	}
	return out, nil
}
