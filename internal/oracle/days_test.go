package oracle_test

import (
	"fmt"
	"testing"

	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/internal/oracle"
)

// changes are times, in s, at which clocks of zones were changed, or a date was skipped.
var changes = []struct {
	zone string
	at   int64
}{
	{"America/New_York", 1710054000}, {"America/New_York", 1730613600}, {"Europe/Rome", 1711846800}, // an hour on, and back
	{"America/Sao_Paulo", 1541300400}, {"America/Sao_Paulo", 1518919200}, {"Africa/Cairo", 1714082400}, // at midnight
	{"America/St_Johns", 1162089060}, {"America/St_Johns", 1175398260}, // a minute after midnight
	{"Australia/Lord_Howe", 1712415600}, {"Africa/Monrovia", 63593070}, // by half an hour, and by 44 minutes and a half
	{"Pacific/Apia", 1325239200}, {"Pacific/Kwajalein", 745934400}, {"America/Juneau", -3225223727}, // across the date line
	{"Asia/Tokyo", 0}, {"UTC", -86400}, {"Antarctica/Troll", 1711846800},
}

// days tests windows of days of a zone around the times at which its clocks were changed.
func days(key oracle.Key) run {
	return func(tr *trial) (df.Frame, []row.Record, [][]oracle.Row) {
		const day, hour = 24 * 3600 * 1_000_000, 3600 * 1_000_000
		c := changes[tr.rnd.IntN(len(changes))]
		tr.shape.Span, tr.shape.Disorder, tr.shape.Outliers = tr.any(2*day, 9*day), tr.any(1, hour, day), false
		tr.shape.Base, tr.shape.Grain = c.at*1_000_000-tr.shape.Span/2, tr.any(1_000_000, 60_000_000, hour/2)
		l, recs := tr.log("left")
		w := oracle.Windows{By: key, Kind: "tumbling", Zone: c.zone, Size: day * tr.any(1, 2, 7), Grace: tr.any(0, hour, day), Emit: "final"}
		if w.Hop = w.Size; tr.rnd.IntN(2) == 0 {
			w.Kind, w.Hop = "hopping", day
		}
		tr.note = fmt.Sprintf("%+v", w)
		f := tr.cut(tr.topic("left"), w).TZ(w.Zone).Agg("n = count()", "s = sum(speed)", "hn = max(num)").With("at = _ts")
		want := inUnit(w.Rows(l, tr.n, tr.all), tr.shape.Unit, "window_start", "window_end", "at")
		for _, of := range want {
			for _, r := range of {
				for name := range r.Cols {
					switch name {
					case "window_start", "window_end", "at", "n", "s", "hn", "car", "gear":
					default:
						delete(r.Cols, name)
					}
				}
			}
		}
		return f, recs, want
	}
}

func TestDaysOfZonesAreAsDefined(t *testing.T)            { each(t, days(oracle.ByCar)) }
func TestDaysOfZonesOfMovedRowsAreAsDefined(t *testing.T) { each(t, days(oracle.ByGear)) }
