package dataframe

// View is a frame with the way in which it is looked at. It shows itself as
// the last expression of a cell, in Show and in Live.
type View struct {
	Frame Frame
	Look  Look
	Rows  int // of Head and Tail
}

// Look is what a view shows of its frame.
type Look string

// The looks.
const (
	LookHead     Look = "head"
	LookTail     Look = "tail"
	LookDescribe Look = "describe"
	LookSchema   Look = "schema"
	LookExplain  Look = "explain"
	LookGraph    Look = "graph"
)

// Head shows the first n rows.
func (f Frame) Head(n int) View { return View{f, LookHead, n} }

// Tail shows the last n rows.
func (f Frame) Tail(n int) View { return View{f, LookTail, n} }

// Describe shows count, nulls, mean, std, min, quartiles and max of each column.
func (f Frame) Describe() View { return View{f, LookDescribe, 0} }

// Schema shows the columns and their kinds.
func (f Frame) Schema() View { return View{f, LookSchema, 0} }

// Explain shows what the frame computes and what it costs: the plan, where
// rows move, how long windows stay open, and what the sample decided.
func (f Frame) Explain() View { return View{f, LookExplain, 0} }

// Graph draws the frame's steps.
func (f Frame) Graph() View { return View{f, LookGraph, 0} }
