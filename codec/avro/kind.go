package avro

import (
	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// columns are the columns of a record: a field is one of its name, one of a
// record within it of its path, such as engine.rpm. A record that holds itself
// is a column of its own.
func columns(n *node) *row.Schema {
	var out []row.Field
	fields := codec.MaxFields // that are still looked at: types that name each other may make endless paths
	var walk func(n *node, prefix string, within map[*node]bool)
	walk = func(n *node, prefix string, within map[*node]bool) {
		within[n] = true
		for _, f := range n.fields {
			if fields--; fields < 0 {
				break
			}
			of := f.node.optional()
			if of.kind == "record" && !within[of] && len(within) < codec.MaxNested {
				walk(of, prefix+f.name+".", within)
				continue
			}
			out = append(out, row.Field{Name: prefix + f.name, Kind: of.column()})
		}
		delete(within, n)
	}
	walk(n, "", map[*node]bool{})
	return row.NewSchema(out[:min(len(out), codec.MaxColumns)]...)
}

// column is the kind of a column that holds values of a type.
func (n *node) column() row.Kind {
	if k, err := row.ParseKind(n.ours); n.ours != "" && err == nil {
		return k
	}
	switch n.kind {
	case "boolean":
		return row.Bool
	case "int", "long":
		switch n.logical {
		case "date", "timestamp-millis", "timestamp-micros", "timestamp-nanos", "local-timestamp-millis", "local-timestamp-micros", "local-timestamp-nanos":
			return row.Time
		case "time-millis", "time-micros":
			return row.Duration
		}
		return row.Int
	case "float", "double":
		return row.Float
	case "string", "enum":
		return row.String
	case "bytes", "fixed":
		return n.bytesColumn()
	case "array":
		return row.List
	case "map", "record":
		return row.Struct
	case "union":
		return n.unionColumn()
	}
	return row.Any
}

func (n *node) bytesColumn() row.Kind {
	switch {
	case n.logical == "decimal" && n.digits <= codec.Exact:
		return row.Float
	case n.logical == "decimal", n.logical == "uuid":
		return row.String
	case n.logical == "duration" && n.size == 12:
		return row.Duration
	}
	return row.Bytes
}

// unionColumn is the kind that all branches but null have, ints beside floats being floats; else any.
func (n *node) unionColumn() row.Kind {
	out := row.Null
	for _, b := range n.branches {
		if b.kind == "null" {
			continue
		}
		k := b.column()
		switch {
		case out == row.Null || out == k:
			out = k
		case out.Numeric() && k.Numeric():
			out = row.Float
		default:
			return row.Any
		}
	}
	if out == row.Null {
		return row.Any
	}
	return out
}
