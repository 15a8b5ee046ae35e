package session

import (
	"context"

	"github.com/riffle-stream/riffle/interp"
	"github.com/riffle-stream/riffle/interp/source"
	"github.com/riffle-stream/riffle/kernel"
)

// Complete proposes what could stand at the cursor.
func (s *Session) Complete(ctx context.Context, code string, cursor int) (kernel.Completion, error) {
	plain, magics := goCode(0, code)
	if m, ok := magicAt(magics, cursor); ok {
		return completeMagic(m, code, cursor), nil
	}
	code = plain.Text
	if c, ok := s.inString(ctx, code, cursor); ok && !interp.Importing(code, cursor) {
		return c, nil
	}
	got := s.engine.Complete(code, cursor)
	out := kernel.Completion{Start: got.From, End: got.To}
	for _, item := range got.Items {
		out.Candidates = append(out.Candidates, kernel.Candidate{Text: item.Text, Type: item.Kind, Signature: item.Type})
	}
	return out, nil
}

// IsComplete tells a console whether the code can run.
func (s *Session) IsComplete(_ context.Context, code string) (kernel.Completeness, error) {
	plain, _ := goCode(0, code)
	switch s.engine.IsComplete(plain.Text) {
	case interp.Incomplete:
		return kernel.Completeness{Status: kernel.Incomplete, Indent: "\t"}, nil
	case interp.Invalid:
		return kernel.Completeness{Status: kernel.Invalid}, nil
	}
	return kernel.Completeness{Status: kernel.Complete}, nil
}

// magicAt is the magic in whose line the cursor stands, unless it stands in Go behind one.
func magicAt(magics []source.Magic, cursor int) (source.Magic, bool) {
	for _, m := range magics {
		if cursor <= m.From || cursor > m.End {
			continue
		}
		named, ok := magicNamed(m.Name)
		return m, !(ok && named.goes) || cursor < m.Body || m.Body == m.End && cursor <= m.From+1+len(m.Name)
	}
	return source.Magic{}, false
}

// completeMagic proposes names of magics.
func completeMagic(m source.Magic, code string, cursor int) kernel.Completion {
	start := cursor
	for start > m.From && isWord(code[start-1]) {
		start--
	}
	out := kernel.Completion{Start: start, End: cursor}
	if marks := code[m.From:start]; marks != "%" && marks != "%%" {
		return out
	}
	for _, known := range magics() {
		if like(known.name, code[start:cursor]) {
			out.Candidates = append(out.Candidates, kernel.Candidate{Text: known.name, Type: "magic", Signature: known.help})
		}
	}
	return out
}
