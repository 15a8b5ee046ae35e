package notebooks

import "testing"

func TestFlightsAreWhatPandasMakesOfThem(t *testing.T) {
	l := open(t)
	t.Log(must(t, l.command(l.python, "flights.py", l.riffle)))
	t.Log(l.run(t, "flights.py", "flights.ipynb", t.TempDir(), l.riffle))
}
