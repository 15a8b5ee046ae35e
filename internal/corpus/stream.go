package corpus

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"sort"
	"strconv"
	"strings"

	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// start is the time of the first row, ms.
const start = 1_700_000_000_000

// Generate makes the two topics of the corpus from a seed: cars at 4 Hz whose
// rows come up to two seconds late, some without a speed, and their positions
// at 1 Hz. Every tenth row ties with the one before it.
func Generate(seed uint64, cars, seconds int) []row.Record {
	rnd := rand.New(rand.NewPCG(seed, 7))
	var recs []arrival
	for tick := range seconds * 4 {
		for car := range cars {
			at := int64(start + tick*250 - rnd.IntN(10)/9*250)
			seen := at
			if rnd.IntN(20) == 0 {
				seen += rnd.Int64N(2000)
			}
			name := strconv.Itoa(10 + car)
			speed := fmt.Sprintf(`"speed":%.2f,`, 20+60*rnd.Float64())
			if rnd.IntN(50) == 0 {
				speed = ""
			}
			recs = append(recs, arrival{seen, row.Record{Topic: "cars", Key: []byte(name), Time: at,
				Value: fmt.Appendf(nil, `{"car":"%s","lap":%d,%s"gear":%d,"ts":%d}`, name, tick/40, speed, 3+rnd.IntN(6), at)}})
			if tick%4 == 0 {
				recs = append(recs, arrival{seen, row.Record{Topic: "gps", Key: []byte(name), Time: at,
					Value: fmt.Appendf(nil, `{"car":"%s","lat":%.5f,"lon":%.5f,"lap":%d,"ts":%d}`, name, 45+rnd.Float64(), 9+rnd.Float64(), 3+rnd.IntN(6), at)}})
			}
		}
	}
	sort.SliceStable(recs, func(i, j int) bool { return recs[i].seen < recs[j].seen })
	out := make([]row.Record, len(recs))
	for i, r := range recs {
		out[i] = r.rec
	}
	return out
}

// arrival is a record and when it came, ms.
type arrival struct {
	seen int64
	rec  row.Record
}

// Spread lays records into n partitions by their keys, as a producer does, and numbers them.
func Spread(recs []row.Record, n int) []row.Record {
	next := map[string]int64{}
	out := make([]row.Record, len(recs))
	for i, r := range recs {
		r.Partition = exec.PartitionOf(r.Key, n)
		log := fmt.Sprint(r.Topic, r.Partition)
		r.Offset = next[log]
		next[log]++
		out[i] = r
	}
	return out
}

// Shuffle interleaves the partitions anew; the order within each stays.
func Shuffle(recs []row.Record, rnd *rand.Rand) []row.Record {
	logs := map[string][]row.Record{}
	var names []string
	for _, r := range recs {
		log := fmt.Sprint(r.Topic, r.Partition)
		if logs[log] == nil {
			names = append(names, log)
		}
		logs[log] = append(logs[log], r)
	}
	var out []row.Record
	for len(names) > 0 {
		i := rnd.IntN(len(names))
		n := 1 + rnd.IntN(min(200, len(logs[names[i]])))
		out = append(out, logs[names[i]][:n]...)
		if logs[names[i]] = logs[names[i]][n:]; len(logs[names[i]]) == 0 {
			names = append(names[:i], names[i+1:]...)
		}
	}
	return out
}

// Format writes records as lines: topic, key, time in ms, value.
func Format(recs []row.Record) []byte {
	var b bytes.Buffer
	for _, r := range recs {
		key := string(r.Key)
		if r.Key == nil {
			key = "-"
		}
		fmt.Fprintf(&b, "%s %s %d %s", r.Topic, strconv.Quote(key), r.Time, r.Value)
		for _, h := range r.Headers {
			fmt.Fprintf(&b, " %s: %s", h.Key, h.Value)
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// Parse reads what Format wrote.
func Parse(b []byte) ([]row.Record, error) {
	var out []row.Record
	lines := bufio.NewScanner(bytes.NewReader(b))
	for lines.Scan() {
		parts := strings.SplitN(lines.Text(), " ", 4)
		if len(parts) != 4 {
			return nil, fmt.Errorf("line %q has %d words, want topic, key, time and value", lines.Text(), len(parts))
		}
		key, err := strconv.Unquote(parts[1])
		if err != nil {
			return nil, fmt.Errorf("key %s: %w", parts[1], err)
		}
		at, err := strconv.ParseInt(parts[2], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("time: %w", err)
		}
		out = append(out, row.Record{Topic: parts[0], Key: []byte(key), Time: at, Value: []byte(parts[3])})
	}
	return out, lines.Err()
}

// Sorted puts rows of different keys into one order; those of one key stay in theirs.
func Sorted(recs []row.Record) []row.Record {
	out := append([]row.Record(nil), recs...)
	sort.SliceStable(out, func(i, j int) bool {
		if out[i].Topic != out[j].Topic {
			return out[i].Topic < out[j].Topic
		}
		return bytes.Compare(out[i].Key, out[j].Key) < 0
	})
	return out
}
