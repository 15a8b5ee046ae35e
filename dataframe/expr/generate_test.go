package expr

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// pair is an expression in our language and in Polars', "" where it has none.
type pair struct{ ours, polars string }

// generator makes random expressions of a kind over the columns of randomColumns.
type generator struct {
	*rand.Rand
	polars bool // only what has the same meaning there, or can be translated
}

var columnsOf = map[row.Kind][]string{
	row.Int: {"i", "j"}, row.Float: {"f", "g"}, row.Bool: {"b", "c"}, row.String: {"s", "u"}, row.Time: {"t"}, row.Duration: {"d"},
}

// randomColumns are n rows of every kind with nulls and, if wild, the extremes of each.
func randomColumns(r *rand.Rand, n int, wild bool) []testColumn {
	ints := []any{nil, 0, 1, -1, 2, 3, 7, -10, 42, 50}
	floats := []any{nil, 0.0, 1.0, -1.5, 2.25, math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 1e6, 0.1}
	strs := []any{nil, "", "a", "B", "ab", "häxe", "12", "-3", "2.5", "x y", " pad ", "true", "Ⅷ"}
	if wild {
		ints = append(ints, math.MaxInt64, math.MinInt64, 1<<53+1)
		floats = append(floats, math.MaxFloat64, 5e-324, 1e19, -1e300)
		strs = append(strs, "\x00", "99999999999999999999", "ß", strings.Repeat("z", 300))
	}
	day := time.Date(2026, 3, 1, 23, 59, 59, 999_999_000, time.UTC)
	times := []any{nil, day, day.Add(time.Microsecond), time.Unix(0, 0).UTC(), time.Date(1969, 7, 20, 20, 17, 40, 0, time.UTC)}
	durs := []any{nil, time.Duration(0), time.Second, -90 * time.Second, 36 * time.Hour}
	pick := func(from []any) []any {
		out := make([]any, n)
		for i := range out {
			out[i] = from[r.IntN(len(from))]
		}
		return out
	}
	bools := []any{nil, true, false}
	return []testColumn{
		{"i", row.Int, pick(ints)}, {"j", row.Int, pick(ints)}, {"f", row.Float, pick(floats)}, {"g", row.Float, pick(floats)},
		{"b", row.Bool, pick(bools)}, {"c", row.Bool, pick(bools)}, {"s", row.String, pick(strs)}, {"u", row.String, pick(strs)},
		{"t", row.Time, pick(times)}, {"d", row.Duration, pick(durs)},
	}
}

func (g *generator) pick(from ...string) string { return from[g.IntN(len(from))] }

// of is an expression of a kind, at most deep levels high.
func (g *generator) of(k row.Kind, deep int) pair {
	if deep <= 0 || g.IntN(6) == 0 {
		return g.leaf(k)
	}
	if g.IntN(5) == 0 {
		return g.choice(k, deep-1)
	}
	switch k {
	case row.Int:
		return g.int(deep - 1)
	case row.Float:
		return g.float(deep - 1)
	case row.Bool:
		return g.bool(deep - 1)
	case row.String:
		return g.string(deep - 1)
	case row.Time:
		return g.time(deep - 1)
	}
	return g.duration(deep - 1)
}

func (g *generator) leaf(k row.Kind) pair {
	if g.IntN(3) > 0 {
		name := g.pick(columnsOf[k]...)
		return pair{name, fmt.Sprintf("pl.col(%q)", name)}
	}
	switch k {
	case row.Int:
		x := g.pick("0", "1", "3", "-7")
		return pair{x, "pl.lit(" + x + ", dtype=pl.Int64)"}
	case row.Float:
		x := g.pick("0.5", "2.0", "-3.25", "1000.0")
		return pair{x, "pl.lit(" + x + ", dtype=pl.Float64)"}
	case row.Bool:
		return pair{"true", "pl.lit(True)"}
	case row.String:
		x := g.pick("'a'", "''", "'ä'", "'12'")
		return pair{x, "pl.lit(" + x + ")"}
	case row.Time:
		return pair{"time('2026-01-31')", "pl.lit(datetime(2026, 1, 31, tzinfo=UTC), dtype=pl.Datetime('us', 'UTC'))"}
	}
	return pair{"dur('1m30s')", "pl.lit(timedelta(seconds=90), dtype=pl.Duration('us'))"}
}

