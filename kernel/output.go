package kernel

import "context"

// Output is where a cell's effects go. Its methods may be called by many goroutines, and after the cell
// has ended; what they send carries the cell it came from. They wait when clients read too slowly.
type Output interface {
	// Stream prints text to Stdout or Stderr. Pieces are joined before they are sent.
	Stream(name, text string)
	// Show displays a bundle below the cell, or updates the displays of an ID.
	Show(d Display)
	// Clear removes what the cell shows; if wait is true, only when something new is shown.
	Clear(wait bool)
	// Input asks the user for a line; if password is true it is not echoed. The error is ErrNoInput or that of ctx.
	Input(ctx context.Context, prompt string, password bool) (string, error)
}

// A Printer is an Output that takes text as bytes, too, and does not keep them: there can be a lot.
type Printer interface {
	Print(name string, text []byte)
}

// CommSender is implemented by every Output that this package makes.
type CommSender interface {
	SendComm(c Comm)
}

// The names of streams.
const (
	Stdout = "stdout"
	Stderr = "stderr"
)

// A Display is something shown below a cell. With Update it replaces what was shown under ID before.
type Display struct {
	Bundle
	ID     string `json:"id,omitempty"`
	Update bool   `json:"update,omitempty"`
}
