package cells

// Rich is something to look at: markup, text or a picture. It shows itself as
// the last expression of a cell, and in Display.
type Rich struct {
	MIME string // what it is, such as "text/html"
	Text string // of markup and text
	Data []byte // of a picture
}

// HTML is markup, shown as it is: what comes from data has to be escaped, by html.EscapeString.
func HTML(markup string) Rich { return Rich{MIME: "text/html", Text: markup} }

// Markdown is text in Markdown.
func Markdown(text string) Rich { return Rich{MIME: "text/markdown", Text: text} }

// SVG is a picture as SVG markup.
func SVG(markup string) Rich { return Rich{MIME: "image/svg+xml", Text: markup} }

// PNG is a picture as the bytes of a PNG file.
func PNG(data []byte) Rich { return Rich{MIME: "image/png", Data: data} }

// JPEG is a picture as the bytes of a JPEG file.
func JPEG(data []byte) Rich { return Rich{MIME: "image/jpeg", Data: data} }
