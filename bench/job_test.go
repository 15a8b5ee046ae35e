package main

import (
	"encoding/json"
	"testing"
)

// A check that passes anything would make every figure worthless.
func TestCheckSeesWhatIsWrong(t *testing.T) {
	for _, j := range jobs {
		want := j.reference(workload{20_000})
		var right [][]byte
		for _, of := range want {
			for _, r := range of {
				b, err := json.Marshal(r)
				if err != nil {
					t.Fatal(err)
				}
				right = append(right, b)
			}
		}
		if err := check(want, right); err != nil || len(right) < 20 {
			t.Fatalf("%s: %d rows of the reference itself: %v", j.name, len(right), err)
		}
		last := right[len(right)-1]
		for what, wrong := range map[string][][]byte{
			"a row is missing":   right[:len(right)-1],
			"a row comes twice":  append(right[:len(right):len(right)], last),
			"a row is no object": append(right[:len(right)-1:len(right)-1], []byte(`[]`)),
			"a value is another": append(right[:len(right)-1:len(right)-1], changed(t, last)),
			"two change places":  append(right[:len(right)-2:len(right)-2], last, right[len(right)-2]),
		} {
			if check(want, wrong) == nil {
				t.Errorf("%s: %s, and nothing was said", j.name, what)
			}
		}
	}
}

func changed(t *testing.T, b []byte) []byte {
	var r row
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	r.SpeedMS, r.Mean, r.N, r.Dist, r.Lat = r.SpeedMS*1.0001, r.Mean*1.0001, r.N+1, r.Dist*1.0001, r.Lat+0.0001
	out, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestRowsAreAsLongAsTheyAreSaidToBe(t *testing.T) {
	w := workload{10_000}
	sum := 0
	for i := range w.total() {
		r := w.row(i)
		v := r.value()
		if !json.Valid(v) {
			t.Fatalf("row %d is no JSON: %s", i, v)
		}
		sum += len(v)
	}
	if mean := sum / w.total(); mean < 125 || mean > 135 {
		t.Errorf("a row has %d bytes, want about 130", mean)
	}
}