func (g *generator) choice(k row.Kind, deep int) pair {
	a, b := g.of(k, deep), g.of(k, deep)
	if g.IntN(2) == 0 {
		return pair{fmt.Sprintf("(%s) ?? (%s)", a.ours, b.ours), fmt.Sprintf("pl.coalesce([%s, %s])", a.polars, b.polars)}
	}
	c := g.of(row.Bool, deep)
	return pair{fmt.Sprintf("if(%s, %s, %s)", c.ours, a.ours, b.ours), fmt.Sprintf("pl.when(%s).then(%s).otherwise(%s)", c.polars, a.polars, b.polars)}
}

// fill puts expressions in place of $1 and $2 of both texts.
func fill(ours, polars string, args ...pair) pair {
	for i, a := range args {
		place := fmt.Sprintf("$%d", i+1)
		ours = strings.ReplaceAll(ours, place, "("+a.ours+")")
		polars = strings.ReplaceAll(polars, place, "("+a.polars+")")
	}
	return pair{ours, polars}
}

// template is one way to make an expression: the kinds of its parts and both texts.
type template struct {
	kinds        string // one letter a part: i f b s t d
	ours, polars string
}

var kindLetters = map[byte]row.Kind{'i': row.Int, 'f': row.Float, 'b': row.Bool, 's': row.String, 't': row.Time, 'd': row.Duration}

func (g *generator) one(deep int, of []template) pair {
	for {
		f := of[g.IntN(len(of))]
		if g.polars && f.polars == "" {
			continue
		}
		var args []pair
		for i := range len(f.kinds) {
			args = append(args, g.of(kindLetters[f.kinds[i]], deep))
		}
		return fill(f.ours, f.polars, args...)
	}
}

func (g *generator) int(deep int) pair {
	return g.one(deep, []template{
		{"ii", "$1 + $2", "$1 + $2"}, {"ii", "$1 - $2", "$1 - $2"}, {"ii", "$1 * $2", "$1 * $2"}, {"ii", "$1 % $2", "$1 % $2"},
		{"ii", "div($1, $2)", "$1 // $2"}, {"i", "-$1", "-$1"}, {"i", "abs($1)", "$1.abs()"}, {"i", "sign($1)", "$1.sign()"}, {"i", "round($1)", "$1.round()"},
		{"f", "int($1)", "$1.cast(pl.Int64, strict=False)"}, {"s", "int($1)", "$1.cast(pl.Int64, strict=False)"}, {"b", "int($1)", "$1.cast(pl.Int64)"},
		{"s", "len($1)", "$1.str.len_chars().cast(pl.Int64)"}, {"t", "hour($1)", "$1.dt.hour().cast(pl.Int64)"}, {"t", "dow($1)", "$1.dt.weekday().cast(pl.Int64)"},
		{"t", "year($1)", "$1.dt.year().cast(pl.Int64)"}, {"t", "month($1)", "$1.dt.month().cast(pl.Int64)"}, {"t", "day($1)", "$1.dt.day().cast(pl.Int64)"},
		{"t", "minute($1)", "$1.dt.minute().cast(pl.Int64)"}, {"t", "second($1)", "$1.dt.second().cast(pl.Int64)"}, {"t", "epoch_ms($1)", "($1.dt.epoch('us') // 1000)"},
		{"iii", "int(sum([$1, $2, $3]))", "pl.concat_list([$1, $2, $3]).list.sum()"}, {"iii", "int(min([$1, $2, $3]))", "pl.concat_list([$1, $2, $3]).list.min()"},
		{"iii", "int(max([$1, $2, $3]))", "pl.concat_list([$1, $2, $3]).list.max()"}, {"iii", "int(sort([$1, $2, $3])[1])", "pl.concat_list([$1, $2, $3]).list.sort().list.get(1)"},
		{"iii", "int(reverse(slice([$1, $2, $3], -2))[0])", "pl.concat_list([$1, $2, $3]).list.slice(-2).list.reverse().list.first()"},
		{"iii", "len(unique([$1, $2, $3]))", "pl.concat_list([$1, $2, $3]).list.n_unique().cast(pl.Int64)"}, {"ii", "int(last(flatten([[$1], [$2]])))", "pl.concat_list([$1, $2]).list.last()"},
		{"t", "doy($1)", "$1.dt.ordinal_day().cast(pl.Int64)"}, {"t", "week($1)", "$1.dt.week().cast(pl.Int64)"}, {"ii", "index([$1, $2], $2)", ""}, {"ss", "index($1, $2)", ""},
		{"dd", "div($1, $2)", "$1.dt.total_microseconds() // $2.dt.total_microseconds()"}, {"ii", "min2($1, $2)", "both($1, $2, pl.min_horizontal($1, $2))"}, {"iii", "clamp($1, $2, $3)", ""}, {"s", "hash($1)", ""},
		{"s", "len(split($1, 'a'))", "$1.str.split('a').list.len().cast(pl.Int64)"}, {"ii", "len(filter([$1, $2], # > 1))", "((($1 > 1).fill_null(False)).cast(pl.Int64) + (($2 > 1).fill_null(False)).cast(pl.Int64))"},
		{"t", "hour($1, 'Asia/Kathmandu')", "$1.dt.convert_time_zone('Asia/Kathmandu').dt.hour().cast(pl.Int64)"}, {"t", "day($1, 'America/New_York')", "$1.dt.convert_time_zone('America/New_York').dt.day().cast(pl.Int64)"},
		{"t", "dow($1, 'Pacific/Apia')", "$1.dt.convert_time_zone('Pacific/Apia').dt.weekday().cast(pl.Int64)"}, {"f", "int(floor($1))", "$1.floor().cast(pl.Int64, strict=False)"}, {"ii", "([$1, $2])[1]", "$2"},
	})
}

