package render

import (
	"math"
	"strconv"
	"strings"
)

// relative writes the points of paths as distances from the one before, which
// takes two thirds of the markup. Points are on tenths of a pixel, so that
// adding them up again is exact. Paths with curves are left as they are. What
// comes from data cannot be taken for a path, because its quotes are escaped.
func relative(markup string) string {
	var b, path strings.Builder
	b.Grow(len(markup))
	for {
		before, rest, found := strings.Cut(markup, `<path d="`)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		data, after, _ := strings.Cut(rest, `"`)
		path.Reset()
		if shift(&path, data) {
			data = path.String()
		}
		b.WriteString(`<path d="` + data + `"`)
		markup = after
	}
}

// shift writes one path's data; ok is false if it is not as expected.
func shift(b *strings.Builder, data string) (ok bool) {
	var x, y, startX, startY int
	for data != "" {
		op := data[0]
		data = data[1:]
		end := strings.IndexAny(data, "MLZ")
		if end < 0 {
			end = len(data)
		}
		switch op {
		case 'M', 'L':
		case 'Z': // goes back to where the part began
			b.WriteByte('z')
			x, y = startX, startY
			continue
		default:
			return false
		}
		first, second, _ := strings.Cut(data[:end], ",")
		nx, err1 := tenths(first)
		ny, err2 := tenths(second)
		if err1 != nil || err2 != nil {
			return false
		}
		b.WriteByte(op + 'a' - 'A')
		number(b, nx-x)
		if ny >= y { // a minus sign separates as well
			b.WriteByte(',')
		}
		number(b, ny-y)
		if x, y = nx, ny; op == 'M' {
			startX, startY = x, y
		}
		data = data[end:]
	}
	return true
}

func tenths(s string) (int, error) {
	v, err := strconv.ParseFloat(s, 64)
	return int(math.Round(v * 10)), err
}

// number writes tenths as a decimal without needless zeros.
func number(b *strings.Builder, tenths int) {
	if tenths < 0 {
		b.WriteByte('-')
		tenths = -tenths
	}
	if tenths >= 10 || tenths == 0 {
		b.WriteString(strconv.Itoa(tenths / 10))
	}
	if d := tenths % 10; d != 0 {
		b.WriteByte('.')
		b.WriteByte('0' + byte(d))
	}
}
