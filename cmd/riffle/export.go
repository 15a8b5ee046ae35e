package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/riffle-stream/riffle/kernel"
	"github.com/riffle-stream/riffle/session"
)

// exportNotebook runs a notebook and writes one of its frames as a program.
func exportNotebook(ctx context.Context, args []string) error {
	f := flags("export")
	frame := f.String("frame", "", "the variable that holds the frame to export, such as `NAME`")
	out := f.String("out", "", "the `DIR` to write")
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		args = append([]string{""}, args...) // parse answers --help, and names what is missing
	}
	file := args[0]
	if err := parse(f, args[1:]); err != nil {
		return err
	}
	for what, given := range map[string]string{"NOTEBOOK": file, "--frame": *frame, "--out": *out} {
		if given == "" {
			return &usageError{f.Name(), fmt.Errorf("names no %s", what)}
		}
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	code, err := session.Notebook(content)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	dir, err := filepath.Abs(*out)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	s, _, err := openSession(filepath.Dir(file))
	if err != nil {
		return err
	}
	defer s.Close()
	err = s.ExportNotebook(ctx, code, *frame, dir, &terminal{})
	var failed *kernel.Error
	if errors.As(err, &failed) && failed.Successor != "" { // it has the modules of the notebook
		s.Close()
		return syscall.Exec(failed.Successor, append([]string{failed.Successor, "export"}, args...), os.Environ())
	}
	return err
}

// terminal shows what a cell shows, as text.
type terminal struct{ last string }

// Stream prints text.
func (t *terminal) Stream(name, text string) {
	if name == kernel.Stderr {
		fmt.Fprint(os.Stderr, text)
		return
	}
	fmt.Print(text)
}

// Show prints the text of a display once.
func (t *terminal) Show(d kernel.Display) {
	if text, _ := d.Data["text/plain"].(string); text != "" && text != t.last {
		fmt.Println(text)
		t.last = text
	}
}

// Clear does nothing: what was printed stays.
func (t *terminal) Clear(bool) {}

// Input cannot ask anybody.
func (t *terminal) Input(context.Context, string, bool) (string, error) { return "", kernel.ErrNoInput }
