package interp

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"testing"
	"time"
)

func TestDbg(t *testing.T) {
	e, err := open(Config{Stdout: os.Stdout, Stderr: os.Stdout, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	data, _ := os.ReadFile("/tmp/cells.txt")
	for i, c := range splitCells(string(data)) {
		chk, err := e.session.Check(Cell{Number: i + 1, Text: c})
		if err == nil && os.Getenv("SHOW") != "" {
			undo := e.session.Commit(chk)
			code, err := e.program.Cell(chk)
			fmt.Println("ERR", err, code.Imports+code.Types+code.Vars+code.Funcs)
			e.program.Undo()
			undo()
		}
		ctx, c2 := context.WithTimeout(context.Background(), 3*time.Second)
		start := time.Now()
		r, err := e.Eval(ctx, Cell{Number: i + 1, Text: c})
		fmt.Println("--- cell", i+1, time.Since(start))
		c2()
		if err != nil {
			fmt.Println("ERROR:", err)
		}
		for _, n := range r.Notes {
			fmt.Println("NOTE:", n)
		}
		for _, v := range r.Values {
			fmt.Println("VALUE:", v.Value, v.Type, v.Text)
		}
	}
}
func splitCells(s string) []string {
	var out []string
	cur := ""
	for _, l := range splitLines(s) {
		if l == "---" {
			out = append(out, cur)
			cur = ""
			continue
		}
		cur += l + "\n"
	}
	return append(out, cur)
}
func splitLines(s string) []string {
	var out []string
	for {
		i := -1
		for k := range s {
			if s[k] == '\n' {
				i = k
				break
			}
		}
		if i < 0 {
			if s != "" {
				out = append(out, s)
			}
			return out
		}
		out = append(out, s[:i])
		s = s[i+1:]
	}
}
