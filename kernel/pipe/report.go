package pipe

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/riffle-stream/riffle/kernel"
)

const (
	maxMessageLines = 12
	maxFrames       = 8
	maxTailLines    = 10
)

// obituary says why a worker ended, for the user whose cell it ran.
func obituary(state *os.ProcessState, dump, tail string, hide []string) *kernel.Error {
	e := &kernel.Error{Name: died, Value: cause(state)}
	if report := crashReport(dump, hide); len(report) > 0 {
		e.Value = report[0]
		e.Traceback = report
	} else if state == nil || !state.Success() {
		e.Traceback = lastLines(tail, maxTailLines)
	}
	e.Traceback = append(e.Traceback, "",
		"The process that runs the cells has ended ("+cause(state)+").",
		gone)
	return e
}

// died is the name of the error of a cell whose worker ended.
const died = "WorkerDied"

const gone = "The next cell starts a new one: variables and functions of earlier cells are gone."

// placed adds to the report of a death which line of which cell ran.
func placed(e *kernel.Error, cell kernel.Cell, line int) *kernel.Error {
	lines := strings.Split(cell.Code, "\n")
	if line < 1 || line > len(lines) {
		line = 1
	}
	where := []string{fmt.Sprintf("cell %d:%d", cell.Count, line), "    " + strings.TrimSpace(lines[line-1])}
	at := slices.Index(e.Traceback, "")
	if at < 0 {
		at = 0
	}
	return &kernel.Error{Name: e.Name, Value: e.Value, Traceback: slices.Concat(e.Traceback[:at], where, e.Traceback[at:])}
}

func cause(state *os.ProcessState) string {
	if state == nil {
		return "it could not be waited for"
	}
	status, ok := state.Sys().(syscall.WaitStatus)
	if !ok {
		return state.String()
	}
	switch {
	case status.Signaled() && status.Signal() == syscall.SIGKILL:
		return "killed by signal 9, most often because the machine ran out of memory"
	case status.Signaled():
		return fmt.Sprintf("killed by signal %d, %v", status.Signal(), status.Signal())
	case status.ExitStatus() == 2:
		return "exit code 2, as after a panic"
	default:
		return fmt.Sprintf("exit code %d, as by os.Exit(%[1]d)", status.ExitStatus())
	}
}

// crashReport makes a dump of Go's runtime readable: the message, and the user's innermost frames of the
// goroutine that failed, without functions whose name begins with one of hide. It is empty if the text is no
// such dump.
func crashReport(dump string, hide []string) []string {
	lines := strings.Split(dump, "\n")
	report, rest := crashMessage(lines)
	if len(report) == 0 {
		return nil
	}
	return append(report, stackFrames(rest, hide)...)
}

// crashMessage gives the lines from the first "panic:" or "fatal error:" to the first goroutine.
func crashMessage(lines []string) (message, rest []string) {
	inMessage := false
	for i, l := range lines {
		if isGoroutine(l) {
			return message, lines[i+1:]
		}
		if l == "runtime stack:" {
			inMessage = false
		}
		if len(message) == 0 && (strings.HasPrefix(l, "panic: ") || strings.HasPrefix(l, "fatal error: ")) {
			inMessage = true
		}
		l = strings.TrimRight(l, " \t")
		if inMessage && l != "" && !strings.HasPrefix(l, "[signal ") && len(message) < maxMessageLines {
			message = append(message, l)
		}
	}
	return message, nil
}

func isGoroutine(l string) bool {
	return strings.HasPrefix(l, "goroutine ") && strings.HasSuffix(l, ":")
}

// stackFrames gives the frames of the first goroutine, without those of Go's runtime and of hide.
func stackFrames(lines, hide []string) []string {
	var frames []string
	for i := 0; i+1 < len(lines) && lines[i] != ""; i++ {
		function, place := lines[i], lines[i+1]
		if !strings.HasPrefix(place, "\t") {
			continue
		}
		i++
		if begins(function, machinery[:]) || begins(function, hide) || len(frames) >= maxFrames {
			continue
		}
		place, _, _ = strings.Cut(strings.TrimSpace(place), " +0x")
		frames = append(frames, "    at "+withoutArguments(function)+" ("+place+")")
	}
	return frames
}

// machinery is what stands between a user's functions in any stack.
var machinery = [...]string{"runtime.", "runtime/", "panic(", "reflect.", "internal/", "created by "}

func begins(s string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(s, p) })
}

// withoutArguments cuts "main.f(0xc000012345, 0x3)" to "main.f".
func withoutArguments(function string) string {
	if i := strings.LastIndexByte(function, '('); i > 0 {
		return function[:i]
	}
	return function
}

func lastLines(text string, n int) []string {
	text = strings.TrimRight(text, "\n")
	if text == "" {
		return nil
	}
	lines := strings.Split(text, "\n")
	return lines[max(0, len(lines)-n):]
}
