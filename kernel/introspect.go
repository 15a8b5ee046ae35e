package kernel

import (
	"context"
	"unicode/utf8"
)

type codeRequest struct {
	Code   string `json:"code"`
	Cursor *int   `json:"cursor_pos"`
	Detail int    `json:"detail_level"`
}

// offset is the cursor in bytes; without one it is the end.
func (c codeRequest) offset() int {
	if c.Cursor == nil {
		return len(c.Code)
	}
	return byteOffset(c.Code, *c.Cursor)
}

// byteOffset turns a position in code points, as clients count, into one in bytes.
func byteOffset(code string, points int) int {
	for i := range code {
		if points <= 0 {
			return i
		}
		points--
	}
	return len(code)
}

// pointOffset turns a position in bytes into one in code points.
func pointOffset(code string, bytes int) int {
	return utf8.RuneCountInString(code[:min(max(bytes, 0), len(code))])
}

func (k *kernel) complete(ctx context.Context, r *request) (any, error) {
	asked, err := parse[codeRequest](r)
	if err != nil {
		return nil, err
	}
	ctx, end := k.begin(ctx)
	defer end()
	c, err := k.eval.Complete(ctx, asked.Code, asked.offset())
	if err != nil {
		return nil, err
	}
	start, stop := pointOffset(asked.Code, c.Start), pointOffset(asked.Code, c.End)
	matches, types := []string{}, []object{}
	for _, m := range c.Candidates {
		matches = append(matches, m.Text)
		types = append(types, object{"text": m.Text, "type": m.Type, "signature": m.Signature, "start": start, "end": stop})
	}
	return object{"status": "ok", "matches": matches, "cursor_start": start, "cursor_end": stop,
		"metadata": object{"_jupyter_types_experimental": types}}, nil
}

func (k *kernel) inspect(ctx context.Context, r *request) (any, error) {
	asked, err := parse[codeRequest](r)
	if err != nil {
		return nil, err
	}
	ctx, end := k.begin(ctx)
	defer end()
	b, err := k.eval.Inspect(ctx, asked.Code, asked.offset(), asked.Detail)
	if err != nil {
		return nil, err
	}
	return object{"status": "ok", "found": len(b.Data) > 0, "data": nonNilMap(b.Data), "metadata": nonNilMap(b.Metadata)}, nil
}

func (k *kernel) isComplete(ctx context.Context, r *request) (any, error) {
	asked, err := parse[codeRequest](r)
	if err != nil {
		return nil, err
	}
	ctx, end := k.begin(ctx)
	defer end()
	c, err := k.eval.IsComplete(ctx, asked.Code)
	if err != nil {
		c = Completeness{Status: Unknown}
	}
	content := object{"status": c.Status}
	if c.Status == Incomplete {
		content["indent"] = c.Indent
	}
	return content, nil
}
