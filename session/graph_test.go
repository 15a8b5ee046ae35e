package session

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/riffle-stream/riffle/display"
	"github.com/riffle-stream/riffle/kernel"
)

// A page without scripts, such as what nbconvert writes, shows the steps as a picture.
func TestGraphIsAPictureToo(t *testing.T) {
	n := open(t, t.TempDir(), nil)
	n.mustRun("df := Rows(`{\"car\":\"44\",\"speed\":1.5}`)\nfast, slow := df.Where(\"car < 'x'\").Split(\"speed > 1\")")
	res, err := n.Eval(t.Context(), kernel.Cell{Code: "Concat(fast, slow).Graph()", Count: 9}, &page{})
	if err != nil {
		t.Fatal(err)
	}
	svg, _ := res.Data[display.MIMESVG].(string)
	if strings.Count(svg, "<rect") < 4 || !strings.Contains(svg, "where(&#34;car &lt;") || !strings.Contains(svg, "1 row<") {
		t.Errorf("the picture is %s", svg)
	}
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("the picture is no XML: %v", err)
		}
	}
}
