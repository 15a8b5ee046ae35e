// Package riffle holds the sources that exported programs carry, so that one
// builds wherever a Go toolchain is. Only commands import it.
package riffle

import "embed"

// Sources are the go.mod, the go.sum and the packages of the engine, in the folders of this module.
//
//go:embed go.mod go.sum
//go:embed cells/*.go cluster/*.go codec/*.go codec/jsontext/*.go state/*.go stream/*.go stream/live/*.go sampler/file/*.go
//go:embed dataframe/*.go dataframe/near/*.go dataframe/row/*.go dataframe/expr/*.go dataframe/window/*.go dataframe/plan/*.go dataframe/exec/*.go
//go:embed export/replay/*.go export/child/*.go
var Sources embed.FS
