package lower

import "go/types"

// Place is what the interpreter calls a variable of the session, if it has it.
func (p *Program) Place(o *types.Var) (name string, ok bool) {
	name, ok = p.names[p.session.Canon(o)]
	return name, ok
}
