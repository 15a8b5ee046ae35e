// Package riffle holds the sources of this program: those that exported programs carry, so that one builds wherever a
// Go toolchain is, and the rest, so that a Riffle can be built that has further modules linked in. Only commands import it.
package riffle

import "embed"

// Sources are the go.mod, the go.sum and the packages of the program, in the folders of this module. Of these, an
// export carries those that the exported program imports.
//
//go:embed embed.go go.mod go.sum
//go:embed broker cells chart cluster cmd/riffle codec dataframe display export install interp kernel modules sampler session state stream
var Sources embed.FS
