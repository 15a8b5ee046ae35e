package codec

// Bounds of what schemas may describe, in every format.
const (
	MaxColumns = 1000            // of a topic or a file
	MaxNested  = 16              // records within each other that are columns of their own
	MaxFields  = 10 * MaxColumns // that are looked at for columns: records that name each other make endless paths

	// A decimal's digits take time that grows with their square.
	MaxDecimal = 256 // bytes
	MaxScale   = 600 // digits behind the point
	Exact      = 15  // digits that a float holds; those that may have more are texts
)
