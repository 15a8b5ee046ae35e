package session

import (
	"go/types"

	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/display"
	"github.com/riffle-stream/riffle/interp"
	"github.com/riffle-stream/riffle/kernel"
)

// show takes the values of a cell's last expression, which are its result.
func (s *Session) show(values []interp.Value) {
	if len(values) == 0 || len(values) == 1 && silent(values[0]) {
		return
	}
	c := s.current()
	if err := s.checkBuilt(c); err != nil {
		panic(c.failed)
	}
	c.result = s.bundle(values)
}

// silent says whether a value has nothing to show: a run shows itself while it goes on.
func silent(v interp.Value) bool {
	if !v.Value.IsValid() {
		return false
	}
	_, ok := v.Value.Interface().(*cells.Run)
	return ok
}

// bundle is how values show themselves; several are shown one below the other. An error that is nil says nothing
// beside other values.
func (s *Session) bundle(values []interp.Value) kernel.Bundle {
	if last := len(values) - 1; last > 0 && !values[last].Value.IsValid() && isError(values[last]) {
		values = values[:last]
	}
	if len(values) == 1 {
		return s.one(values[0])
	}
	var all []display.Bundle
	for _, v := range values {
		all = append(all, display.Bundle(s.one(v)))
	}
	return kernel.Bundle(display.Stack(all...))
}

func isError(v interp.Value) bool {
	return v.Type != nil && types.Identical(v.Type, types.Universe.Lookup("error").Type())
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
	case *cells.Collected:
		return kernel.Bundle(collected(x).Bundle())
	case cells.Rich:
		return kernel.Bundle(rich(x))
	case cells.Group:
		return kernel.Text(x.String() + "\ncut it into windows with Tumbling(\"10s\") or Hopping(\"10s\", \"1s\"), or give each row to a function with ApplyState")
	case cells.Windowed:
		return kernel.Text(x.String() + "\nAgg(\"n = count()\", \"mean(x)\") computes what is in them")
	}
	return kernel.Bundle(display.Typed(v.Value, v.Shape))
}

// display shows a value, with the type that it has in its cell.
func (s *Session) display(v any) {
	s.current().out.Show(kernel.Display{Bundle: s.one(interp.Said(v))})
}

func (s *Session) showJSON(v any) {
	b, err := display.JSON(v)
	s.must(err)
	s.current().out.Show(kernel.Display{Bundle: kernel.Bundle(b)})
}

func rich(r cells.Rich) display.Bundle {
	switch r.MIME {
	case display.MIMEHTML:
		return display.HTML(r.Text, display.Unmarked(r.Text))
	case display.MIMEMarkdown:
		return display.Markdown(r.Text)
	case display.MIMESVG:
		return display.SVG(r.Text, "picture in SVG")
	case display.MIMEPNG:
		return display.PNG(r.Data)
	case display.MIMEJPEG:
		return display.JPEG(r.Data)
	}
	return display.Text(r.Text)
}
