package stream

import (
	"fmt"
	"time"

	"github.com/riffle-stream/riffle/dataframe/exec"
)

// TaskID names a task: one partition of one subtopology.
type TaskID struct {
	Sub       int
	Partition int32
}

// String is the subtopology and the partition, such as 0/3.
func (id TaskID) String() string { return fmt.Sprintf("%d/%d", id.Sub, id.Partition) }

// Events are called as things happen, from the goroutine that runs the tasks;
// what they are given is theirs. Nil ones are not called. Logs, metrics and
// tests live on them.
type Events struct {
	// Ready: topics are there and the process has joined the group.
	Ready func(Ready)
	// Restoring: state is being read from changelogs. Told each second.
	Restoring func(Restoring)
	// Assigned: a task begins, its state restored: it was given to this process,
	// or its transaction was aborted.
	Assigned func(Restored)
	// Revoked: a task was given to another process.
	Revoked func(TaskID)
	// Committed: a transaction ended with a commit.
	Committed func(Committed)
	// Aborted: a transaction ended without; its rows are read again.
	Aborted func(Aborted)
	// Rests: an input of a task is silent, and the others no longer wait for it.
	Rests func(Rests)
	// Idle: a task closed what was open since its inputs are silent.
	Idle func(Silence)
	// Bad: a row was left out, or sent to the dead letters.
	Bad func(*exec.BadRow)
	// Retry: the process starts again from its last commit.
	Retry func(Retry)
	// Paused: the process waits, for the reason given; nil says that it goes on.
	Paused func(error)
	// Damaged: state was found damaged and is built anew.
	Damaged func(error)
}

// Ready says what the process runs as.
type Ready struct {
	Group, Instance, Cluster string
	Tasks                    int // of the whole group
}

// Restored is how a task's state came back.
type Restored struct {
	Task    TaskID
	Records int  // read from the changelog
	Full    bool // from its beginning
	Took    time.Duration
}

// Restoring is how far the reading of changelogs is.
type Restoring struct {
	Records, Of int64 // read and there, those of transactions that were aborted included
	Took        time.Duration
}

// Rate is records a second.
func (r Restoring) Rate() float64 { return float64(r.Records) / max(r.Took.Seconds(), 1e-3) }

// Left is how long the rest will take at this rate.
func (r Restoring) Left() time.Duration {
	return time.Duration(float64(r.Of-r.Records) / max(r.Rate(), 1) * float64(time.Second))
}

// Committed is what one transaction held.
type Committed struct {
	Rows      int // read
	Sent      int // to topics, the program's own included
	Changes   int // of state
	Took      time.Duration
	Watermark map[TaskID]int64 // µs, of the tasks that had rows
	Behind    map[TaskID]int64 // rows that those had not been given yet when rows last came
	Entries   map[TaskID]int   // that those keep, of all their steps
	Late      int64            // rows that came after their window had closed
	Keyless   int64            // rows without a key where one is needed, which no group takes
	Over      int64            // ints that became null because they do not fit 64 bits
}

// Silence is what a task closed because all its inputs were silent.
type Silence struct {
	Task TaskID
	Rows int64 // of windows that gave theirs for it
}

// Rests names an input that is silent.
type Rests struct {
	Task  TaskID
	Topic string
}

// Aborted says why a transaction was given up.
type Aborted struct {
	Rows int
	Err  error // nil: the group changed
}

// Retry says what went wrong and when the process tries again.
type Retry struct {
	Err     error
	Attempt int
	After   time.Duration
}

// filled has no nil function.
func (e Events) filled() Events {
	fill(&e.Ready)
	fill(&e.Restoring)
	fill(&e.Assigned)
	fill(&e.Revoked)
	fill(&e.Committed)
	fill(&e.Aborted)
	fill(&e.Rests)
	fill(&e.Idle)
	fill(&e.Bad)
	fill(&e.Retry)
	fill(&e.Paused)
	fill(&e.Damaged)
	return e
}

func fill[T any](fn *func(T)) {
	if *fn == nil {
		*fn = func(T) {}
	}
}
