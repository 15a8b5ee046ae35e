package interp

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A generator writes random programs that compile. What they print is the same in each run.
type generator struct {
	r     *rand.Rand
	vars  map[string][]string // by type
	names int
	depth int
	loops int
	risky bool // the statement has a part that may panic: of two, the language does not say which does first
}

// risk reports whether a part may panic that begins now: one in each statement.
func (g *generator) risk() bool {
	first := !g.risky
	g.risky = true
	return first
}

// A generated program is what stands outside functions, and its statements.
type generated struct {
	decls string
	stmts []string
}

var values = []string{"0", "1", "2", "7", "100", "127"}

var numbers = []string{"int", "int8", "uint8", "int32", "uint64", "float64"}

// generate makes a program of a seed.
func generate(seed uint64) generated {
	g := &generator{r: rand.New(rand.NewPCG(seed, 1)), vars: map[string][]string{}}
	p := generated{decls: typesOfPrograms}
	for _, t := range numbers {
		for _, n := range values {
			p.decls += fmt.Sprintf("var %s_%s %s = %s\n", t, n, t, n) // no constants: the compiler would find their overflows
		}
	}
	for i := range 2 + g.r.IntN(3) {
		p.decls += g.function(i)
	}
	for range 6 + g.r.IntN(10) {
		p.stmts = append(p.stmts, g.stmt())
	}
	for t, names := range g.sorted() {
		_ = t
		for _, n := range names {
			p.stmts = append(p.stmts, fmt.Sprintf("fmt.Println(%q, %s)", n, n))
		}
	}
	return p
}

// sorted are the variables in a fixed order of types.
func (g *generator) sorted() [][]string {
	var out [][]string
	for _, t := range append([]string{"string", "bool", "[]int", "map[string]int", "point", "any", "error"}, numbers...) {
		out = append(out, g.vars[t])
	}
	return out
}

func (g *generator) pick(list ...string) string { return list[g.r.IntN(len(list))] }

func (g *generator) name(t string) string {
	g.names++
	n := fmt.Sprintf("v%d", g.names)
	g.vars[t] = append(g.vars[t], n)
	return n
}

// function writes a function of two integers, and whose later calls may be of earlier ones.
func (g *generator) function(i int) string {
	kept := g.vars
	g.vars = map[string][]string{"int": {"a", "b"}, "float64": {"f"}}
	var b strings.Builder
	fmt.Fprintf(&b, "func fn%d(a, b int, f float64) (out int, text string) {\n", i)
	if g.r.IntN(2) == 0 {
		b.WriteString("defer func() { if r := recover(); r != nil { text = fmt.Sprint(\"in fn: \", r); out++ } }()\n")
	}
	if g.r.IntN(2) == 0 {
		fmt.Fprintf(&b, "defer func(k int) { out += k }(%s)\n", g.expr("int"))
	}
	for range 2 + g.r.IntN(4) {
		b.WriteString(g.stmt() + "\n")
	}
	fmt.Fprintf(&b, "return %s, %s\n}\n", g.expr("int"), g.expr("string"))
	g.vars = kept
	return b.String()
}

// scoped writes statements in a block; what they define is gone behind it.
func (g *generator) scoped(n int) string {
	kept := map[string][]string{}
	for t, names := range g.vars {
		kept[t] = names[:len(names):len(names)]
	}
	g.depth++
	var b strings.Builder
	for range n {
		b.WriteString(g.stmt() + "\n")
	}
	g.depth--
	g.vars = kept
	return b.String()
}

