package exec

// lapse says when what is kept of a key is over: when no row of it came for a while.
//
// A row begins anew if it comes that long after the latest row of its key. One
// that is later than that for the watermark counts as that late: so what is
// kept is of no use when time is twice as far, and it does not show when it is forgotten.
type lapse struct {
	after int64 // µs; 0: never
	mark  int64 // of the last row
	due   reminders
}

func newLapse(after int64) lapse {
	return lapse{after: after, mark: noTime}
}

// over says whether a row begins anew, where the latest row of its key was at last.
func (l *lapse) over(last, time, mark int64) bool {
	return l.after > 0 && max(time, mark-l.after) >= last+l.after
}

// await notes a key whose latest row was at last, unless it was noted: then it
// comes up, at the latest, when the time that was noted is over.
func (l *lapse) await(key string, last int64) {
	if l.after > 0 {
		l.due.note(last+2*l.after, key)
	}
}

// pass gives each key to forget of which nothing can be seen any more. Of each
// that is noted, last says when its latest row was; ok is false if nothing is kept of it.
func (l *lapse) pass(last func(key string) (at int64, ok bool, err error), forget func(key string) error) error {
	for key, due := l.due.next(l.mark); due; key, due = l.due.next(l.mark) {
		at, ok, err := last(key)
		switch {
		case err != nil:
			return err
		case !ok:
		case at+2*l.after > l.mark:
			l.await(key, at)
		default:
			if err := forget(key); err != nil {
				return err
			}
		}
	}
	return nil
}