func (g *generator) float(deep int) pair {
	return g.one(deep, []template{
		{"ff", "$1 + $2", "$1 + $2"}, {"ff", "$1 - $2", "$1 - $2"}, {"ff", "$1 * $2", "$1 * $2"}, {"ff", "$1 / $2", "$1 / $2"}, {"ii", "$1 / $2", "$1 / $2"},
		{"if", "$1 * $2", "$1 * $2"}, {"fi", "$1 - $2", "$1 - $2"}, {"ff", "$1 % $2", ""}, {"f", "-$1", "-$1"}, {"f", "abs($1)", "$1.abs()"},
		{"f", "floor($1)", "$1.floor()"}, {"f", "ceil($1)", "$1.ceil()"}, {"f", "round($1)", "$1.round(mode='half_to_even')"}, {"f", "sqrt($1)", "$1.sqrt()"},
		{"iii", "mean([$1, $2, $3])", "pl.concat_list([$1, $2, $3]).list.mean()"}, {"ff", "float(sum([$1, $2, 1]))", ""}, {"ff", "float(max([$1, $2]))", ""},
		{"f", "sign($1)", "$1.sign()"}, {"i", "float($1)", "$1.cast(pl.Float64)"}, {"s", "float($1)", "$1.cast(pl.Float64, strict=False)"}, {"b", "float($1)", "$1.cast(pl.Float64)"},
		{"d", "seconds($1)", "($1.dt.total_microseconds() / 1e6)"}, {"ff", "$1 ** $2", ""}, {"f", "exp($1)", ""}, {"ff", "max2($1, $2)", ""}, {"fi", "round($1, $2)", ""},
		{"dd", "$1 / $2", "$1.dt.total_microseconds() / $2.dt.total_microseconds()"}, {"ff", "$1 % $2", ""}, {"f", "round($1, 2)", "$1.round(2, mode='half_to_even')"},
		{"f", "trunc($1)", "py(pl.Float64, truncated, $1)"}, {"f", "float(string($1))", "$1"},
	})
}

// inexact are functions whose last bits differ, which what is made of them would magnify, or which magnify those of others.
func (g *generator) inexact() pair {
	return g.one(0, []template{
		{"ff", "$1 ** $2", "py(pl.Float64, power, $1, $2)"}, {"ii", "$1 ** $2", "py(pl.Float64, power, $1, $2)"}, {"f", "exp($1)", "$1.exp()"}, {"f", "log($1)", "$1.log()"},
		{"ff", "$1 % $2", "py(pl.Float64, modulo, $1, $2)"}, {"fi", "$1 % $2", "py(pl.Float64, modulo, $1, $2)"}, {"ff", "hypot($1, $2)", "py(pl.Float64, math.hypot, $1, $2)"}, {"f", "cbrt($1)", "$1.cbrt()"},
	})
}