func (g *generator) stmt() string {
	g.risky = false
	n := g.r.IntN(65)
	if g.depth > 2 && n > 7 {
		n = g.r.IntN(8)
	}
	switch {
	case n > 53:
		return g.wider(n)
	case n > 43:
		return g.faces(n)
	case n > 33:
		return g.places(n)
	case n > 16:
		return g.more(n)
	}
	switch n {
	case 0, 1, 2:
		t := g.pick("int", "int", "int8", "uint8", "int32", "uint64", "float64", "string", "bool", "[]int", "map[string]int", "point", "any", "error")
		e := g.expr(t)
		v := g.name(t)
		return fmt.Sprintf("var %s %s = %s\n_ = %s", v, t, e, v)
	case 3:
		t := g.pick(numbers...)
		if v := g.variable(t); v != "" {
			return fmt.Sprintf("%s %s %s", v, g.pick("=", "+=", "-=", "*="), g.expr(t))
		}
	case 4:
		if v := g.variable("[]int"); v != "" {
			switch g.r.IntN(4) {
			case 0:
				return fmt.Sprintf("%s = append(%s, %s)", v, v, g.expr("int"))
			case 1:
				g.risk()
				return fmt.Sprintf("%s[%s] = %s", v, g.index(v), g.expr("int"))
			case 2:
				g.risk()
				return fmt.Sprintf("%s[%s]++", v, g.index(v))
			}
			return fmt.Sprintf("%s, %s = %s, %s", v+"[0]", v+"[len("+v+")-1]", v+"[len("+v+")-1]", v+"[0]")
		}
	case 5:
		if v := g.variable("map[string]int"); v != "" {
			return g.pick(fmt.Sprintf("%s[%s] %s %s", v, g.expr("string"), g.pick("=", "+="), g.expr("int")), fmt.Sprintf("delete(%s, %s)", v, g.expr("string")))
		}
	case 6:
		if v := g.variable("point"); v != "" {
			return g.pick(fmt.Sprintf("%s.move(%s)", v, g.expr("int")), fmt.Sprintf("%s.x += %s", v, g.expr("int")), fmt.Sprintf("%s.l = %s", v, g.expr("[]int")))
		}
	case 7:
		return fmt.Sprintf("fmt.Println(%s, %s)", g.expr(g.pick(numbers...)), g.expr(g.pick("string", "bool", "int", "[]int", "map[string]int")))
	case 8:
		return fmt.Sprintf("if %s {\n%s} else {\n%s}", g.expr("bool"), g.scoped(2), g.scoped(1))
	case 9:
		return g.loop()
	case 10:
		return fmt.Sprintf("switch v := %s; {\ncase v > %s:\n%scase v == %s:\n%sfallthrough\ndefault:\n%s}", g.expr("int"), g.expr("int"), g.scoped(1), g.expr("int"), g.scoped(1), g.scoped(1))
	case 11:
		return fmt.Sprintf("try(\"t%d\", func() {\n%s})", g.r.IntN(100), g.scoped(3))
	case 12:
		g.names++
		return fmt.Sprintf("c%d := func(k int) int {\n%sreturn k + %s\n}\nfmt.Println(c%d(%s), c%d(2))", g.names, g.scoped(1), g.expr("int"), g.names, g.expr("int"), g.names)
	case 13:
		return fmt.Sprintf("for _, s := range []shape{square{%s}, &disc{point: %s, r: 2}} {\nfmt.Println(s.area(%s))\nswitch s := s.(type) {\ncase square:\nfmt.Println(s.side)\ncase *disc:\nfmt.Println(s.r, s.sum(2))\n}\n}", g.expr("int"), g.expr("point"), g.expr("int"))
	case 14:
		t := g.pick(numbers...)
		return fmt.Sprintf("fmt.Println(total([]%s{%s, %s}), apply(%s, func(k int) string { return fmt.Sprint(k, %s) }))", t, g.expr(t), g.expr(t), g.expr("[]int"), g.expr("int"))
	case 15:
		return fmt.Sprintf("{\nvar list []func() int\nfor i := 0; i < 3; i++ {\nlist = append(list, func() int { i *= 2; return i + %s })\n}\nfor _, f := range list {\nfmt.Println(f(), f())\n}\n}", g.expr("int"))
	case 16:
		return fmt.Sprintf("fmt.Printf(\"%%v %%d %%x %%q %%5.2f|%%T\\n\", %s, %s, %s, %s, %s, %s)", g.expr("bool"), g.expr("int32"), g.expr("uint8"), g.expr("string"), g.expr("float64"), g.expr(g.pick(numbers...)))
	}
	return fmt.Sprintf("fmt.Println(%s)", g.expr("int"))
}

// clauses are the cases of a switch in a random order, the default among them; some fall through.
func (g *generator) clauses(n int, test func() string) string {
	list := make([]string, n)
	for i := range list {
		list[i] = "case " + test() + ":\n" + g.scoped(1)
	}
	if g.r.IntN(4) > 0 {
		at := g.r.IntN(n + 1)
		list = append(list[:at], append([]string{"default:\n" + g.scoped(1)}, list[at:]...)...)
	}
	for i := range len(list) - 1 {
		if g.r.IntN(4) == 0 {
			list[i] += "fallthrough\n"
		}
	}
	return strings.Join(list, "")
}

