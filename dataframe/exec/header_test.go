package exec

import "testing"

func TestPartitionOfIsKafkas(t *testing.T) {
	// From org.apache.kafka.common.utils.UtilsTest.testMurmur2.
	for key, want := range map[string]int32{
		"21": -973932308, "foobar": -790332482, "a-little-bit-long-string": -985981536,
		"a-little-bit-longer-string": -1486304829, "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971, "abc": 479470107,
	} {
		if got := int32(murmur2([]byte(key))); got != want {
			t.Errorf("murmur2(%q) is %d, want %d", key, got, want)
		}
	}
}

func FuzzStamp(f *testing.F) {
	f.Add(stamp{1, 2, 3, 4, false}.row())
	f.Add(stamp{source: 7, seq: 9, mark: -5, idle: true}.marker())
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, marker := range []bool{true, false} {
			s, err := readStamp(b, marker)
			if err != nil {
				continue
			}
			again := s.row()
			if marker {
				again = s.marker()
			}
			back, err := readStamp(again, marker)
			if err != nil || back != s {
				t.Errorf("%+v reads back as %+v, %v", s, back, err)
			}
		}
	})
}
