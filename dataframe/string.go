package dataframe

import (
	"strings"

	"github.com/riffle-stream/riffle/dataframe/plan"
)

// String names the frame by its topics and its last step; its rows are what Show shows.
func (f Frame) String() string {
	if err := f.Err(); err != nil {
		return "frame with an error: " + err.Error()
	}
	text := "frame of " + strings.Join(f.Topics(), ", ")
	if _, ok := f.node.Op.(*plan.Source); ok {
		return text
	}
	return text + ": " + f.node.Op.Text()
}

// String names the group by its frame and columns.
func (g Group) String() string {
	if err := g.frame.Err(); err != nil {
		return g.frame.String()
	}
	return strings.Join(g.frame.Topics(), ", ") + " by " + strings.Join(g.keys, ", ")
}

// String names the windows by their group and size.
func (w Windowed) String() string {
	if err := w.frame.Err(); err != nil {
		return w.frame.String()
	}
	return Group{frame: w.frame, keys: w.op.Keys}.String() + ", in " + w.op.Spec.Describe()
}
