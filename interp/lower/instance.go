package lower

import (
	"fmt"
	"go/types"

	"github.com/riffle-stream/riffle/interp/check"
)

// An instance of a generic function or method of a cell lives in a variable, as other functions do.
type instance struct {
	name string
	args []types.Type
}

// variable is the variable of the instance of a function for types.
func (p *Program) variable(d *check.Decl, base string, args []types.Type) string {
	o := p.session.Canon(d.Func.Object)
	return p.instance(fmt.Sprintf("func %p %s", o, p.keys(args)), base, func(n string) {
		p.code.Vars += "var " + n + " func" + p.typed(p.session, d, args).signature(d.Func.Sig) + "\n"
		held := p.generic[o]
		p.generic[o] = append(held, instance{n, args})
		p.undo = append(p.undo, func() { p.generic[o] = held })
		p.setup += p.aim(d, instance{n, args})
	})
}

// aim writes a function for the types of an instance and returns the assignment to its variable.
func (p *Program) aim(d *check.Decl, i instance) string {
	impl := p.fresh(i.name)
	p.todo = append(p.todo, func() { p.function(p.session, d, impl, i.args, nil) })
	return "\n" + i.name + " = " + impl
}

// reaim makes a generic function current in the instances that there are.
func (p *Program) reaim(d *check.Decl) (text string) {
	for _, i := range p.generic[p.session.Canon(d.Func.Object)] {
		text += p.aim(d, i)
	}
	return text
}

// typed is the emitter for a function whose type parameters have types.
func (p *Program) typed(home *check.Session, d *check.Decl, args []types.Type) *emitter {
	e := p.emitter(home, d.Info)
	e.env = env{}
	for i, a := range args {
		e.env[d.Func.Sig.TypeParams().At(i)] = a
	}
	return e
}
