package interp

import (
	"fmt"
	"strings"
)

// face is an expression of an interface type.
func (g *generator) face(t string) string {
	e := g.expr
	if t == "any" {
		switch g.r.IntN(6) {
		case 0:
			return "any(" + e(g.pick("int", "uint8", "float64", "string", "[]int", "error")) + ")"
		case 1:
			return "any(code(" + e("int") + "))"
		case 2:
			return "any(" + e("point") + ")"
		case 3:
			return "any(square{" + e("int") + "})"
		case 4:
			return "any(&pair[any, error]{a: " + e(t) + "}).(*pair[any, error]).a"
		}
		return "func() any { if " + e("bool") + " { return " + e("int") + " }; return " + e(t) + " }()"
	}
	return g.pick("error(code("+e("int")+"))", "fmt.Errorf(\"e%d\", "+e("int")+")", "fmt.Errorf(\"w %w\", "+e(t)+")", "func() (err error) { defer func() { if err == nil { err = code(9) } }(); return "+e(t)+" }()")
}

// faces are statements about variables that are interfaces, in headers and elsewhere.
func (g *generator) faces(n int) string {
	g.names++
	k, e := g.names, g.expr
	f := func(text string, args ...any) string {
		return fmt.Sprintf(strings.ReplaceAll(text, "#", fmt.Sprint(k)), args...)
	}
	t := g.pick("any", "error")
	v := g.variable(t)
	if v == "" {
		v = "any(nil)"
	}
	switch n {
	case 44:
		if v := g.variable("any"); v != "" {
			return f("if x#, i# := %s, %s; i# > %s {\nx#, %s = %s, x#\nfmt.Println(kind(x#), i#)\n} else if e# := %s; e# != nil {\n%s = e#\ne# = %s\nfmt.Println(e#)\n}", e("any"), e("int"), e("int"), v, e("any"), e("error"), v, e("error"))
		}
	case 45:
		return f("for x#, i# := %s, 0; i# < 3; x#, i# = %s, i#+1 {\nif i# == 1 && %s { continue }\nfmt.Print(kind(x#), \" \")\n%sx# = %s\n}\nfmt.Println()", e("any"), e("any"), e("bool"), g.scoped(1), e("any"))
	case 46:
		return f("{\nvar fs# []func() any\nfor i#, x# := 0, %s; i# < 3; i#++ {\nfs# = append(fs#, func() any { y := x#; x# = i#; return y })\nif i# == 1 { x# = %s }\n}\nfor _, f := range fs# { fmt.Print(kind(f()), kind(f()), \" \") }\nfmt.Println()\n}", e("any"), e("any"))
	case 47:
		return f("switch e#, n# := %s, %s & 3; {\ncase e# == nil:\ne# = code(n#)\nfmt.Println(\"nil\", e#)\nfallthrough\ncase n# > 1:\n%sdefault:\nfmt.Println(e#, kind(e#))\n}", e("error"), e("int"), g.scoped(1))
	case 48:
		return f("{\nb# := bag{v: %s, m: map[string]error{\"a\": %s}}\nx#, err# := b#.put(%s, %s)\nc# := b#\nc#.m[\"b\"], c#.v = err#, x#\nfmt.Println(kind(x#), err#, kind(b#.v), len(b#.m), kind(c#.v), b#.m[\"a\"], b#.m[\"z\"] == nil, len(c#.l), kind(c#.l[0]))\n}", e("any"), e("error"), e("any"), e("error"))
	case 49:
		return f("if n#, ok# := any(%s).(int); ok# {\nfmt.Println(\"int\", n#)\n} else if s#, ok# := any(%s).(interface{ area(int) int }); ok# {\nfmt.Println(s#.area(n#))\n} else {\nfmt.Println(n#, ok#, s# == nil)\n}", v, v)
	case 50:
		return f("{\nl# := []any{%s, %s, nil, %s}\nl#[0], l#[2] = l#[2], l#[0]\na# := [2]error{%s}\nc# := a#\na#[0], a#[1] = a#[1], a#[0]\nfor i#, x# := range l# { x# = fmt.Sprint(i#, kind(x#)); fmt.Print(x#, \" \") }\nfmt.Println(kind(l#[2]), a#[0], c#[0])\n}", e("any"), e("any"), e("string"), e("error"))
	case 51:
		if g.risk() {
			return f("try(\"cmp#\", func() {\nx#, y# := %s, %s\nfmt.Println(x# == y#, x# != nil)\n})", e("any"), e("any"))
		}
	case 52:
		return f("{\nf# := func(x# any, rest ...error) (out any, err error) {\ndefer func() { if r := recover(); r != nil { out, err = r, code(7) } }()\nif len(rest) > 1 { return rest[0], rest[1] }\nout = x#\nif %s { out, err = err, code(2); return }\nreturn out.(int) + 1, nil\n}\na#, b# := f#(%s)\nc#, d# := f#(%s, %s, %s)\nif a#, b# = c#, d#; a# != nil { fmt.Print(kind(a#), \" \") }\nfmt.Println(kind(a#), b#, kind(c#), d#)\n}", e("bool"), e("any"), e("any"), e("error"), e("error"))
	}
	return f("{\nc# := make(chan any, 2)\nc# <- %s\nvar x# any = %s\nselect {\ncase x# = <-c#:\nfmt.Print(kind(x#), \" \")\ndefault:\n}\nc# <- x#\nif y#, ok# := <-c#; ok# { y# = %s; fmt.Print(kind(y#), \" \") }\nfmt.Println(kind(x#), len(c#))\n}", e("any"), e("any"), e("any"))
}
