package oracle

// Released are the events of each of n partitions in the order in which a step with state sees them. A row waits until
// no other stream can give one that comes before it; with all, those that wait are given too.
func (k Key) Released(l Log, n int, all bool) []Log {
	out := make([]Log, n)
	for p := range n {
		for _, e := range k.In(l, p, n) {
			if !all && waits(e, k.feeding(l, p)) {
				break
			}
			out[p] = append(out[p], e)
		}
	}
	return out
}

// waits says whether another stream may still give a row that comes before e.
func waits(e *Event, l Log) bool {
	for stream, mark := range l.marks() {
		if mark < e.Mark || mark == e.Mark && stream < e.Stream {
			return true
		}
	}
	return false
}

// Unlucky is the text of rows at which the function of Running fails.
const Unlucky = "13"

// Running is what a function with state gives that counts a key's rows, adds up its speeds and keeps its last text.
func (k Key) Running(l Log, n int, all bool) [][]Row {
	out := make([][]Row, n)
	for p, events := range k.Released(l, n, all) {
		count, total, text := map[string]int64{}, map[string]float64{}, map[string]string{}
		for _, e := range events {
			if e.Text != nil && *e.Text == Unlucky {
				continue
			}
			key, _ := k.Of(e)
			count[key]++
			cols := map[string]any{"ts": e.Time, "seen": count[key], "before": text[key]}
			if e.Speed != nil {
				total[key] += *e.Speed
			}
			if e.Text != nil {
				text[key] = *e.Text
			}
			cols["total"] = total[key]
			out[p] = append(out[p], Row{key, cols})
		}
	}
	return out
}

// Columns are the rows of a filter and of computed columns: null makes a sum null, and decides an or only if the other
// side is not true. Rows without a key are left out.
func Columns(l Log, n int) [][]Row {
	out := make([][]Row, n)
	for p := range n {
		for _, e := range l.In(p).Good() {
			fast, many := e.Speed != nil && *e.Speed > 20, e.Num != nil && *e.Num > 3
			if e.Car == nil || !fast && !many {
				continue
			}
			cols := map[string]any{"ts": e.Time, "kmh": nil, "both": nil, "filled": 7.0, "big": nil}
			if e.Speed != nil {
				cols["kmh"], cols["filled"], cols["big"] = *e.Speed*3.6, *e.Speed, *e.Speed > 60
				if e.Gear != nil {
					cols["both"] = *e.Speed + float64(*e.Gear)
				}
			}
			out[p] = append(out[p], Row{*e.Car, cols})
		}
	}
	return out
}
