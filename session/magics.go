package session

// A magic is a command of the notebook, where Go has no word: a line "%name arguments" of a cell.
type magic struct {
	name string
	args string // how its arguments are written, such as "[name]"
	help string // what it does, in a line
	more string // further lines, with an example

	first bool // it runs before the Go of its cell is read, and stands above it
	goes  bool // its arguments are Go, which stays in the cell

	// run acts when the statements above it have run. What it prints belongs to the cell c; its error ends the cell.
	run func(s *Session, c *running, args string) error
}

// magics are all of them, by name. A new one is a row here and a file magic_name.go.
func magics() []magic {
	return []magic{
		{name: "help", args: "[name]", help: "lists magics, verbs and methods, or explains one; name? is the same", more: helpHelp, run: (*Session).helpMagic},
		{name: "keep", args: "[names]", help: "names what a reset leaves, or all that its cell defines", more: keepHelp, run: (*Session).keepMagic},
		{name: "replay", help: "runs earlier cells again when their process has ended", more: replayHelp, run: (*Session).replayMagic},
		{name: "require", args: "module@version", help: "brings a Go module into the session", more: requireHelp, first: true, run: (*Session).requireMagic},
		{name: "reset", help: "forgets what cells have defined", more: resetHelp, first: true, run: (*Session).resetMagic},
		{name: "sh", args: "command", help: "runs a command of the shell; !command is the same", more: shHelp, run: (*Session).shMagic},
		{name: "time", args: "[statement]", help: "says how long a statement took, or the statements below it", more: timeHelp, goes: true, run: (*Session).timeMagic},
		{name: "vars", args: "[word]", help: "lists the variables, with types, sizes and values", more: varsHelp, run: (*Session).varsMagic},
	}
}
