package cells

import (
	"github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// The types of the language; see package dataframe.
type (
	Frame       = dataframe.Frame       // a lazy table over a stream
	Group       = dataframe.Group       // a frame taken apart by columns
	Windowed    = dataframe.Windowed    // a group cut into spans of time
	View        = dataframe.View        // a frame and how it is looked at
	Row         = dataframe.Row         // one row, in a function
	State       = dataframe.State       // what a function keeps for a key
	Collected   = row.Table             // rows that stand still
	Emit        = dataframe.Emit        // when windows give their rows
	Folding     = dataframe.Folding     // an aggregate of your own
	Policy      = dataframe.Policy      // what happens to bad rows
	Format      = dataframe.Format      // how records stand as bytes
	TopicOption = dataframe.TopicOption // how a topic is read
	SinkOption  = dataframe.SinkOption  // how a topic is written
	KeyOption   = dataframe.KeyOption   // of which columns a key is made
	TimeOption  = dataframe.TimeOption  // which column is the time
	JoinOption  = dataframe.JoinOption  // how two frames are joined
	Expr        = expr.Expr             // an expression built by calls
)

// When a window gives its row; or Each.
const (
	Final   = dataframe.Final   // once, when it closes
	Current = dataframe.Current // after each row that it takes
)

// Each gives a window's row at the ticks of event time after which it changed: Emit(Each("1s")).
func Each(d string) Emit { return dataframe.Each(d) }

// Fold is an aggregate of your own, of a state of any type S that can be stored: init func() S, step func(s S, a A, ...) S,
// merge func(a, b S) S and result func(s S) R.
func Fold(init, step, merge, result any) Folding { return dataframe.Fold(init, step, merge, result) }

// What happens to bad rows; or DeadLetter.
const (
	Stop = dataframe.Stop // the run ends at its last commit
	Skip = dataframe.Skip // the row is left out and counted
)

// Table is a frame of a topic whose records are the latest of their keys, for Lookup.
func Table(topic string, options ...TopicOption) Frame { return dataframe.Table(topic, options...) }

// Topic is a frame of a topic's messages.
func Topic(name string, options ...TopicOption) Frame { return dataframe.Topic(name, options...) }

// StateOf shows what the frame's last step that keeps something, such as
// ApplyState or a window that is open, has kept at the end of the sample: of
// every key, or of these. A key that ends in * stands for all that begin so.
func StateOf(f Frame, keys ...string) View { return dataframe.StateOf(f, keys...) }

// DeadLetters is a frame of the records that DeadLetter sent to a topic: what
// they were, where they came from and why they were left out.
func DeadLetters(topic string) Frame { return dataframe.DeadLetters(topic) }

// JSON is one object a record.
func JSON() Format { return dataframe.JSON() }

// CSV is one line a record, with these columns.
func CSV(columns ...string) Format { return dataframe.CSV(columns...) }

// Raw is the record's bytes as one column, value.
func Raw() Format { return dataframe.Raw() }

// Avro is a record of Avro whose schema is in a schema registry; Avro(schema) gives the one to read or write by.
func Avro(schema ...string) Format { return dataframe.Avro(schema...) }

// Protobuf is a message of Protobuf whose schema is in a schema registry; Protobuf(text, "Car") gives the one to read or write by.
func Protobuf(schema ...string) Format { return dataframe.Protobuf(schema...) }

// JSONSchema is JSON behind the id of its schema in a schema registry.
func JSONSchema() Format { return dataframe.JSONSchema() }

// Time names the column that holds the event time, and perhaps its unit.
func Time(column string, unit ...string) TimeOption { return dataframe.Time(column, unit...) }

// Fields fixes the kinds of columns: Fields("speed float").
func Fields(fields ...string) TopicOption { return dataframe.Fields(fields...) }

// KeyAs says that the record's key is the text of these columns.
func KeyAs(columns ...string) KeyOption { return dataframe.KeyAs(columns...) }

// On names the columns that a join compares.
func On(columns ...string) JoinOption { return dataframe.On(columns...) }

// Within is how old the partner of a row may be.
func Within(d string) JoinOption { return dataframe.Within(d) }

// Grace is how far rows of a join may come late.
func Grace(d string) JoinOption { return dataframe.Grace(d) }

// Left keeps the rows of a join that find no partner.
func Left() JoinOption { return dataframe.Left() }

// Forward makes AsOf take the earliest partner that is not earlier than the row.
func Forward() JoinOption { return dataframe.Forward() }

// Nearest makes AsOf take the partner that is nearest in time.
func Nearest() JoinOption { return dataframe.Nearest() }

// Suffix is put behind column names that both sides of a join have.
func Suffix(s string) JoinOption { return dataframe.Suffix(s) }

// Concat is the rows of several frames that have the same columns.
func Concat(first Frame, more ...Frame) Frame { return dataframe.Concat(first, more...) }

// Outputs is several frames as one graph, which one program writes.
func Outputs(first Frame, more ...Frame) Frame { return dataframe.Outputs(first, more...) }

// DeadLetter sends bad rows to a topic.
func DeadLetter(topic string) Policy { return dataframe.DeadLetter(topic) }

// Retry calls a function that panicked again, up to n times for a row, and waits
// in between: that long at first, then twice as long each time.
func Retry(n int, wait string) Policy { return dataframe.Retry(n, wait) }

// Budget is how many rows may be left out, such as "5%", until a run stops all
// the same. It is "1%" if not given; "off" is any number.
func Budget(share string) Policy { return dataframe.Budget(share) }

// Col is a column in an expression built by calls.
func Col(name string) Expr { return expr.Col(name) }

// Lit is a constant in an expression built by calls.
func Lit(value any) Expr { return expr.Lit(value) }
