// Package riffle holds the sources that exported programs carry, so that one
// builds wherever a Go toolchain is. Only commands import it.
package riffle

import "embed"

// Sources are the go.mod, the go.sum and the packages of the engine, in the
// folders of this module. Of these, an export carries those that the program imports.
//
//go:embed go.mod go.sum
//go:embed broker/embedded cells cluster codec dataframe state stream sampler/file export/replay export/child
var Sources embed.FS
