package stream

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
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
			if source != nil {
				k.code, k.name = codeOf(source, s.Step.Op)
			}
			p.kept = append(p.kept, k)
		}
	}
	return nil
}

// named refuses flags about steps that this program does not have. What was saved for a step that it had before has a
// name of the same form, and whether it was is not known yet.
func (l *layout) named(cfg Config) error {
	var ids []string
	for _, p := range l.parts {
		for _, k := range p.kept {
			ids = append(ids, k.ID)
		}
	}
	for flag, steps := range map[string][]string{"--adopt": cfg.Adopt, "--reset-state": cfg.Reset} {
		for _, id := range steps {
			if !slices.Contains(ids, id) && (flag == "--adopt" || !strings.Contains(id, "#")) {
				return fmt.Errorf("%w: %s %s: no step of this program keeps state under that name; those that do are %s", ErrConfig, flag, quote(id), strings.Join(ids, ", "))
			}
		}
	}
	return nil
}

// codeOf is the hash of the functions that make what a step keeps, and the name of one; "" if there are none.
func codeOf(source *code.Source, op plan.Op) (hash, name string) {
	var fns []any
	switch op := op.(type) {
	case *plan.ApplyState:
		fns = append(fns, op.Func)
	case *plan.Window:
		for _, a := range op.Aggs {
			if a.Fold != nil {
				fns = append(fns, a.Fold.Step, a.Fold.Init, a.Fold.Merge)
			}
		}
		if op.Reduce != nil {
			fns = append(fns, op.Reduce)
		}
	}
	if len(fns) == 0 {
		return "", ""
	}
	if len(fns) == 1 {
		return source.Hash(fns[0]), code.Name(fns[0])
	}
	sum := sha256.New()
	for _, fn := range fns {
		fmt.Fprintln(sum, source.Hash(fn))
	}
	return hex.EncodeToString(sum.Sum(nil)[:16]), code.Name(fns[0])
}

// marks are those of all that the part keeps, by the id of its store.
func (p *part) marks() map[string]string {
	out := map[string]string{}
	for _, k := range p.kept {
		out[k.ID] = k.mark()
	}
	return out
}

// match refuses state that this version of the program did not make, but for
// what it was told. What an entry is made of is known of every step; the text of
// functions only where the program that saved the state and this one carry it.
func (s *session) match(t *task, saved map[string]string) error {
	t.changed, t.fresh = false, map[string]bool{}
	here := map[string]bool{}
	for _, k := range t.part.kept {
		here[k.ID] = true
		if err := s.matchStep(t, k, saved); err != nil {
			return err
		}
	}
	for id := range saved {
		if here[id] {
			continue
		}
		if !slices.Contains(s.cfg.Reset, id) {
			return fmt.Errorf("%w: group %s has state of a step %q, which this program does not have: %s", ErrLayout, s.cfg.Group, id, choices(id, "to drop it"))
		}
		s.begins(t, id)
	}
	return nil
}

// matchStep compares what was saved for one step.
func (s *session) matchStep(t *task, k kept, saved map[string]string) error {
	mark, known := saved[k.ID]
	holds, code, _ := strings.Cut(mark, " ")
	step := k.Step.Op.Text()
	if k.Step.At != "" {
		step += " at " + k.Step.At
	}
	same := holds == k.holds && (code == "" || k.code == "" || code == k.code)
	switch {
	case known && same:
		return nil
	case slices.Contains(s.cfg.Reset, k.ID):
		if strings.HasPrefix(k.ID, "moved:") {
			return fmt.Errorf("%w: --reset-state %q: rows on their way between two parts of the program would be lost; start with a new --group", ErrConfig, k.ID)
		}
		s.begins(t, k.ID)
		return nil
	case !known:
		return fmt.Errorf("%w: step %s is new in this program, and its state would lack all rows that group %s has read: %s", ErrLayout, step, s.cfg.Group, choices(k.ID, "to let it begin now"))
	case holds != k.holds:
		return fmt.Errorf("%w: the state of %s holds other columns or other aggregates than were saved for it, and cannot be read: %s", ErrLayout, step, choices(k.ID, "to begin that step without"))
	case slices.Contains(s.cfg.Adopt, k.ID):
		t.changed = true
		s.cfg.Log.Warn("state of another version of its function is kept", "function", k.name, "task", t.id)
		return nil
	}
	return fmt.Errorf("%w: function %s of %s, or what it reaches, is not the one that made the state of group %s: start once with --adopt %s to go on with that state; %s",
		ErrLayout, k.name, step, s.cfg.Group, quote(k.ID), choices(k.ID, "to begin that step without"))
}

// begins makes a step of a task begin without what was saved for it.
func (s *session) begins(t *task, id string) {
	t.changed, t.fresh[id] = true, true
	s.cfg.Log.Warn("state is dropped, as --reset-state says", "step", id, "task", t.id)
}

// choices is what can be done about the state of a step.
func choices(id, why string) string {
	return fmt.Sprintf("start once with --reset-state %s %s, or give the program a new --group to begin with the first rows", quote(id), why)
}

// quote is a name as a shell takes it.
func quote(id string) string { return "'" + strings.ReplaceAll(id, "'", `'\''`) + "'" }