func (g *generator) bool(deep int) pair {
	cmp := g.pick("==", "!=", "<", "<=", ">", ">=")
	return g.one(deep, []template{
		{"bb", "$1 and $2", "$1 & $2"}, {"bb", "$1 or $2", "$1 | $2"}, {"b", "not $1", "~$1"}, {"bb", "$1 == $2", "$1 == $2"}, {"bb", "$1 != $2", "$1 != $2"},
		{"ii", "$1 " + cmp + " $2", "$1 " + cmp + " $2"}, {"ss", "$1 " + cmp + " $2", "$1 " + cmp + " $2"}, {"tt", "$1 " + cmp + " $2", "$1 " + cmp + " $2"}, {"dd", "$1 " + cmp + " $2", "$1 " + cmp + " $2"},
		{"ff", "$1 " + cmp + " $2", ieee(cmp)}, {"if", "$1 " + cmp + " $2", ieee(cmp)}, {"fi", "$1 " + cmp + " $2", ieee(cmp)},
		{"i", "$1 == null", "$1.is_null()"}, {"f", "has($1)", "$1.is_not_null()"}, {"f", "isnan($1)", "$1.is_nan()"}, {"f", "isinf($1)", "$1.is_infinite()"},
		{"i", "$1 in [1, 3, -7]", "$1.is_in([1, 3, -7])"}, {"s", "$1 in ['a', 'x y']", "$1.is_in(['a', 'x y'])"}, {"s", "$1 not in ['a']", "~($1.is_in(['a']))"},
		{"ss", "$1 contains $2", "$1.str.contains($2, literal=True)"}, {"s", "$1 startsWith 'a'", "$1.str.starts_with('a')"}, {"s", "$1 endsWith 'b'", "$1.str.ends_with('b')"},
		{"s", "$1 matches '^[a-z]+$'", "$1.str.contains('^[a-z]+$')"}, {"i", "bool($1)", "$1.cast(pl.Boolean)"}, {"f", "bool($1)", "$1.cast(pl.Boolean)"},
		{"s", "bool($1)", ""}, {"ii", "any([$1, $2], # > 1)", "($1 > 1) | ($2 > 1)"}, {"iif", "all([$1, $2], # > $3)", ""}, {"ii", "all([$1, $2], # > 1)", "($1 > 1) & ($2 > 1)"},
		{"ii", "$1 in [$2, 3]", "($1 == $2) | ($1 == 3)"}, {"ii", "$1 not in [$2, 3]", "($1 != $2) & ($1 != 3)"}, {"ii", "$2 in map([$1], # + 1)", ""}, {"s", "$1 in ['a', null]", "$1.is_in(['a'])"},
		{"bb", "($1 ? $2 : null) == null", "pl.when($1).then($2).otherwise(None).is_null()"}, {"bb", "not ($1 and $2) == (not $1 or not $2)", "(~($1 & $2)) == ((~$1) | (~$2))"},
	})
}

// ieee is a comparison of floats in Polars, where NaN is equal to itself and above all, brought to IEEE 754.
func ieee(cmp string) string {
	compared := "(($1 " + cmp + " $2) & ~$1.is_nan() & ~$2.is_nan())"
	if cmp == "!=" {
		compared = "(($1 != $2) | $1.is_nan() | $2.is_nan())"
	}
	return "pl.when($1.is_null() | $2.is_null()).then(pl.lit(None, dtype=pl.Boolean)).otherwise(" + compared + ")"
}

