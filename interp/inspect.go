package interp

// A Description says what a name is.
type Description struct {
	Name, Declaration, Doc string
}

// Inspect implements Engine.
func (e *engine) Inspect(code string, pos int) (Description, bool) { return Description{}, false }