// more are statements of further kinds.
func (g *generator) more(n int) string {
	g.names++
	k, e := g.names, g.expr
	f := func(text string, args ...any) string {
		return fmt.Sprintf(strings.ReplaceAll(text, "#", fmt.Sprint(k)), args...)
	}
	switch n {
	case 17:
		return f("switch {\n%s}", g.clauses(3, func() string { return e("bool") }))
	case 18:
		return f("switch %s & 3 {\n%s}", e("int"), g.clauses(3, func() string {
			return fmt.Sprintf("note(%q, %s), %s & 1 + 4", "c", g.pick("int_0", "int_1", "int_2", "int_7"), g.pick("int_1", "int_2"))
		}))
	case 19:
		return f("{\na# := [3]int{%s, %s, int_7}\nb# := a#\nb#[%s&1] = %s\np# := &a#\np#[1]++\nfor i, v := range a# { a#[2] += i; fmt.Print(v, \" \") }\nfmt.Println(a#, b#, a# == b#, *p# == a#, len(p#))\n}", e("int"), e("int"), e("int"), e("int"))
	case 20:
		return f("{\np# := %s\nq#, r# := p#, &p#\nq#.move(%s)\nr#.x = %s\nfmt.Println(p#, q#, *r#, p#.x == r#.x)\n}", e("point"), e("int"), e("int"))
	case 21:
		return f("{\nm# := map[string]point{\"a\": %s}\nn# := map[string]*point{\"b\": {x: %s}}\nv# := m#[\"a\"]\nv#.x++\nn#[\"b\"].move(%s)\n_, ok := n#[%s]\nfmt.Println(m#, v#, n#[\"b\"].x, len(m#[\"zz\"].l), ok)\n}", e("point"), e("int"), e("int"), e("string"))
	case 22:
		return f("{\nf# := func() (out int) {\ndefer func() { out *= 2 }()\nfor v := range seq(%s) {\nif v == 6 && %s { continue }\nif v > 9 { break }\nif v == 3 && %s { return v + 1 }\nout += v\n}\nreturn out\n}\nfmt.Println(f#())\n}", e("int"), e("bool"), e("bool"))
	case 23:
		return f("{\np# := %s\nf#, h# := p#.move, point.sum\ni# := p#.sum\nf#(%s)\nfmt.Println(p#, h#(p#, 2), i#(3))\n}", e("point"), e("int"))
	case 24:
		return f("{\nf# := func(n int) (out int, err error) {\ndefer func() { if r := recover(); r != nil { err = fmt.Errorf(\"got %%%%v\", r); out-- } }()\nfor i := range n { defer func(k int) { out += k * i }(out) ; out += i }\nif %s { panic(code(n)) }\nout = %s\nreturn out + 1, nil\n}\nfmt.Println(f#(3))\n}", e("bool"), e("int"))
	case 25:
		return f("{\nvar fs# []func() int\nn# := 0\nagain#:\nk# := n# * %s\nfs# = append(fs#, func() int { k#++; return k# + n# })\nif n#++; n# < 3 { goto again# }\nfor _, f := range fs# { fmt.Print(f(), f(), \" \") }\nfmt.Println()\n}", e("int"))
	case 26:
		return f("{\na#, b#, s# := %s, %s, []int{1, 2, 3}\na#, b# = b#, a#+b#\ni# := a# & 1\ni#, s#[i#] = 2, %s\ns#[0], s#[1], s#[2] = s#[2], s#[0], s#[1]\nfmt.Println(a#, b#, i#, s#)\n}", e("int"), e("int"), e("int"))
	case 27:
		return f("{\nn# := %s\nm# := map[string]func(int) int{\"a\": func(k int) int { n# += k; return n# }, \"b\": func(k int) int { defer func() { n#-- }(); return n# * k }}\nfmt.Println(m#[\"a\"](2), m#[\"b\"](3), m#[\"a\"](%s), n#, m#[\"c\"] == nil)\n}", e("int"), e("int"))
	case 28:
		return f("for _, x# := range []any{%s, %s, %s, code(3), nil, &point{}, stack[int]{}, fmt.Errorf(\"e\")} {\nswitch v := x#.(type) {\ncase int, int8:\nfmt.Printf(\"%%%%T %%%%v;\", v, v)\ndefault:\nfmt.Printf(\"other %%%%T;\", v)\ncase []int:\nfmt.Print(len(v), \";\")\ncase error:\nfmt.Print(v.Error(), \";\")\ncase *point:\nv.move(1)\nfmt.Print(*v, \";\")\ncase nil:\nfmt.Print(\"nil;\")\n}\n}\nfmt.Println()", e("int"), e(g.pick("int8", "string", "point")), e("[]int"))
	case 29:
		return f("{\ns# := %s + \"é\\xffz\"\nfor i, c := range s#[len(s#)/3:] { fmt.Print(i, c, \" \") }\nb# := []byte(s#)\nb#[0] = 'Q'\nfmt.Printf(\"%%%%q %%%%q %%%%v\\n\", s#, b#, []rune(s#)[0])\n}", e("string"))
	case 30:
		return f("{\na# := make([]int, 2, 5)\nb#, c# := append(a#, %s), append(a#, %s)\nd# := append(a#[:1:1], 8)\nfmt.Println(a#, b#, c#, d#, len(b#), cap(c#), copy(a#, []int{4, 5, 6}), b#[0])\n}", e("int"), e("int"))
	case 31:
		return f("{\ns# := (&stack[%s]{}).push(%s, %s)\nv#, ok := s#.pop()\nfor i, v := range s#.push(v#, v#).all() {\nif i == 1 { break }\nfmt.Print(i, v, \" \")\n}\nfmt.Println(v#, ok, len(s#.items), s#.items)\n}", "string", e("string"), e("string"))
	case 32:
		return f("{\no# := outer{point: %s, tag: %s, in: &point{x: 1}}\nc# := o#\nc#.move(%s)\nc#.in.move(2)\nvar sh# interface{ sum(int) int } = &o#\nfmt.Println(o#.x, c#.x, o#.in.x, o#.sum(1), sh#.sum(2), c#.point.l, o#.tag)\n}", e("point"), e("string"), e("int"))
	}
	return f("{\nc# := make(chan int, 3)\nc# <- %s\nselect { case c# <- %s: fmt.Print(\"sent \"); default: fmt.Print(\"full \") }\nclose(c#)\nfor v := range c# { fmt.Print(v, \" \") }\nv#, ok := <-c#\nfmt.Println(v#, ok, len(c#))\n}", e("int"), e("int"))
}

