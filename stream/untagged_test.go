//go:build !synctests

package stream

import "testing"

func TestLedger(t *testing.T) {
	t.Skip("skipped because the tests in virtual time need: go test -tags synctests")
}
