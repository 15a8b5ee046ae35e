package session

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/riffle-stream/riffle/kernel"
)

// maxNotebook bounds the file of a notebook, in bytes.
const maxNotebook = 256 << 20

// Notebook gives the code of a notebook's cells, in order, from the content of its file.
func Notebook(content []byte) ([]string, error) {
	if len(content) > maxNotebook {
		return nil, fmt.Errorf("notebook has %d bytes, at most %d", len(content), maxNotebook)
	}
	var nb struct {
		Format int `json:"nbformat"`
		Cells  []struct {
			Type   string   `json:"cell_type"`
			Source cellText `json:"source"`
		} `json:"cells"`
	}
	if err := json.Unmarshal(content, &nb); err != nil {
		return nil, fmt.Errorf("notebook is not JSON, want an .ipynb file: %w", err)
	}
	if nb.Format < 4 {
		return nil, fmt.Errorf("notebook has format %d, want 4 or later: save it anew in JupyterLab", nb.Format)
	}
	var code []string
	for _, c := range nb.Cells {
		if c.Type == "code" && strings.TrimSpace(string(c.Source)) != "" {
			code = append(code, string(c.Source))
		}
	}
	return code, nil
}

// cellText is a cell's text: a string, or a list of lines.
type cellText string

// UnmarshalJSON reads both forms.
func (s *cellText) UnmarshalJSON(b []byte) error {
	var lines []string
	if err := json.Unmarshal(b, &lines); err == nil {
		*s = cellText(strings.Join(lines, ""))
		return nil
	}
	return json.Unmarshal(b, (*string)(s))
}

// ExportNotebook runs a notebook's cells, without what they would watch or
// export themselves, and exports the frame of that name. It stops at the first
// cell that fails. A notebook that requires modules which this program lacks is
// exported by another: the error is a kernel.Error that names its file.
func (s *Session) ExportNotebook(ctx context.Context, code []string, frame, dir string, out kernel.Output) error {
	s.quiet = true
	for i, c := range code {
		if _, err := s.Eval(ctx, kernel.Cell{Code: c, Count: i + 1}, unseen{out}); err != nil {
			if failed := kernel.AsError(err); failed.Successor != "" {
				return failed
			}
			return fmt.Errorf("cell %d failed:\n%s", i+1, strings.Join(kernel.AsError(err).Traceback, "\n"))
		}
	}
	s.quiet = false
	if _, err := s.Eval(ctx, kernel.Cell{Code: fmt.Sprintf("Export(%s, %q)", frame, dir), Count: len(code) + 1}, out); err != nil {
		return fmt.Errorf("export of %s failed:\n%s", frame, strings.Join(kernel.AsError(err).Traceback, "\n"))
	}
	return nil
}

// unseen is the output of cells that only prepare something: what they ask is asked there, and nothing is shown.
type unseen struct{ kernel.Output }

func (unseen) Stream(string, string) {}
func (unseen) Show(kernel.Display)   {}
func (unseen) Clear(bool)            {}
