package interp

// Completions are what may stand in place of the bytes [From, To) of the code.
type Completions struct {
	From, To int
	Items    []Completion
}

// A Completion is one offer.
type Completion struct {
	Text string
	Kind string // "func", "method", "field", "var", "const", "type", "package"
	Type string // its signature or type
}

// Complete implements Engine.
func (e *engine) Complete(code string, pos int) Completions { return Completions{From: pos, To: pos} }
