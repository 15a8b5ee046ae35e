package dataframe

// View is a frame with the way in which it is looked at. It shows itself as
// the last expression of a cell, in Show and in Live.
type View struct {
	Frame Frame
	Look  Look
	Rows  int      // of Head and Tail
	Keys  []string // of StateOf
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
	LookState    Look = "state"
)

// Head shows the first n rows.
func (f Frame) Head(n int) View { return View{Frame: f, Look: LookHead, Rows: n} }

// Tail shows the last n rows.
func (f Frame) Tail(n int) View { return View{Frame: f, Look: LookTail, Rows: n} }

// Describe shows count, nulls, mean, std, min, quartiles and max of each column.
func (f Frame) Describe() View { return View{Frame: f, Look: LookDescribe} }

// Schema shows the columns and their kinds.
func (f Frame) Schema() View { return View{Frame: f, Look: LookSchema} }

// Explain shows what the frame computes and what it costs: the plan, where
// rows move, how long windows stay open, and what the sample decided.
func (f Frame) Explain() View { return View{Frame: f, Look: LookExplain} }

// Graph draws the frame's steps.
func (f Frame) Graph() View { return View{Frame: f, Look: LookGraph} }

// StateOf shows what the frame's last step that keeps something has kept at the
// end of the sample: of every key, or of these. A key that ends in * stands for
// all that begin so.
func StateOf(f Frame, keys ...string) View { return View{Frame: f, Look: LookState, Keys: keys} }
