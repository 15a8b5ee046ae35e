package dataframe

import "testing"

func TestStrings(t *testing.T) {
	f := Topic("cars").With("kmh = speed * 3.6")
	for _, c := range []struct{ got, want string }{
		{f.String(), `frame of cars: with("kmh = speed * 3.6")`},
		{Topic("cars").String(), "frame of cars"},
		{Topic("").String(), `frame with an error: Topic: topic name is "", want letters, digits, '.', '_' and '-'`},
		{f.GroupBy("car", "lap").String(), "cars by car, lap"},
		{f.GroupBy("car").Tumbling("10s").String(), "cars by car, in windows of 10s"},
		{f.GroupBy("car").Hopping("10s", "500ms").String(), "cars by car, in windows of 10s every 500ms"},
		{f.GroupBy("car").Tumbling("soon").String(), `frame with an error: Tumbling("soon"): duration "soon" is not one, want such as "10s", "1m30s", "500ms" or "1d"`},
	} {
		if c.got != c.want {
			t.Errorf("%s\nwant %s", c.got, c.want)
		}
	}
}