func (g *generator) string(deep int) pair {
	return g.one(deep, []template{
		{"ss", "$1 + $2", "$1 + $2"}, {"s", "upper($1)", "$1.str.to_uppercase()"}, {"s", "lower($1)", "$1.str.to_lowercase()"}, {"s", "trim($1)", "$1.str.strip_chars()"},
		{"s", "substr($1, 1, 2)", "$1.str.slice(1, 2)"}, {"s", "substr($1, -2)", "$1.str.slice(-2)"}, {"s", "replace($1, 'a', 'xy')", "$1.str.replace_all('a', 'xy', literal=True)"},
		{"s", "extract($1, '([0-9]+)')", "$1.str.extract('([0-9]+)', 1)"}, {"si", "concat($1, $2)", "pl.concat_str([$1, $2.cast(pl.String)])"}, {"i", "string($1)", "$1.cast(pl.String)"},
		{"s", "lpad($1, 4, '0')", "$1.str.pad_start(4, '0')"}, {"s", "rpad($1, 4, 'ä')", "$1.str.pad_end(4, 'ä')"}, {"s", "sha256($1)", ""},
		{"t", "strftime($1, '%d.%m.%Y %H:%M:%S %j')", "$1.dt.strftime('%d.%m.%Y %H:%M:%S %j')"}, {"s", "join(unique(split($1, '')), 'b')", "$1.str.split('').list.unique(maintain_order=True).list.join('b')"},
		{"s", "join(sort(split($1, 'a')), 'b')", "$1.str.split('a').list.sort().list.join('b')"},
		{"b", "string($1)", "$1.cast(pl.String)"}, {"f", "string($1)", ""}, {"t", "string($1)", ""}, {"sf", "format('{}|{:.1f}', $1, $2)", "py(pl.String, formatted, $1, $2)"}, {"s", "join(split($1, 'a'), 'b')", "$1.str.split('a').list.join('b')"}, {"i", "to_json($1)", ""},
		{"s", "substr($1, -3, 2)", "$1.str.slice(-3, 2)"}, {"s", "substr($1, 2)", "$1.str.slice(2)"}, {"si", "substr($1, $2)", "both($1, $2, $1.str.slice($2))"}, {"sii", "substr($1, $2, abs($3))", "both($2, $3, $1.str.slice($2, $3.abs()))"}, {"s", "trim($1, 'a ')", "$1.str.strip_chars('a ')"}, {"s", "(split($1, ' '))[0]", "$1.str.split(' ').list.get(0, null_on_oob=True)"},
		{"s", "(split($1, 'b'))[1]", "$1.str.split('b').list.get(1, null_on_oob=True)"}, {"s", "extract($1, '[a-z]+')", "$1.str.extract('([a-z]+)', 1)"}, {"t", "substr(string($1), 0, 19)", "$1.dt.strftime('%Y-%m-%dT%H:%M:%S')"}, {"ss", "replace($1, $2, '-')", ""},
	})
}

func (g *generator) time(deep int) pair {
	return g.one(deep, []template{
		{"td", "$1 + $2", "$1 + $2"}, {"td", "$1 - $2", "$1 - $2"}, {"t", "truncate($1, '10s')", "$1.dt.truncate('10s')"}, {"t", "truncate($1, '1d')", "$1.dt.truncate('1d')"},
		{"t", "strptime(strftime($1, '%d/%m/%Y %H:%M'), '%d/%m/%Y %H:%M')", "$1.dt.strftime('%d/%m/%Y %H:%M').str.to_datetime('%d/%m/%Y %H:%M', strict=False, time_unit='us').dt.replace_time_zone('UTC')"},
		{"s", "strptime($1, '%Y')", ""},
		{"t", "truncate($1, '1w')", "$1.dt.truncate('1w')"}, {"i", "time($1, 'ms')", "$1.cast(pl.Datetime('ms')).cast(pl.Datetime('us')).dt.replace_time_zone('UTC')"}, {"f", "time($1, 's')", ""}, {"t", "time(string($1))", "$1"},
		{"t", "truncate($1, '1d', 'Europe/Rome')", "$1.dt.convert_time_zone('Europe/Rome').dt.truncate('1d').dt.convert_time_zone('UTC')"}, {"t", "truncate($1, '15m')", "$1.dt.truncate('15m')"}, {"t", "truncate($1, '1h', 'Asia/Kathmandu')", ""},
	})
}

func (g *generator) duration(deep int) pair {
	return g.one(deep, []template{
		{"dd", "$1 + $2", "$1 + $2"}, {"dd", "$1 - $2", "$1 - $2"}, {"tt", "$1 - $2", "$1 - $2"}, {"d", "-$1", "$1 * -1"}, {"di", "$1 * $2", "$1 * $2"}, {"df", "$1 * $2", ""}, {"df", "$1 / $2", ""}, {"d", "abs($1)", "$1.abs()"}, {"d", "dur(string($1))", "$1"},
	})
}
