package oracle_test

import (
	"testing"

	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/internal/oracle"
)

// run makes a random stream with its plan, and what it must give.
type run func(tr *trial) (df.Frame, []row.Record, [][]oracle.Row)

// concat has one of several tests read frames as one, where it would read a topic.
func concat(of ...run) run {
	return func(tr *trial) (df.Frame, []row.Record, [][]oracle.Row) {
		tr.concat = true
		return of[tr.rnd.IntN(len(of))](tr)
	}
}

// concatenated is the rows of several frames, of a topic each or of parts of one, with the log of all. If rows move by
// the key, the frames are moved together, or each for itself.
func (tr *trial) concatenated(by oracle.Key) (df.Frame, oracle.Log, []row.Record) {
	var frames []df.Frame
	var logs []oracle.Log
	var recs []row.Record
	each := by.Moved && tr.rnd.IntN(2) == 0
	for _, topic := range []string{"left", "more", "others"}[:1+tr.rnd.IntN(3)] {
		tr.shape.Events = 1 + tr.rnd.IntN(80)
		l, of := tr.log(topic)
		recs = append(recs, of...)
		for range 1 + tr.rnd.IntN(2) {
			f, part := tr.part(tr.topic(topic), l)
			if each {
				f = f.Key(by.Columns...)
			}
			frames, logs = append(frames, f), append(logs, part)
		}
	}
	return tr.nested(frames), by.Concat(each, logs...), recs
}

// part is all of a frame, or those of its rows that a condition holds for.
func (tr *trial) part(f df.Frame, l oracle.Log) (df.Frame, oracle.Log) {
	switch tr.rnd.IntN(3) {
	case 0:
		return f.Where("num > 0"), l.Where(func(e *oracle.Event) bool { return e.Num != nil && *e.Num > 0 })
	case 1:
		return f.Where("not has(text) or gear == 2"), l.Where(func(e *oracle.Event) bool { return e.Text == nil || e.Gear != nil && *e.Gear == 2 })
	}
	return f, l
}

// nested is the concatenation of frames, or of concatenations of some of them.
func (tr *trial) nested(frames []df.Frame) df.Frame {
	for len(frames) > 3 {
		at := tr.rnd.IntN(len(frames) - 1)
		frames[at] = df.Concat(frames[at], frames[at+1])
		frames = append(frames[:at+1], frames[at+2:]...)
	}
	return df.Concat(frames[0], frames[1:]...)
}

func TestWindowsOfConcatAreAsDefined(t *testing.T) {
	each(t, concat(windows(oracle.ByCar), windows(oracle.ByGear), windows(oracle.ByTwo)))
}

func TestJoinsOfConcatAreAsDefined(t *testing.T) {
	each(t, concat(joins(oracle.ByCar), joins(oracle.ByGear)))
}

func TestStateOfConcatIsAsDefined(t *testing.T) {
	each(t, concat(states(oracle.ByCar), states(oracle.ByGear)))
}

func TestRunningExpressionsOfConcatAreAsDefined(t *testing.T) {
	each(t, concat(earlier(oracle.ByCar), earlier(oracle.ByGear)))
}

func TestDedupOfConcatIsAsDefined(t *testing.T) {
	each(t, concat(firsts(oracle.ByCar, "car", "gear"), firsts(oracle.ByTwo, "gear", "text")))
}
