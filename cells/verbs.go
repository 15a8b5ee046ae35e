package cells

// Show runs frames, views or charts over their pinned sample and shows them.
// It takes Limit and By.
func Show(v any, options ...Option) {}

// Sample takes a sample of the topics that a frame reads and pins it: every
// run of every cell sees the same rows. It takes First, Last, Since, Between, For, EveryNth or PerKey.
func Sample(f Frame, options ...Option) {}

// Resample takes rows anew as the pinned ones were taken, pins them, and says what changed: the last 100, if Sample had Last(100).
func Resample(f Frame) {}

// Replay runs a frame, view or chart over its pinned sample at the pace at which the rows came, by Kafka's timestamps, and moves
// what it shows, as Live does. It takes Speed or Burst, For and Limit.
func Replay(v any, options ...Option) {}

// Live runs a frame, view or chart over the rows that come from now on, and
// moves what it shows. It takes For and Limit.
func Live(v any, options ...Option) *Run {
	tap(v)
	return &Run{}
}

// Export writes the frame's graph as a Go module, builds it, and compares what
// it gives for the sample with what the notebook gives.
func Export(f Frame, dir string, options ...Option) { tap(f) }

// Collect runs a frame over its pinned sample and gives its rows.
func Collect(f Frame) *Collected { return &Collected{} }

// Count runs a frame over its pinned sample and gives the number of its rows.
func Count(f Frame) int { return 0 }

// Expect fails the cell, with the first rows, if a condition does not hold for each row that a frame gives over its pinned sample.
// A program does not check: Require says what happens to its rows.
func Expect(f Frame, condition string) {}

// Display shows any value, as the last expression of a cell does.
func Display(v any) {}

// ShowJSON shows a value as a tree of JSON, to unfold.
func ShowJSON(v any) {}

// Input asks whoever runs the cell for a line of text. A program has nobody to ask: it has what was typed, as a literal.
func Input(prompt string) string { return "" }

// Password asks as Input does, and hides what is typed.
func Password(prompt string) string { return "" }

// Progress counts from 0 to n-1 and shows how far that is: for i := range Progress(n). A program only counts.
func Progress(n int, label ...string) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

// Clear removes what the cell has shown so far, once it shows something new: a loop then draws in one place.
func Clear() {}

// Write puts the rows that a frame gives over its pinned sample into a topic, as
// JSON if no format is given; it takes the options of To. It asks first, unless the Kafka is the embedded one.
func Write(f Frame, topic string, options ...SinkOption) {}

// Save writes the rows that a frame gives over its pinned sample, or those of a
// table, to a file: .csv, .tsv, .jsonl or .parquet, as its name says.
func Save(v any, path string) {}

// File gives the content of a file, such as a schema. A program has it as a literal.
func File(path string) string { return "" }

// Connect says which Kafka the notebook uses: "host:9092". Without it that is
// KAFKA_BROKERS, or else the embedded broker. The URL of a schema registry may
// follow; without it that is SCHEMA_REGISTRY_URL.
func Connect(brokers string, registry ...string) {}

// Topics lists the topics of the Kafka in use.
func Topics() []TopicInfo { return nil }

// TopicInfo is a topic of the Kafka in use.
type TopicInfo struct {
	Topic      string
	Partitions int
	Rows       int // that can be read, by offsets: what compaction removed counts, too
}

// Groups shows the consumer groups of the Kafka in use, with how far each is behind.
func Groups() {}

// Peek shows the last records of a topic as they lie there, before anything is read into columns. It takes Limit.
func Peek(topic string, options ...Option) {}

// ValueCounts shows how often each value of a column stands in the pinned sample, the most frequent first. It takes Limit.
func ValueCounts(f Frame, column string, options ...Option) {}

// Functions shows the functions of expressions: all, or those whose name or description has the word.
func Functions(word ...string) {}

// StopAll ends every live run.
func StopAll() {}

// Run is a live run.
type Run struct {
	stop func()
	wait func() error
}

// NewRun is a run that ends by stop and is awaited by wait.
func NewRun(stop func(), wait func() error) *Run { return &Run{stop, wait} }

// Stop ends the run and waits until it has ended.
func (r *Run) Stop() {
	if r.stop != nil {
		r.stop()
	}
}

// Wait waits until the run has ended, and says why it ended badly, if it did.
func (r *Run) Wait() error {
	if r.wait == nil {
		return nil
	}
	return r.wait()
}
