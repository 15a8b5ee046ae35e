package interp

import (
	"fmt"
	"strings"
)

// wider are statements about places that calls move or that are none, and about what else the language has: complex numbers,
// constants that count, keys that are structs, labels, and names that hide words of the language.
func (g *generator) wider(n int) string {
	g.names++
	k, e := g.names, g.expr
	f := func(text string, args ...any) string {
		return fmt.Sprintf(strings.ReplaceAll(text, "#", fmt.Sprint(k)), args...)
	}
	switch n {
	case 54:
		return f("{\np# := &point{l: []int{1, 2, 3}}\ngrow# := func(k int) int { p#.l = append(p#.l, k); return len(p#.l) }\np#.l[0] = grow#(%s)\np#.l[1] += grow#(%s)\np#.x, p#.l[2] = grow#(1), %s\nfmt.Println(*p#)\n}", e("int"), e("int"), e("int"))
	case 55:
		return f("{\nc#, d# := complex(%s, %s), complex(1, float64_2)\nd# *= c#\nfmt.Println(c#+d#, real(c#), imag(d#), c# == d#, -c#, complex64(d#))\n}", e("float64"), e("float64"))
	case 56:
		return f("{\nconst (\na# = code(iota*2 + 1)\nb#\n_\nc#\n)\nfmt.Println(a#, b#, int(c#)<<(uint(%s)&3), []code{c#: 2}[%s&7])\n}", e("int"), e("int"))
	case 57:
		return f("{\ntype k# struct{ a int; b string }\nm# := map[k#]square{{%s, %s}: {%s}}\nm#[k#{1, \"a\"}] = square{%s}\ndelete(m#, k#{int_2, %s})\nv#, ok := m#[k#{%s, \"a\"}]\nfmt.Println(len(m#), v#, ok, k#{1, %s} == k#{1, %s})\n}", e("int"), e("string"), e("int"), e("int"), e("string"), e("int"), e("string"), e("string"))
	case 58:
		return f("{\nf# := func(pre string, list ...int) (out int) { for _, v := range list { out += v }; list = append(list, 1); return out + len(pre) }\nl# := %s\nfmt.Println(f#(%s), f#(%s, %s, 2), f#(\"\", l#...), l#)\n}", e("[]int"), e("string"), e("string"), e("int"))
	case 59:
		return f("{\nn# := 0\nouter#:\nfor i# := range 4 {\nfor j# := 0; ; j#++ {\nswitch {\ncase j# == %s&3:\ncontinue outer#\ncase i# > 2:\nbreak outer#\ncase %s:\nfallthrough\ncase j# > 5:\nbreak\ndefault:\nn# += i#\n}\nif n# += j#; j# > 3 { break }\n}\n}\nfmt.Println(n#)\n}", e("int"), e("bool"))
	case 60:
		return f("{\nvar b# both = tile{square{%s}, code(%s)}\nf# := b#.area\nfmt.Println(f#(%s), b#.String(), b#.(shape).area(1), b# == both(tile{square{3}, 4}))\n}", e("int"), e("int"), e("int"))
	case 61:
		return f("fmt.Println(%s<<(uint(%s)&15), %s>>(uint8(%s)&7), ^%s, int32_1<<(uint(%s)&31)>>1)", e("uint8"), e("int"), e("int8"), e("int"), e("uint64"), e("int"))
	case 62:
		return f("{\nlen, string, nil, true, point := %s, %s, %s, %s, %s\nlen++\nfmt.Println(len, string, nil, true, point)\n}", e("int"), e("string"), e("[]int"), e("bool"), e("point"))
	case 63:
		return f("{\nq# := &point{l: []int{1, 2}}\ntwo# := func() (int, string) { q#.l = append(q#.l, 3); return %s, %s }\nq#.l[1], q#.s = two#()\nq#.x, q#.s = two#()\nfmt.Println(*q#)\n}", e("int"), e("string"))
	}
	g.risk()
	return f("{\na# := 1\nl# := []int{1, 2}\ntry(\"f#\", func() {\nvar z# *point\na#, l#[0], z#.x = a#+1, a#, %s\n})\ntry(\"i#\", func() { l#[1], l#[%s] = 7, a# })\nfmt.Println(a#, l#)\n}", g.literal("int"), g.pick("int_0", "int_2", "int_7"))
}
