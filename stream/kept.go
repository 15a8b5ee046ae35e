package stream

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/stream/code"
)

// kept is what a step of a part keeps, and by which version of it.
type kept struct {
	exec.Store
	holds string // hash of what an entry is made of
	code  string // hash of the function that makes it; "" if there is none, or its text is not here
	name  string // of that function
}

// mark is what goes into a position for it.
func (k kept) mark() string { return k.holds + " " + k.code }

// keep finds what each part keeps.
func (l *layout) keep(files fs.FS) error {
	var source *code.Source
	if files != nil {
		var err error
		if source, err = code.Parse(files); err != nil {
			return fmt.Errorf("%w: the program's own text: %w", ErrConfig, err)
		}
	}
	for _, p := range l.parts {
		stores, err := l.topo.Stores(p.sub.ID)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrConfig, err)
		}
		p.kept = nil
		for _, s := range stores {
			sum := sha256.Sum256([]byte(s.Holds))
			k := kept{Store: s, holds: hex.EncodeToString(sum[:8])}
			if op, ok := s.Step.Op.(*plan.ApplyState); ok && source != nil {
				k.code, k.name = source.Hash(op.Func), code.Name(op.Func)
			}
			p.kept = append(p.kept, k)
		}
	}
	return nil
}

// marks are those of all that the part keeps, by the id of its store.
func (p *part) marks() map[string]string {
	out := map[string]string{}
	for _, k := range p.kept {
		out[k.ID] = k.mark()
	}
	return out
}

// match refuses state that this version of the program did not make. What an
// entry is made of is known of every step; the text of functions only where the
// program that saved the state and this one carry it.
func (s *session) match(t *task, saved map[string]string) error {
	t.adopted = false
	for _, k := range t.part.kept {
		holds, code, known := strings.Cut(saved[k.ID], " ")
		switch {
		case !known:
		case holds != k.holds:
			return fmt.Errorf("%w: the state of %s holds other columns or other aggregates than were saved for it, and cannot be read: start with a new --group", ErrLayout, k.Step.Op.Text())
		case code == "" || k.code == "" || code == k.code:
		case !s.cfg.KeepState:
			return fmt.Errorf("%w: function %s of %s, or what it reaches, is not the one that made the state of group %s: start with --keep-state, once, to go on with that state, or with a new --group to begin without", ErrLayout, k.name, k.Step.Op.Text(), s.cfg.Group)
		default:
			t.adopted = true
			s.cfg.Log.Warn("state of another version of its function is kept", "function", k.name, "task", t.id)
		}
	}
	return nil
}