// places are statements about variables and what points to them, and about loops, generic types and embedded ones.
func (g *generator) places(n int) string {
	g.names++
	k, e := g.names, g.expr
	f := func(text string, args ...any) string {
		return fmt.Sprintf(strings.ReplaceAll(text, "#", fmt.Sprint(k)), args...)
	}
	switch n {
	case 34:
		return f("{\np# := %s\nq# := &p#\np# = point{x: %s}\nfmt.Print(q#.x, \" \")\n*q# = point{s: %s, l: %s}\nr# := *q#\nq#.reset(r#)\nfmt.Println(p#, r#, q#.x == p#.x)\n}", e("point"), e("int"), e("string"), e("[]int"))
	case 35:
		return f("{\nvar fs# []func() int\nfor i#, n# := 0, %s; ; {\nfs# = append(fs#, func() int { n#++; return n# + i# })\nif i# > 3 { break }\ni#++\nif n# & 1 == 0 { i# := i# * 2; fs# = append(fs#, func() int { i#--; return i# }); continue }\n%s}\nfor _, f := range fs# { fmt.Print(f(), f(), \" \") }\nfmt.Println()\n}", e("int"), g.scoped(1))
	case 36:
		return f("{\np# := (&pair[%s, []int]{b: %s}).set(%s)\nq# := p#.flip()\nq#.set(nil)\nh# := p#.set\nh#(%s)\nfmt.Println(*p#, q#.flip(), q#.a == nil, q#.set([]int{1}).flip().b)\n}", "int", e("[]int"), e("int"), e("int"))
	case 37:
		return f("fmt.Println(size(%s, code(%s)), size(%s, %s), total(apply(%s, func(k int) code { return code(k) }))+1)", e("string"), e("int"), e("[]int"), e("int"), e("[]int"))
	case 38:
		return f("{\nd# := deep{&outer{point: %s, in: &point{}}, code(%s)}\nd#.move(%s)\nm# := d#.outer.point.move\n*d#.outer = outer{tag: %s}\nm#(%s)\nfmt.Println(d#.x, d#.tag, d#.String(), d#.sum(2), d#.in == nil, d#.code)\n}", e("point"), e("int"), e("int"), e("string"), e("int"))
	case 39:
		return f("fmt.Println(firsts(stack[string]{[]string{%s, %s, \"z\"}}.values(), %s & 3), firsts(seq(%s), 2))", e("string"), e("string"), e("int"), e("int"))
	case 40:
		return f("{\na# := [3]int{%s, 2, 3}\ns#, p# := a#[:2], &a#\na# = [3]int{%s}\nfmt.Print(s#, p#[0], \" \")\nfor s#[1] = range 3 { if s#[1] > %s { break } }\n*p#, s#[0] = [3]int{7}, %s\nfmt.Println(a#, s#, len(p#))\n}", e("int"), e("int"), e("int"), e("int"))
	case 41:
		return f("{\nf# := func() (out int, list []int) {\nr# := &out\ndefer func() { *r# += len(list); if x := recover(); x != nil { list = append(list, out) } }()\nout, list = %s, %s\nfor i := range list { defer func() { list[i] += i; out++ }() }\nif %s { list = nil; return }\nreturn list[0], append(list, %s)\n}\nfmt.Println(f#())\n}", e("int"), e("[]int"), e("bool"), e("int"))
	case 42:
		return f("{\nin#, out#, done# := make(chan int), make(chan string, 2), make(chan bool)\ngo func() { defer close(done#); for v := range in# { select { case out# <- fmt.Sprint(v): default: v++ } } }()\nfor _, v := range %s { in# <- v }\nclose(in#)\n<-done#\nvar ro# <-chan string = out#\nclose(out#)\nfor v := range ro# { fmt.Print(v, \" \") }\nfmt.Println(ro# == out#, len(ro#))\n}", e("[]int"))
	}
	return f("{\nm# := map[[2]int]struct{ p *point; n int }{{1, %s}: {&point{}, 1}}\nfor k, v := range m# { v.p.x += k[0]; v.n++; m#[k] = v; k[0]++; m#[k] = struct{ p *point; n int }{v.p, %s}; break }\nx# := any(m#[[2]int{1, %s}])\n_, ok# := x#.(point)\nfmt.Println(len(m#) > 1, ok#, m#[[2]int{9, 9}].p == nil)\n}", e("int"), e("int"), e("int"))
}

