package expr

import "github.com/riffle-stream/riffle/dataframe/row"

func nullFunctions() []function {
	one := []row.Kind{each}
	return []function{
		{name: "has", params: "x", doc: "whether there is a value, not null", example: "has(speed)",
			lenient: true, forms: []overload{{in: one, out: row.Bool, kernel: hasValue}}},
		{name: "null", params: "x", doc: "whether there is no value", example: "null(speed)",
			lenient: true, forms: []overload{{in: one, out: row.Bool, kernel: isNull}}},
		{name: "coalesce", params: "a, b, ...", doc: "the first value that is not null", example: "coalesce(speed, last_speed, 0)",
			lenient: true, unify: 1, atLeast: 1, choose: chooseFirst},
		{name: opIf, params: "condition, a, b", doc: "a where the condition is true, else b", example: "if(gear > 0, speed, 0)",
			lenient: true, unify: 2, atLeast: 2, choose: chooseIf, forms: []overload{{in: []row.Kind{row.Bool}}}},
	}
}
