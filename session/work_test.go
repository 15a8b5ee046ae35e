package session

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/riffle-stream/riffle/display"
)

// A build is silent for a minute: the time beside it goes on, and says that nothing hangs.
func TestAWorkTellsTheTimeThatPasses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &page{}
		w := startWork("Export", placeBelow(out, "export-1"))
		w.say("building the program")
		time.Sleep(2500 * time.Millisecond)
		w.done(display.Text("exported"))
		w.end()
		time.Sleep(time.Minute)
		want := "Export  building the program\nExport  1.0 s  building the program\nExport  2.0 s  building the program\nexported\n"
		if got := out.String(); got != want {
			t.Errorf("shown was\n%s\nwant\n%s", got, want)
		}
	})
}

// What failed shows no bar any more, but where it was.
func TestAWorkThatFailsLeavesNoBar(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &page{}
		w := startWork("Export", placeBelow(out, "export-1"))
		w.say("building the program")
		time.Sleep(400 * time.Millisecond)
		w.end()
		w.say("too late")
		if got := out.String(); !strings.HasSuffix(got, "\nExport ended after 400ms: building the program\n") {
			t.Errorf("shown was\n%s", got)
		}
	})
}