func (g *generator) loop() string {
	g.loops++
	i := fmt.Sprintf("i%d", g.loops)
	body := g.scoped(2)
	switch g.r.IntN(5) {
	case 0:
		return fmt.Sprintf("for %s := 0; %s < %d; %s++ {\nif %s == 2 && %s { continue }\n%s}", i, i, 1+g.r.IntN(5), i, i, g.expr("bool"), body)
	case 1:
		return fmt.Sprintf("for %s := range %d {\n_ = %s\n%s}", i, 1+g.r.IntN(4), i, body)
	case 2:
		return fmt.Sprintf("for %s, e := range %s {\nif e > 50 { break }\nfmt.Println(%s, e)\n%s}", i, g.expr("[]int"), i, body)
	case 3:
		return fmt.Sprintf("out%d:\nfor %s := 0; %s < 3; %s++ {\nfor j := range 3 {\nif j == 1 { continue out%d }\nif %s > 1 { break out%d }\nfmt.Println(%s, j)\n}\n}", g.loops, i, i, i, g.loops, i, g.loops, i)
	}
	return fmt.Sprintf("for %s, c := range %s {\nfmt.Print(%s, c, \" \")\n}\nfmt.Println()", i, g.expr("string"), i)
}

func (g *generator) variable(t string) string {
	if names := g.vars[t]; len(names) > 0 {
		return names[g.r.IntN(len(names))]
	}
	return ""
}

// index is an index of a slice that is mostly in range.
func (g *generator) index(v string) string {
	return g.pick("0", "len("+v+")-1", "len("+v+")/2", "1", g.expr("int")+"&3")
}

