package export_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/internal/kafkatest"
)

// TestAFixedCellGoesOn runs a program of a notebook until a row that a function cannot take, mends the cell, exports
// again, and starts that in the same group: no row is missing, and none is there twice.
func TestAFixedCellGoesOn(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because -short builds no programs")
	}
	w, b, state := shop(t), kafkatest.Fake(t, "cars:3"), t.TempDir()
	n := newNotebook(t, writeSample(t))
	build := func(cell string) string {
		t.Helper()
		n.run(cell, "Export(Topic(\"cars\", Time(\"ts\")).\n\tMap(\"left\", share, \"gear\").Select(\"car\", \"gear\", \"left\").To(\"out\"), \"out\")")
		dir := filepath.Join(t.TempDir(), "car-left")
		if _, err := w.Write(t.Context(), dir, n.made[len(n.made)-1], nil); err != nil {
			t.Fatal(err)
		}
		binary, err := w.Compile(t.Context(), dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		return binary
	}
	start := func(binary string) (int, string) {
		return untilRow(t, b, exec.Command(binary, "--brokers", b.Addrs[0], "--state-dir", state))
	}
	put := func(gear int) {
		b.ProduceKeyed(t, &kgo.Record{Topic: "cars", Key: []byte("car-1"), Value: fmt.Appendf(nil, `{"car":"car-1","speed":1.5,"gear":%d,"ts":1700000000000}`, gear)})
	}
	first := build(`func share(gear int) int { return 840 / (9 - gear) }`)
	put(1)
	if code, said := start(first); code != 0 {
		t.Fatalf("exit %d: %s", code, said)
	}
	put(2)
	put(9)
	put(3)
	for range 2 { // to start it again as it is changes nothing
		code, said := start(first)
		if code != 3 || !strings.Contains(said, "divide by zero") || !strings.Contains(said, "pipeline.go:") || !strings.Contains(said, ", cell 2 line 2 of the notebook)") {
			t.Fatalf("exit %d, want 3, the panic and the lines: %s", code, said)
		}
	}
	mended := build("func share(gear int) int {\n\tif gear == 9 {\n\t\treturn -1\n\t}\n\treturn 840 / (9 - gear)\n}")
	if code, said := start(mended); code != 0 {
		t.Fatalf("mended: exit %d: %s", code, said)
	}
	var got []string
	for _, r := range b.Read(t, "out") {
		got = append(got, string(r.Value))
	}
	want := []string{
		`{"car":"car-1","gear":1,"left":105}`, `{"car":"car-1","gear":2,"left":120}`, `{"car":"car-1","gear":9,"left":-1}`, `{"car":"car-1","gear":3,"left":140}`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("written\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
