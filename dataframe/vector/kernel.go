package vector

import (
	"go/token"

	"github.com/riffle-stream/riffle/dataframe/row"
)

// guards says whether an op can panic.
func (f *Func) guards(o op) bool {
	switch o.tok {
	case token.QUO, token.REM, token.SHL, token.SHR:
		return o.kind == row.Int && f.panics(o.tok, o.args[1])
	}
	return false
}

// kernel is the loop of an op on columns, or nil.
func (f *Func) kernel(o op) kernel {
	switch o.code {
	case unary:
		return unaryKernel(o)
	case binary:
		return binaryKernel(o.tok, f.Kind(o.args[0]))
	case choose:
		return chooseKernel(o.kind)
	case convert:
		if o.kind == row.Float {
			return each1(toFloats)
		}
		return each1(toInts)
	case length:
		return singles(func(s string) int64 { return int64(len(s)) })
	case substring:
		return slice
	case called:
		k, _ := callKernel(f.calls[o.call])
		return k
	case fault:
		return func(s *step) {
			for i := range s.own.Bools {
				s.fault(i)
			}
		}
	}
	return nil
}

func unaryKernel(o op) kernel {
	switch {
	case o.tok == token.NOT:
		return each1(not)
	case o.tok == token.SUB && o.kind == row.Float:
		return each1(negative[float64])
	case o.tok == token.SUB && o.kind == row.Int:
		return each1(negative[int64])
	case o.tok == token.XOR && o.kind == row.Int:
		return singles(func(a int64) int64 { return ^a })
	}
	return nil
}

// binaryKernel is the loop of an operator on two columns of a kind.
func binaryKernel(tok token.Token, kind row.Kind) kernel {
	switch kind {
	case row.Float:
		if tok == token.QUO {
			return each2(quoFloats)
		}
		return arithmetic[float64](tok)
	case row.Int:
		if k := integral(tok); k != nil {
			return k
		}
		return arithmetic[int64](tok)
	case row.String:
		if tok == token.ADD {
			return each2(add[string])
		}
		return comparison[string](tok)
	case row.Bool:
		return logic(tok)
	}
	return nil
}

func chooseKernel(kind row.Kind) kernel {
	switch kind {
	case row.Bool:
		return chosen[byte]
	case row.Int:
		return chosen[int64]
	case row.Float:
		return chosen[float64]
	}
	return chosen[string]
}

// slice is s[low:high]; bounds that do not fit are faults.
func slice(s *step) {
	text, low, high := arg[string](s, 0), arg[int64](s, 1), arg[int64](s, 2)
	for i := range s.own.Strs {
		from, to := low[i], high[i]
		if from < 0 || from > to || to > int64(len(text[i])) {
			s.own.Strs[i] = ""
			s.fault(i)
			continue
		}
		s.own.Strs[i] = text[i][from:to]
	}
}
