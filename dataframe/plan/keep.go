package plan

// Keep is what rows have of the record that they were read from where they move
// through a topic, or wait. Bind finds out what later steps ask for.
type Keep uint8

// What is kept of a record.
const (
	KeepHeaders Keep = 1 << iota // go out with the row, and are read as _headers.x
	KeepValue                    // its bytes, for sinks that write the original object
	KeepPlace                    // topic, partition, offset, key and time

	KeepRecord = KeepHeaders | KeepValue | KeepPlace // all of it, for dead letters
)

// carry marks the steps from which rows have parts of their records with them.
func (s *Step) carry(what Keep) {
	if s.Keep&what == what {
		return
	}
	s.Keep |= what
	switch s.Op.(type) {
	case *Window: // its rows were read from no record
	case *AsOf, *Interval, *Lookup:
		s.In[0].carry(what)
	default:
		for _, in := range s.In {
			in.carry(what)
		}
	}
}

// asks is what a step looks at of the records of its first input's rows.
func (s *Step) asks() Keep {
	what := s.spills()
	_, exprs := asked(s.Op)
	for _, e := range exprs {
		for _, name := range e.Record() {
			if s.In[0].Schema.Index(name) >= 0 {
				continue
			}
			if _, header := IsHeader(name); header {
				what |= KeepHeaders
			} else {
				what |= KeepPlace
			}
		}
	}
	return what
}

// spills is what a step writes of records: to its topic, and to that of dead letters.
func (s *Step) spills() (what Keep) {
	switch op := s.Op.(type) {
	case *With, *Where, *Select, *Drop, *Rename, *DropNull, *OnError, *Concat, *Dedup, *Running, *AsOf, *Interval, *Lookup: // take every row
		return 0
	case *KeyBy:
		if !op.Local {
			return 0
		}
	case *Sink:
		what = KeepHeaders
		if s.Splice != nil {
			what |= KeepValue
		}
	case *Window:
		if op.LateTo != "" {
			what = KeepHeaders
		}
	}
	if s.Policy.Action == DeadLetter {
		what = KeepRecord
	}
	return what
}
