package expr

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// habits are words of SQL and pandas, and what is written here.
var habits = map[string]string{
	",":  `each is a string of its own, as in Select("car", "speed"); a list is written [7, 8]`,
	"is": "null is found by x == null and x != null", "like": "text is found by startsWith, endsWith, contains and matches",
	"between": "written low <= x and x <= high", "when": "written if(condition, a, b), or condition ? a : b", "as": "written name = expression",
	":": "a new column is written name = expression",
}

// constants are values as other languages write them.
var constants = map[string]string{
	"True": "written true", "False": "written false", "None": "null is found by x == null and x != null", "NULL": "written null",
	"NaN": "found by isnan(x)", "nan": "found by isnan(x)",
}

// renamed are functions by their names elsewhere, in small letters.
var renamed = map[string]string{
	"shift": "prev", "isnull": "null", "isna": "null", "is_null": "null", "notnull": "has", "notna": "has", "ifnull": "coalesce", "nvl": "coalesce", "fillna": "coalesce",
	"where": "if", "iif": "if", "case": "if", "to_datetime": "time", "datetime": "time", "date": "time", "timestamp": "time", "date_trunc": "truncate",
	"weekday": "dow", "dayofweek": "dow", "timedelta": "dur", "interval": "dur", "length": "len", "strlen": "len", "substring": "substr", "strip": "trim", "str": "string",
	"to_number": "float", "squareroot": "sqrt", "ln": "log", "power": "pow", "ceiling": "ceil", "regexp_extract": "extract", "row_number": "cumcount",
}

// operators are methods of pandas for which there is an operator.
var operators = map[string]string{"isin": "in", "contains": "contains", "startswith": "startsWith", "endswith": "endsWith", "match": "matches"}

// modules are those of Python whose functions stand alone here.
var modules = []string{"np", "numpy", "math", "pd", "pl"}

// asFunction writes a method of a value, or a function of a module of Python, as it is written here.
func asFunction(n *ast.CallNode, name string) string {
	m, ok := n.Callee.(*ast.MemberNode)
	if !ok {
		return "functions are called as name(value)"
	}
	var args []string
	if of := m.Node.String(); !slices.Contains(modules, of) {
		args = append(args, strings.TrimSuffix(strings.TrimSuffix(of, ".str"), ".dt"))
	}
	for _, a := range n.Arguments {
		args = append(args, strings.ReplaceAll(a.String(), `"`, "'"))
	}
	if operator := operators[strings.ToLower(name)]; operator != "" && len(args) == 2 {
		return fmt.Sprintf("written %s %s %s", args[0], operator, args[1])
	}
	return fmt.Sprintf("written %s(%s)", cmp.Or(renamed[strings.ToLower(name)], name), strings.Join(args, ", "))
}
