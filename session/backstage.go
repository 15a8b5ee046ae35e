package session

// backstage are methods of the types that cells use which are not for cells: completion does not offer them.
func backstage() map[string]bool {
	out := map[string]bool{}
	for name, methods := range map[string][]string{
		"Frame": {"Err", "Node", "Watched"},
		"Row":   {"Changes"},
		"State": {"At", "Discard", "Ending", "Ends", "Expire", "Keep", "NextEnd", "Values"},
		"Table": {"Add", "Batch", "KeepLast", "Last", "Schema"},
	} {
		for _, m := range methods {
			out[name+"."+m] = true
		}
	}
	return out
}
