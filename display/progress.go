package display

import (
	"fmt"
	"html"
	"strings"
	"time"
)

// Progress is how far something has come. It has no clock: the caller says what has elapsed.
type Progress struct {
	Label   string // such as "building car-speed"
	Done    int64
	Total   int64  // 0: not known
	Unit    string // such as "rows"; may be empty
	Elapsed time.Duration
	Note    string // such as what is being done now
}

// Bundle is a bar, in HTML without scripts and in text.
func (p Progress) Bundle() Bundle { return HTML(p.html(), p.String()) }

const barWidth = 30 // terminal columns

// String is one line, such as "reading  ██████      12,000 of 50,000 rows  24 %  1.2 s".
func (p Progress) String() string {
	bar := ""
	if p.Total > 0 {
		full := int(p.share() * barWidth)
		bar = strings.Repeat("█", full) + strings.Repeat("░", barWidth-full)
	}
	return joined("  ", Visible(p.Label), bar, p.counts(), p.elapsed(), Visible(p.Note))
}

func (p Progress) html() string {
	bar := `<progress style="width:16em"></progress>`
	if p.Total > 0 {
		bar = fmt.Sprintf(`<progress style="width:16em" max="100" value="%.1f"></progress>`, 100*p.share())
	}
	note := html.EscapeString(joined(" · ", p.counts(), p.elapsed(), Visible(p.Note)))
	return `<div style="display:flex;gap:.8em;align-items:center;flex-wrap:wrap"><span>` +
		html.EscapeString(Visible(p.Label)) + `</span>` + bar +
		`<span style="opacity:.7;font-variant-numeric:tabular-nums">` + note + `</span></div>`
}

// share is how much is done, 0 to 1.
func (p Progress) share() float64 {
	if p.Total <= 0 {
		return 0
	}
	return min(1, max(0, float64(p.Done)/float64(p.Total)))
}

func (p Progress) counts() string {
	if p.Total <= 0 && p.Done == 0 {
		return ""
	}
	s := group(p.Done)
	if p.Total > 0 {
		s += " of " + group(p.Total)
	}
	if p.Unit != "" {
		s += " " + Visible(p.Unit)
	}
	if p.Total > 0 {
		s += fmt.Sprintf("  %.0f %%", 100*p.share())
	}
	return s
}

func (p Progress) elapsed() string {
	switch {
	case p.Elapsed <= 0:
		return ""
	case p.Elapsed < time.Minute:
		return fmt.Sprintf("%.1f s", p.Elapsed.Seconds())
	}
	return p.Elapsed.Round(time.Second).String()
}

func joined(sep string, parts ...string) string {
	kept := parts[:0]
	for _, s := range parts {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, sep)
}
