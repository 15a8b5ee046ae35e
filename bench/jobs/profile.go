package jobs

import (
	"errors"
	"os"
	"runtime/pprof"
)

// profile writes a CPU profile to the file that CPU_PROFILE names, if it does.
func profile() (stop func() error, err error) {
	path := os.Getenv("CPU_PROFILE")
	if path == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return f.Close()
	}, nil
}
