package export_test

import (
	"fmt"
	"strings"
	"testing"
)

// A program has what verbs gave as literals, or is refused with what to write instead.
func TestSlicesWithValuesOfVerbs(t *testing.T) {
	const export = "\nExport(Topic(name, Time(\"ts\")).To(\"out\"), \"out\")"
	for _, test := range []struct{ text, want string }{
		{`name := Input("topic?")` + export, `name := "cars" /* Input("topic?") in cell 1 */`},
		{`Export(Topic(Input("topic?"), Time("ts")).To("out"), "out")`, `return Topic("cars" /* Input("topic?") in cell 1 */, Time("ts"))`},
		{`Live(Line(Topic(Input("topic?"), Time("ts")), "ts", "speed"))`, `Topic("cars" /* Input("topic?") in cell 1 */, Time("ts"))`},
		{"name := riffle.Input(`topic */\n?`)" + export, "name := \"cars\" /* riffle.Input(`topic * / ?`) in cell 1 */"},
		{"n := Count(Topic(\"cars\"))\nname := \"cars\"[:n/n*4]" + export, "n := 600 /* Count(Topic(\"cars\")) in cell 1, over the sample "},
		{`name := Input(Input("question?"))` + export, "the value of Input (cell 1:1:9), which a program does not have: it is written as a literal if the call runs once"},
		{"name := \"\"\nfor len(name) < 4 {\n\tname = Input(\"topic?\")\n}" + export, "the value of Input (cell 1:3:9)"},
		{"ask := func() string { return Input(\"topic?\") }\nname := ask()" + export, "the value of Input (cell 1:1:31)"},
		{"func ask() string { return Input(\"topic?\") }\nname := ask()" + export, "the value of Input (cell 1:1:28)"},
		{`name := Password("topic?")` + export, `secrets do not belong in programs. Read it from the environment, such as os.Getenv("API_TOKEN")`},
		{`Live(Line(Topic(Password("topic?"), Time("ts")), "ts", "speed"))`, "secrets do not belong in programs"},
		{`name := Topics()[0].Topic` + export, `Write the names that are meant, such as []string{"rides", "stations"}`},
		{"table := Collect(Topic(\"cars\"))\nname := \"cars\"[:4*min(table.Len(), 1)]" + export, "the value of Collect (cell 1:1:10), which a program does not have: it sees rows as they come"},
	} {
		n := newNotebook(t, writeSample(t))
		n.answer = "cars"
		n.run(test.text)
		got := fmt.Sprint(n.refused)
		if len(n.made) > 0 {
			got += n.made[0].Slice.File("main", "pipeline", "cells")
		}
		if !strings.Contains(got, test.want) || len(n.made)+len(n.refused) != 1 {
			t.Errorf("%s\ngives %s, want %s", test.text, got, test.want)
		}
	}
}