func (g *generator) expr(t string) string {
	g.depth++
	defer func() { g.depth-- }()
	if g.depth > 5 || g.r.IntN(4) == 0 {
		if v := g.variable(t); v != "" && g.r.IntN(3) > 0 {
			return v
		}
		return g.literal(t)
	}
	e := func(t string) string { return g.expr(t) }
	switch t {
	case "float64":
		return g.pick("("+e(t)+g.pick(" + ", " - ", " * ", " / ")+e(t)+")", "float64("+e(g.pick(numbers[:4]...))+")", "-("+g.literal(t)+")", "min("+e(t)+", "+e(t)+")")
	case "int":
		switch g.r.IntN(10) {
		case 0:
			return "(len(" + e(g.pick("string", "[]int", "map[string]int")) + ") + int_0)" // of a constant it is one, which may not divide
		case 1:
			return e("point") + g.pick(".x", ".sum(3)")
		case 2:
			if v := g.variable("[]int"); v != "" && g.risk() {
				return v + "[" + g.index(v) + "]"
			}
		case 3:
			return e("map[string]int") + "[" + e("string") + "]"
		case 4:
			return "max(" + e(t) + ", " + e(t) + ", 3)"
		case 5:
			return "int(" + e(g.pick(numbers[1:5]...)) + ")"
		case 6:
			return "func() int { if " + e("bool") + " { return " + e("int") + " }; return 7 }()"
		}
		fallthrough
	case "int8", "uint8", "int32", "uint64":
		switch g.r.IntN(6) {
		case 0:
			return t + "(" + e(g.pick(numbers[:5]...)) + ")"
		case 1:
			if g.r.IntN(4) == 0 && g.risk() {
				return "(" + e(t) + g.pick(" << ", " >> ") + e("int") + ")"
			}
			return "(" + e(t) + g.pick(" << ", " >> ") + g.pick("3", "1", "(uint("+e("int")+")&7)") + ")"
		case 2:
			if g.r.IntN(2) == 0 && g.risk() {
				return "(" + e(t) + g.pick(" / ", " % ") + e(t) + ")"
			}
			return "(" + e(t) + g.pick(" / ", " % ") + "(" + e(t) + "|1))"
		case 3:
			return g.pick("-", "^", "+") + "(" + e(t) + ")"
		}
		return "(" + e(t) + g.pick(" + ", " - ", " * ", " & ", " | ", " ^ ", " &^ ") + e(t) + ")"
	case "string":
		return g.pick("("+e(t)+" + "+e(t)+")", "fmt.Sprint("+e(g.pick(numbers...))+", "+e("bool")+")", "string(rune(97+("+e("int")+")&15))", e(t)+"[:0]", "fmt.Sprintf(\"%03d|%v\", "+e("int")+", "+e("[]int")+")", e("point")+".s")
	case "bool":
		n := g.pick(append(numbers, "string")...)
		return g.pick("("+e(n)+g.pick(" < ", " >= ", " == ", " != ")+e(n)+")", "("+e(t)+g.pick(" && ", " || ")+e(t)+")", "!"+e(t))
	case "[]int":
		if g.r.IntN(5) == 0 && g.risk() {
			return e(t) + "[:1]"
		}
		return g.pick("append("+e(t)+"[:0:0], "+e("int")+", "+e("int")+")", "append([]int{"+e("int")+"}, "+e(t)+"...)", "[]int{"+e("int")+", "+e("int")+"}", e("point")+".l")
	case "map[string]int":
		return "map[string]int{" + g.pick("\"a\"", "\"b\"") + ": " + e("int") + ", \"c\": " + e("int") + "}"
	case "any", "error":
		return g.face(t)
	case "point":
		return "(point{" + e("int") + ", " + e("string") + ", " + e("[]int") + "})"
	}
	return g.literal(t)
}

func (g *generator) literal(t string) string {
	switch t {
	case "float64":
		return g.pick("float64_0", "float64_1", "float64_7", "(float64_1 / 4)", "(-float64_2)")
	case "string":
		return g.pick(`""`, `"a"`, `"b"`, `"héllo"`, `"x\ty"`)
	case "bool":
		return g.pick("true", "false")
	case "any":
		return g.pick("any(nil)", "any(3)", `any("s")`, "any(code(4))")
	case "error":
		return g.pick("error(nil)", "error(code(5))", `fmt.Errorf("x")`)
	case "[]int":
		return g.pick("[]int{}", "[]int(nil)", "[]int{1, 2, 3}")
	case "map[string]int":
		return g.pick(`map[string]int{}`, `map[string]int{"a": 1, "b": 2}`)
	case "point":
		return g.pick("(point{})", `(point{1, "p", []int{4}})`)
	}
	return t + "_" + g.pick(values...)
}
