package guard

import (
	"strconv"
	"strings"
)

// aliasMark stands between a routing identity and a number.
const aliasMark = "\x00#"

// alias names the n-th peer that has a routing identity. Clients that share a session, as those of one
// Jupyter kernel manager do, have the same identity on all channels, and connect in the same order.
func alias(identity string, n int) string { return identity + aliasMark + strconv.Itoa(n) }

// unaliased gives the identity that an alias was made of; of another identity, itself.
func unaliased(identity string) string {
	if i := strings.LastIndex(identity, aliasMark); i >= 0 {
		return identity[:i]
	}
	return identity
}
