package table

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// converter makes values of a column ours.
type converter struct {
	kind  row.Kind
	value func(parquet.Value) (any, error)
}

// conversion is that of a column, by its logical type and then by how it is stored.
func conversion(n parquet.Node) converter {
	stored := n.Type().Kind()
	if l := n.Type().LogicalType(); l != nil {
		switch t := l.Value.(type) {
		case *format.TimestampType:
			return instants(t.Unit)
		case *format.TimeType:
			return spans(t.Unit)
		case *format.DateType:
			return converter{row.Time, func(v parquet.Value) (any, error) { return time.Unix(int64(v.Int32())*86400, 0).UTC(), nil }}
		case *format.DecimalType:
			return decimals(t)
		case *format.UUIDType:
			return converter{row.String, func(v parquet.Value) (any, error) { return uuid(v.ByteArray()), nil }}
		case *format.StringType, *format.EnumType, *format.JsonType:
			return converter{row.String, func(v parquet.Value) (any, error) { return string(v.ByteArray()), nil }}
		case *format.IntType:
			if !t.IsSigned {
				return unsigned(stored)
			}
		}
	}
	return physical(stored)
}

func physical(k parquet.Kind) converter {
	switch k {
	case parquet.Boolean:
		return converter{row.Bool, func(v parquet.Value) (any, error) { return v.Boolean(), nil }}
	case parquet.Int32:
		return converter{row.Int, func(v parquet.Value) (any, error) { return int64(v.Int32()), nil }}
	case parquet.Int64:
		return converter{row.Int, func(v parquet.Value) (any, error) { return v.Int64(), nil }}
	case parquet.Int96:
		return converter{row.Time, func(v parquet.Value) (any, error) { return julian(v), nil }}
	case parquet.Float:
		return converter{row.Float, func(v parquet.Value) (any, error) { return float64(v.Float()), nil }}
	case parquet.Double:
		return converter{row.Float, func(v parquet.Value) (any, error) { return v.Double(), nil }}
	}
	return converter{row.Bytes, func(v parquet.Value) (any, error) { return append([]byte{}, v.ByteArray()...), nil }}
}

func unsigned(k parquet.Kind) converter {
	if k == parquet.Int32 {
		return converter{row.Int, func(v parquet.Value) (any, error) { return int64(v.Uint32()), nil }}
	}
	return converter{row.Int, func(v parquet.Value) (any, error) {
		if u := v.Uint64(); u > math.MaxInt64 {
			return nil, fmt.Errorf("%d is beyond 63 bits", u)
		}
		return v.Int64(), nil
	}}
}

// perUnit are how many of a unit make a µs, and how many µs one of it.
func perUnit(u format.TimeUnit) (by, of int64) {
	switch u.Value.(type) {
	case *format.MilliSeconds:
		return 1, 1000
	case *format.NanoSeconds:
		return 1000, 1
	}
	return 1, 1
}

func instants(u format.TimeUnit) converter {
	by, of := perUnit(u)
	return converter{row.Time, func(v parquet.Value) (any, error) {
		us := row.FloorDiv(v.Int64(), by)
		if us*of/of != us {
			return nil, fmt.Errorf("%d is a time beyond 64 bits of µs", v.Int64())
		}
		return time.UnixMicro(us * of).UTC(), nil
	}}
}

func spans(u format.TimeUnit) converter {
	by, of := perUnit(u)
	return converter{row.Duration, func(v parquet.Value) (any, error) {
		x := v.Int64()
		if v.Kind() == parquet.Int32 {
			x = int64(v.Int32())
		}
		return time.Duration(row.FloorDiv(x, by)*of) * time.Microsecond, nil
	}}
}

// decimals up to 15 digits are floats, which hold them; others are texts of their digits.
func decimals(d *format.DecimalType) converter {
	if d.Scale < 0 || d.Scale > codec.MaxScale {
		return converter{row.String, func(parquet.Value) (any, error) {
			return nil, fmt.Errorf("%w: a decimal has %d digits behind its point, want at most %d", ErrLimit, d.Scale, codec.MaxScale)
		}}
	}
	scale := big.NewInt(0).Exp(big.NewInt(10), big.NewInt(int64(d.Scale)), nil)
	ratio := func(v parquet.Value) *big.Rat {
		x := new(big.Int)
		switch v.Kind() {
		case parquet.Int32:
			x.SetInt64(int64(v.Int32()))
		case parquet.Int64:
			x.SetInt64(v.Int64())
		default:
			b := v.ByteArray()
			x.SetBytes(b)
			if len(b) > 0 && b[0] >= 0x80 {
				x.Sub(x, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
			}
		}
		return new(big.Rat).SetFrac(x, scale)
	}
	if d.Precision <= codec.Exact {
		return converter{row.Float, func(v parquet.Value) (any, error) {
			f, _ := ratio(v).Float64()
			return f, nil
		}}
	}
	return converter{row.String, func(v parquet.Value) (any, error) {
		if n := len(v.ByteArray()); v.Kind() == parquet.ByteArray && n > codec.MaxDecimal {
			return nil, fmt.Errorf("%w: a decimal has %d bytes, want at most %d", ErrLimit, n, codec.MaxDecimal)
		}
		return ratio(v).FloatString(int(d.Scale)), nil
	}}
}

// julian is a time as old writers have it: ns of a day, and the day since 4713 BC.
func julian(v parquet.Value) time.Time {
	x := v.Int96()
	const epoch = 2440588
	ns := int64(uint64(x[0]) | uint64(x[1])<<32)
	return time.Unix((int64(x[2])-epoch)*86400, ns).UTC().Truncate(time.Microsecond)
}

func uuid(b []byte) string {
	if len(b) != 16 {
		return hex.EncodeToString(b)
	}
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", binary.BigEndian.Uint32(b), b[4:6], b[6:8], b[8:10], b[10:])
}
