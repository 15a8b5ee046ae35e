package session

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/riffle-stream/riffle/broker/embedded"
	"github.com/riffle-stream/riffle/cells"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/display"
	"github.com/riffle-stream/riffle/export"
	"github.com/riffle-stream/riffle/interp"
	"github.com/riffle-stream/riffle/sampler/file"
)

// exportVerb writes a frame's graph as a program, builds it, and says that it
// is done only when the program gives the notebook's rows, byte for byte.
func (s *Session) exportVerb(f cells.Frame, dir string, options ...cells.Option) {
	s.must(only("Export", options))
	if s.quiet {
		return
	}
	dir, err := export.Folder(s.cfg.Dir, dir)
	s.must(err)
	p, sample, err := s.exportable(f)
	s.must(err)
	c := s.current()
	e := &exporting{session: s, cell: c, root: c.calls, dir: dir, work: startWork("Export", placeBelow(c.out, fmt.Sprintf("export-%d", c.number))), plan: p, sample: sample}
	err = e.run()
	e.work.end()
	s.must(err)
	s.current().calls++
}

// exportable refuses a frame that would not make a program: one that writes
// nowhere, or whose sample holds rows that nobody said what to do with.
func (s *Session) exportable(f cells.Frame) (*plan.Plan, *file.Sample, error) {
	c := s.current()
	o, err := s.run(c.ctx, f)
	if err != nil {
		return nil, nil, err
	}
	if err := refuseStill("Export", o.plan); err != nil {
		return nil, nil, err
	}
	for _, root := range o.plan.Roots {
		if _, ok := root.End().Op.(*plan.Sink); !ok {
			return nil, nil, errors.New("Export: the frame does not say where its rows go: end it with .To(\"topic\")")
		}
	}
	for _, b := range o.bad {
		if o.plan.Steps[b.Step].Policy.Action == plan.Stop {
			return nil, nil, fmt.Errorf("Export: %s of %s cannot be taken, and the frame does not say what a program does with such rows; the first, %s. Put OnError(Skip) behind the step to leave them out and count them, or OnError(DeadLetter(\"topic\")) to keep them in a topic",
				count(len(o.bad), "row"), count(len(o.sample.Records), "row"), first(b))
		}
	}
	sample, err := s.samples.exact(c.ctx, f.Topics())
	return o.plan, sample, err
}

// exporting is one export while it goes on.
type exporting struct {
	session *Session
	cell    *running
	root    int // which of the statement's roots the frame is
	dir     string
	work    *work
	plan    *plan.Plan
	sample  *file.Sample
}

func (e *exporting) run() error {
	ctx, w := e.cell.ctx, e.session.cfg.Workshop
	program, err := e.session.slice(interp.Root{})
	if err != nil {
		return fmt.Errorf("Export: %w", err)
	}
	p := export.Program{Slice: program, Plan: e.plan, Root: e.root, Sample: e.sample, Formats: known()}
	proof, err := w.Write(ctx, e.dir, p, e.work.say)
	if err != nil {
		return err
	}
	e.work.say("building the program")
	binary, err := w.Compile(ctx, e.dir, e.work.say)
	if err != nil {
		return err
	}
	e.work.say("comparing the program with the notebook")
	if err = export.Verify(ctx, binary, proof); err == nil {
		err = e.prove(ctx, p, proof, binary)
	}
	if err != nil { // what stays in the folder gives what the notebook showed
		return errors.Join(err, os.Remove(binary))
	}
	return nil
}

// slice is the program that a statement depends on, with what verbs gave it as literals.
func (s *Session) slice(root interp.Root) (*interp.Slice, error) {
	program, err := s.engine.Slice(root)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return export.Settle(program, s.given)
}

// prove keeps the rows of the three ways of running the graph side by side,
// each made by a process of its own, and says what was written.
func (e *exporting) prove(ctx context.Context, p export.Program, proof *export.Proof, binary string) error {
	files, err := e.session.cfg.Workshop.Live(p)
	if err != nil {
		return err
	}
	e.work.say("comparing the live program with the notebook")
	live, err := e.session.cfg.Workshop.Build(ctx, files, e.work.say)
	if err != nil {
		return err
	}
	dir := filepath.Join(e.session.cfg.Dir, ".riffle", "proof", proof.Name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("Export: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "notebook.jsonl"), proof.Rows, 0o644); err != nil {
		return fmt.Errorf("Export: %w", err)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "exported to %s in %s\nplan %s  code %s\n%s over the sample %s, SHA-256 of each way to run it:\n", e.session.near(e.dir), quick(e.work.elapsed()), proof.Plan, proof.Code[:16],
		count(bytes.Count(proof.Rows, []byte("\n")), "row"), proof.Fingerprint[:12])
	fmt.Fprintf(&text, "  %-9s %s\n", "notebook", proof.Sum)
	for _, way := range []struct{ name, binary string }{{"live", live}, {"program", binary}} {
		sum, err := rowsOf(ctx, way.binary, proof.Sample, filepath.Join(dir, way.name+".jsonl"))
		if err != nil {
			return fmt.Errorf("Export: %s: %w", way.name, err)
		}
		if sum != proof.Sum {
			return fmt.Errorf("%w: the rows of the %s have the SHA-256 %s, those of the notebook %s; they are in %s", export.ErrDiffers, way.name, sum, proof.Sum, dir)
		}
		fmt.Fprintf(&text, "  %-9s %s\n", way.name, sum)
	}
	fmt.Fprintf(&text, "the rows are in %s; run the program with: cd %s && ./%s%s", e.session.near(dir), e.session.near(e.dir), proof.Name, e.brokers())
	if len(proof.Rows) == 0 {
		text.WriteString("\nnote: the sample gave no rows, so that they are equal says little: Sample more of the topic, and export again")
	}
	for _, d := range p.Slice.Warnings {
		fmt.Fprintf(&text, "\nnote: %s: %s", d.At, d.Text)
	}
	text.WriteString(leftOut(p.Slice.Dropped))
	e.work.done(display.Lines(text.String()))
	return nil
}

// brokers are the flags with which the program finds the Kafka of the notebook: none for the embedded broker.
func (e *exporting) brokers() string {
	if embedded.IsCluster(e.sample.ClusterID) {
		return ""
	}
	return " --brokers HOST:9092"
}

// near is a path as one says it in the notebook's folder, so that saved notebooks name no machine.
func (s *Session) near(path string) string {
	rel, err := filepath.Rel(s.cfg.Dir, path)
	if err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
		return path
	}
	return "./" + filepath.ToSlash(rel)
}

// rowsOf runs a program over a sample into a file and gives the SHA-256 of that.
func rowsOf(ctx context.Context, binary, sample, out string) (string, error) {
	said, err := exec.CommandContext(ctx, binary, "--sample", sample, "--rows", out).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, bytes.TrimSpace(said))
	}
	rows, err := os.ReadFile(out)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", sha256.Sum256(rows)), nil
}

// buildLive builds the program of a live run: the running statement and all
// that it depends on. Say is told what is going on.
func (s *Session) buildLive(ctx context.Context, program *interp.Slice, p *plan.Plan, root int, say func(string)) (string, error) {
	files, err := s.cfg.Workshop.Live(export.Program{Slice: program, Plan: p, Root: root})
	if err != nil {
		return "", err
	}
	return s.cfg.Workshop.Build(ctx, files, say)
}
