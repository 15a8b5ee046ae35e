package pipe

import (
	"bytes"
	"io"
	"slices"
	"testing"
)

// A frame for each statement would wake the front for each: it is told of another line only.
func TestPlaceIsToldOfAnotherLine(t *testing.T) {
	var sent bytes.Buffer
	out := &remoteOutput{server: &server{link: newLink(nil, &sent)}, id: 1}
	for _, line := range []int{1, 1, 3, 3, 1} {
		out.Place(line)
	}
	front := &worker{calls: map[uint64]*call{1: {}}}
	var lines []int
	for l := newLink(&sent, nil); ; {
		f, err := l.receive()
		if err == io.EOF {
			break
		}
		if err == nil {
			err = front.handle(f)
		}
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, front.calls[1].line)
	}
	if !slices.Equal(lines, []int{3, 1}) {
		t.Errorf("the front was told of lines %v, want 3 and 1", lines)
	}
}
