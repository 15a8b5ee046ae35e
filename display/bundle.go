package display

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"image"
	_ "image/jpeg" // so that its size is read
	_ "image/png"
	"maps"
	"strings"
)

// The MIME types of the forms that this package makes.
const (
	MIMEText     = "text/plain"
	MIMEHTML     = "text/html"
	MIMEMarkdown = "text/markdown"
	MIMEJSON     = "application/json"
	MIMESVG      = "image/svg+xml"
	MIMEPNG      = "image/png"
	MIMEJPEG     = "image/jpeg"
	MIMEMermaid  = "text/vnd.mermaid"
)

// A Bundle is one thing in several forms, by MIME type. Data holds strings
// (base64 for PNG), or values that encode as JSON for JSON types. Metadata is
// by MIME type too. A front end shows the richest form that it can.
type Bundle struct {
	Data     map[string]any `json:"data,omitempty"`
	Metadata map[string]any `json:"metadata,omitempty"`
}

// A Bundler shows itself.
type Bundler interface {
	Bundle() Bundle
}

// Text is plain text, as it is.
func Text(s string) Bundle { return Bundle{}.With(MIMEText, s) }

// Lines is text that is read line by line, such as a report. JupyterLab breaks plain text anywhere, within words too.
func Lines(s string) Bundle { return HTML(lines(s), s) }

func lines(s string) string {
	return `<pre style="margin:0;white-space:pre-wrap;word-break:normal;overflow-wrap:break-word">` + html.EscapeString(s) + "</pre>"
}

// HTML is markup, as it is: the caller escapes what comes from data. Front ends without HTML show plain.
func HTML(markup, plain string) Bundle { return Text(plain).With(MIMEHTML, markup) }

// Markdown is text in Markdown, which is its own plain form.
func Markdown(s string) Bundle { return Text(s).With(MIMEMarkdown, s) }

// JSON is a value as a tree to unfold. The error is that of encoding it.
func JSON(v any) (Bundle, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return Bundle{}, fmt.Errorf("value of type %T as JSON: %w", v, err)
	}
	var plain bytes.Buffer
	if err := json.Indent(&plain, data, "", "  "); err != nil {
		return Bundle{}, fmt.Errorf("value of type %T as JSON: %w", v, err)
	}
	return Text(cutText(plain.String())).With(MIMEJSON, json.RawMessage(data)), nil
}

// SVG is a picture as SVG markup, as it is. Front ends without pictures show plain.
func SVG(markup, plain string) Bundle { return Text(plain).With(MIMESVG, markup) }

// PNG is a picture as the bytes of a PNG file. Front ends without pictures show its size.
func PNG(data []byte) Bundle { return encoded(MIMEPNG, data) }

// JPEG is a picture as the bytes of a JPEG file.
func JPEG(data []byte) Bundle { return encoded(MIMEJPEG, data) }

// encoded is a picture in a file. Bytes that are none would be shown as a broken one: they say so.
func encoded(mime string, data []byte) Bundle {
	c, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || "image/"+format != mime {
		return Text(fmt.Sprintf("%s bytes that are no %s", group(int64(len(data))), strings.TrimPrefix(mime, "image/")))
	}
	plain := fmt.Sprintf("picture, %d x %d", c.Width, c.Height)
	return Text(plain).With(mime, base64.StdEncoding.EncodeToString(data))
}

// Mermaid is a graph as Mermaid source; svg may be empty. GitHub shows neither the source nor HTML in
// notebooks, so plain should tell the graph in words.
func Mermaid(source, svg, plain string) Bundle {
	b := Text(plain).With(MIMEMermaid, source)
	if svg != "" {
		b = b.With(MIMESVG, svg)
	}
	return b
}

// Stack is several things one below the other, in text, and in HTML if one of them has it.
func Stack(parts ...Bundle) Bundle {
	var text, markup []string
	rich := false
	for _, p := range parts {
		m, ok := p.Data[MIMEHTML].(string)
		if rich = rich || ok; !ok {
			m = lines(p.Plain())
		}
		text, markup = append(text, p.Plain()), append(markup, m)
	}
	if !rich {
		return Text(strings.Join(text, "\n"))
	}
	return HTML(strings.Join(markup, "\n"), strings.Join(text, "\n"))
}

// With is the bundle with one more form, or one replaced; b itself does not change.
func (b Bundle) With(mime string, data any) Bundle {
	forms := make(map[string]any, len(b.Data)+1)
	maps.Copy(forms, b.Data)
	forms[mime] = data
	b.Data = forms
	return b
}

// WithMeta is the bundle with the metadata of one form set; b itself does not change.
func (b Bundle) WithMeta(mime string, meta map[string]any) Bundle {
	all := make(map[string]any, len(b.Metadata)+1)
	maps.Copy(all, b.Metadata)
	all[mime] = meta
	b.Metadata = all
	return b
}

// Plain is the form in plain text, or "".
func (b Bundle) Plain() string {
	s, _ := b.Data[MIMEText].(string)
	return s
}
