package plan

import (
	"time"

	"github.com/riffle-stream/riffle/dataframe/window"
)

// Open gives the ends of a graph and, behind them, twins that tell of windows which are still open. An end has one if its
// rows come from windows that give them when they close, by steps that see one row and call no function of a user. Of
// twin i, of[i] is the number of the end. Twins are for charts of live runs: no program has them.
func Open(roots []*Node) (all []*Node, of []int) {
	all = Ends(roots)
	for i, r := range all {
		if t := twin(r); t != nil {
			all, of = append(all, t), append(of, i)
		}
	}
	return all, of
}

// twin is a node like n, from windows that tell how they stand, or nil.
func twin(n *Node) *Node {
	switch op := n.Op.(type) {
	case *Window:
		if op.Emit != Final || !op.Spec.Aligned() {
			return nil
		}
		w := *op
		w.Emit, w.Every, w.OnLate, w.LateTo = Periodic, tick(w.Spec), nil, ""
		if w.Calls() {
			return nil
		}
		return &Node{Op: &w, In: n.In, At: n.At}
	case *Sink: // nothing is written
		return twin(n.In[0])
	case *With, *Where, *Select, *Drop, *Rename, *DropNull, *Require, *OnError:
		if in := twin(n.In[0]); in != nil {
			return &Node{Op: op, In: []*Node{in}, At: n.At}
		}
	}
	return nil
}

// How often a window tells how it stands.
const (
	leastTick = 200 * time.Millisecond
	mostTick  = time.Second
)

// tick is a twentieth of a window, within bounds.
func tick(s window.Spec) time.Duration {
	return min(max(time.Duration(s.Size)*time.Microsecond/20, leastTick), mostTick)
}
