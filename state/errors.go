package state

import "errors"

var (
	// ErrCorrupt: the folder does not hold what was committed to it.
	ErrCorrupt = errors.New("state: damaged")
	// ErrDiskFull: there is less free space than Options.MinFree. Nothing was
	// written; free some, and try again.
	ErrDiskFull = errors.New("state: disk full")
	// ErrLocked: another process uses the folder.
	ErrLocked = errors.New("state: folder in use")
	// ErrCluster: the folder belongs to another Kafka cluster.
	ErrCluster = errors.New("state: folder of another cluster")
	// ErrVersion: the folder was written by a newer program.
	ErrVersion = errors.New("state: folder of a newer version")
	// ErrClosed: the DB is closed.
	ErrClosed = errors.New("state: closed")
)
