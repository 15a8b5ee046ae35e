package session

import (
	"strings"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/display"
	"github.com/riffle-stream/riffle/interp"
	"github.com/riffle-stream/riffle/kernel"
)

// show shows the values of a cell's last expression.
func (s *Session) show(values []interp.Value) {
	if len(values) == 0 || len(values) == 1 && silent(values[0]) {
		return
	}
	c := s.current()
	if err := s.checkBuilt(c); err != nil {
		panic(c.failed)
	}
	b := s.bundle(values)
	if len(b.Data) > 0 {
		c.out.Show(kernel.Display{Bundle: b})
	}
}

// silent says whether a value has nothing to show: a run shows itself while it goes on.
func silent(v interp.Value) bool {
	if !v.Value.IsValid() {
		return false
	}
	_, ok := v.Value.Interface().(*cells.Run)
	return ok
}

// bundle is how values show themselves; several are shown one below the other as text.
func (s *Session) bundle(values []interp.Value) kernel.Bundle {
	if len(values) == 1 {
		return s.one(values[0])
	}
	var all []string
	for _, v := range values {
		text, _ := s.one(v).Data[display.MIMEText].(string)
		all = append(all, text)
	}
	return kernel.Text(strings.Join(all, "\n"))
}

func (s *Session) one(v interp.Value) kernel.Bundle {
	if !v.Value.IsValid() {
		return kernel.Text("nil")
	}
	x := v.Value.Interface()
	if len(cells.Frames(x)) > 0 {
		b, err := s.look(x, nil)
		if err != nil {
			s.current().fail(err)
		}
		return kernel.Bundle(b)
	}
	switch x := x.(type) {
	case *cells.Table:
		return kernel.Bundle(collected(x).Bundle())
	case cells.Group:
		return kernel.Text(x.String() + "\ncut it into windows with Tumbling(\"10s\") or Hopping(\"10s\", \"1s\"), or give each row to a function with ApplyState")
	case cells.Windowed:
		return kernel.Text(x.String() + "\nAgg(\"n = count()\", \"mean(x)\") computes what is in them")
	}
	if v.Text != "" {
		return kernel.Text(v.Text)
	}
	return kernel.Bundle(display.Value(x))
}
