package state

import (
	"log/slog"
)

// Options of a DB. The zero value is good.
type Options struct {
	// Cluster is the id of the Kafka cluster. A folder keeps the first that it
	// is opened with, and refuses another with ErrCluster. Empty: not checked.
	Cluster string
	// Budget is how many bytes of state all partitions together keep in memory,
	// about 100 bytes an entry included. Past it partitions change to
	// LayoutKeys. 0 means 256 MiB; less than 0, nothing is kept in memory.
	Budget int64
	// MinFree is how many bytes must be free on the disk for a commit, for
	// Badger ends the process when its memory-mapped files find no room.
	// 0 means 256 MiB, less than 0 no limit.
	MinFree int64
	// Probe is a command that examines a folder after an unclean stop; the
	// folder's path is added as last argument. It has to call [Probe] and to
	// exit with a status other than 0 on an error. It is a process of its own
	// since Badger can end the process that opens a damaged folder. If empty, the folder is
	// examined in this process, and a folder that ended it is set aside at the
	// next start.
	Probe []string
	// Failpoint is called at named points of commits, for tests that crash there.
	Failpoint func(point string)
	// Log gets incidents and what Badger says. nil: silence.
	Log *slog.Logger

	memTable int64                            // bytes, for a new folder, at least minMemTable
	free     func(dir string) (uint64, error) // free bytes of the disk
}

func (o Options) filled() Options {
	if o.Budget == 0 {
		o.Budget = 256 << 20
	}
	if o.MinFree == 0 {
		o.MinFree = 256 << 20
	}
	if o.Failpoint == nil {
		o.Failpoint = func(string) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.memTable == 0 {
		o.memTable = 32 << 20
	}
	if o.free == nil {
		o.free = freeSpace
	}
	return o
}
