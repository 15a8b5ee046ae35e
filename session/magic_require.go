package session

import (
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/display"
	"github.com/riffle-stream/riffle/interp/symbols"
	"github.com/riffle-stream/riffle/kernel"
	"github.com/riffle-stream/riffle/modules"
)

const requireHelp = `%require gonum.org/v1/gonum/stat@v0.17.0
%require github.com/shopspring/decimal
	without a version the newest, and which that is
%require ./mylib
	the module in a folder beside the notebook, as it is now
%require
	lists what is there`

// successor is the error of a cell that another program must run.
type successor struct{ program string }

// Error says so, where nobody can do it.
func (s *successor) Error() string {
	return "the modules are built into " + s.program + ", which must run the cell: it is not started from here"
}

// failure is the error as the kernel takes it.
func (s *successor) failure() *kernel.Error {
	return &kernel.Error{Name: "Error", Value: s.Error(), Traceback: []string{s.Error()}, Successor: s.program}
}

// extra are the packages of required modules.
func (c Config) extra() []symbols.Set {
	if c.Linker == nil {
		return nil
	}
	return []symbols.Set{c.Linker.Linked().Symbols}
}

// requireMagic brings a module into the session, and with it those of the cell's other lines, so that one program is
// built for them all.
func (s *Session) requireMagic(c *running, args string) error {
	if s.cfg.Linker == nil {
		return fmt.Errorf("%%require: this session takes no modules")
	}
	if s.repeats { // the program was built for the requests as they are now
		return nil
	}
	if args == "" {
		c.out.Stream(kernel.Stdout, s.required())
		return nil
	}
	r, err := modules.Parse(args, s.cfg.Dir)
	if err != nil {
		return err
	}
	m, ok, err := s.cfg.Linker.Linked().Has(r)
	if err != nil {
		return err
	}
	if ok {
		c.out.Stream(kernel.Stdout, s.describeModule(m, r))
		return nil
	}
	requests, err := s.requests(c)
	if err != nil {
		return err
	}
	w := startWork("%require", placeBelow(c.out, fmt.Sprintf("require-%d", c.number)))
	defer w.end()
	program, err := s.cfg.Linker.Link(c.ctx, requests, w.say)
	if err != nil {
		return err
	}
	w.done(display.Text(s.linked(w)))
	return &successor{program}
}

// requests are what the cell's lines ask for.
func (s *Session) requests(c *running) ([]modules.Request, error) {
	var out []modules.Request
	for _, l := range c.script.lines {
		if l.magic.name != "require" || l.Args == "" {
			continue
		}
		r, err := modules.Parse(l.Args, s.cfg.Dir)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// required lists the modules of the session.
func (s *Session) required() string {
	var b strings.Builder
	for _, m := range s.cfg.Linker.Linked().Modules {
		b.WriteString(s.describeModule(m, m.Request))
	}
	if b.Len() == 0 {
		return "no modules are required, want such as %require github.com/shopspring/decimal@v1.4.0\n"
	}
	return b.String()
}

// maxPackages is how many packages of a module are listed by name.
const maxPackages = 8

// describeModule says what a request brought.
func (s *Session) describeModule(m modules.Module, asked modules.Request) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", m.Path, m.Version)
	if m.Dir != "" {
		b.Reset()
		fmt.Fprintf(&b, "%s from %s", m.Path, s.near(m.Dir))
	} else if asked.Version != m.Version {
		fmt.Fprintf(&b, " (to stay with it: %%require %s@%s)", m.Path, m.Version)
	}
	list := m.Packages[:min(len(m.Packages), maxPackages)]
	fmt.Fprintf(&b, ": import %q", list[0])
	for _, p := range list[1:] {
		fmt.Fprintf(&b, ", %q", p)
	}
	if more := len(m.Packages) - len(list); more > 0 {
		fmt.Fprintf(&b, " and %d more", more)
	}
	b.WriteByte('\n')
	for _, left := range m.Left {
		fmt.Fprintf(&b, "  not %s\n", left)
	}
	return b.String()
}

// linked says what comes after the build.
func (s *Session) linked(w *work) string {
	text := fmt.Sprintf("the modules are ready after %s", quick(w.elapsed()))
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.lives); n > 0 {
		text += fmt.Sprintf("; %s of Live in the background ended with the process that the modules are not in", count(n, "run"))
	}
	return text
}
