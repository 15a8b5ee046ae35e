// Package session is one notebook: it binds the verbs of cells to what they do.
//
// A [Session] is the kernel's evaluator. It runs cells in an interpreter,
// checks each frame where it is made, runs frames over the pinned sample when
// they are looked at, and starts live runs and exports. It lives in a worker
// process; the protocol, the history and the displays are the kernel's.
package session
