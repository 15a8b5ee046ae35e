package interp

// Running implements Engine.
func (e *engine) Running() int {
	if r := e.runs.of(); r != nil {
		return r.cell
	}
	return 0
}
