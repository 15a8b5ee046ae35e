//go:build !unix

package embedded

import "context"

// Find returns [ErrNotRunning]: there is no embedded broker on this system.
func Find(context.Context) (Address, error) { return Address{}, ErrNotRunning }
