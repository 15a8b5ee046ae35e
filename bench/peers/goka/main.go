// The jobs on goka, as its documentation writes such programs: a callback for each record, a group table for what it keeps, codecs of structs.
// At least once: goka has no transactions. Windows and joins are kept by hand, for it has neither. The first argument is the job; the rest comes
// from the environment, as for the other programs.
package main

import (
	"context"
	"encoding/json"
	"log"
	"math"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/IBM/sarama"
	"github.com/lovoo/goka"
	"github.com/lovoo/goka/storage"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	config := goka.DefaultConfig()
	config.Version = sarama.V2_8_0_0 // Kafka 4 answers no older requests
	config.Consumer.Offsets.Initial = sarama.OffsetOldest
	goka.ReplaceGlobalConfig(config)
	topics := goka.NewTopicManagerConfig()
	topics.Table.Replication = 1

	p, err := goka.NewProcessor(strings.Split(os.Getenv("BOOTSTRAP"), ","), graph(os.Args[1]),
		goka.WithStorageBuilder(storage.DefaultBuilder(os.Getenv("STATE_DIR"))),
		goka.WithTopicManagerBuilder(goka.TopicManagerBuilderWithConfig(config, topics)))
	if err == nil {
		err = p.Run(ctx)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// graph is what a job reads, keeps and writes.
func graph(job string) *goka.GroupGraph {
	in, out := goka.Stream(os.Getenv("IN")), goka.Stream(os.Getenv("OUT"))
	group := func(edges ...goka.Edge) *goka.GroupGraph {
		return goka.DefineGroup(goka.Group(os.Getenv("GROUP")), edges...)
	}
	switch job {
	case "j1":
		return group(goka.Input(in, as[Reading]{}, metres), goka.Output(out, as[Metres]{}))
	case "j2":
		return group(goka.Input(in, as[Reading]{}, tumbling), goka.Output(out, as[Window]{}), goka.Persist(as[Window]{}))
	case "j3":
		return group(goka.Input(in, as[Reading]{}, hopping), goka.Output(out, as[Mean]{}), goka.Persist(as[Hops]{}))
	case "j4":
		return group(goka.Input(in, as[Reading]{}, distance), goka.Output(out, as[Way]{}), goka.Persist(as[Last]{}))
	case "j5":
		return group(goka.Input(in+"-gps", as[Place]{}, place), goka.Input(in+"-g", as[Force]{}, placed),
			goka.Output(out, as[Placed]{}), goka.Persist(as[Place]{}))
	}
	log.Fatalf("job %q", job)
	return nil
}

// as is the codec of a struct.
type as[T any] struct{}

func (as[T]) Encode(value any) ([]byte, error) { return json.Marshal(value) }

func (as[T]) Decode(b []byte) (any, error) {
	v := new(T)
	return v, json.Unmarshal(b, v)
}

// kept is what the group's table has for the key of a record, nil if nothing.
func kept[T any](ctx goka.Context) *T {
	v, _ := ctx.Value().(*T)
	return v
}

func emit(ctx goka.Context, row any) { ctx.Emit(goka.Stream(os.Getenv("OUT")), ctx.Key(), row) }

type Reading struct {
	Car   string  `json:"car"`
	Lap   int     `json:"lap"`
	Speed float64 `json:"speed"`
	Lat   float64 `json:"lat"`
	Lon   float64 `json:"lon"`
	TS    int64   `json:"ts"`
}

type Metres struct {
	Car     string  `json:"car"`
	TS      int64   `json:"ts"`
	Lap     int     `json:"lap"`
	SpeedMS float64 `json:"speed_ms"`
}

func metres(ctx goka.Context, msg any) {
	r := msg.(*Reading)
	if ms := r.Speed / 3.6; ms > 50 {
		emit(ctx, &Metres{r.Car, r.TS, r.Lap, ms})
	}
}

// Window is open while it is in the table; mean holds the sum until it closes.
type Window struct {
	Car   string  `json:"car"`
	Start int64   `json:"start"`
	Mean  float64 `json:"mean"`
	Min   float64 `json:"min"`
	Max   float64 `json:"max"`
	N     int     `json:"n"`
}

const size = 10_000 // ms

// tumbling closes a car's window at its first row of a later one: goka knows no time of a partition.
func tumbling(ctx goka.Context, msg any) {
	r, w := msg.(*Reading), kept[Window](ctx)
	start := r.TS - r.TS%size
	if w != nil && w.Start < start {
		w.Mean /= float64(w.N)
		emit(ctx, w)
		w = nil
	}
	if w == nil {
		w = &Window{Car: r.Car, Start: start, Min: r.Speed, Max: r.Speed}
	}
	w.Mean, w.N = w.Mean+r.Speed, w.N+1
	w.Min, w.Max = min(w.Min, r.Speed), max(w.Max, r.Speed)
	ctx.SetValue(w)
}

type Mean struct {
	Car   string  `json:"car"`
	Start int64   `json:"start"`
	Mean  float64 `json:"mean"`
	N     int     `json:"n"`
}

const (
	hop     = 1_000 // ms
	overlap = size / hop
)

// Hops are the open windows of a car, from the one that starts at Next on.
type Hops struct {
	Next int64
	Sum  [overlap]float64
	N    [overlap]int
}

func hopping(ctx goka.Context, msg any) {
	r, h := msg.(*Reading), kept[Hops](ctx)
	last := r.TS - r.TS%hop
	if h == nil {
		h = &Hops{Next: last - size + hop}
	}
	for ; h.Next+size <= r.TS; h.Next += hop {
		if i := h.Next / hop % overlap; h.N[i] > 0 {
			emit(ctx, &Mean{r.Car, h.Next, h.Sum[i] / float64(h.N[i]), h.N[i]})
			h.Sum[i], h.N[i] = 0, 0
		}
	}
	for start := max(h.Next, last-size+hop); start <= last; start += hop {
		i := start / hop % overlap
		h.Sum[i], h.N[i] = h.Sum[i]+r.Speed, h.N[i]+1
	}
	ctx.SetValue(h)
}

type Way struct {
	Car  string  `json:"car"`
	TS   int64   `json:"ts"`
	Dist float64 `json:"dist"`
}

// Last is where a car was, and how far it had come by then.
type Last struct{ Lat, Lon, Dist float64 }

func distance(ctx goka.Context, msg any) {
	r, last := msg.(*Reading), kept[Last](ctx)
	if last == nil {
		last = &Last{r.Lat, r.Lon, 0}
	}
	last.Dist += haversine(last.Lat, last.Lon, r.Lat, r.Lon)
	last.Lat, last.Lon = r.Lat, r.Lon
	ctx.SetValue(last)
	emit(ctx, &Way{r.Car, r.TS, last.Dist})
}

func haversine(lat1, lon1, lat2, lon2 float64) float64 {
	const rad, diameter = math.Pi / 180, 2 * 6371000
	y, x := math.Sin((lat2-lat1)*rad/2), math.Sin((lon2-lon1)*rad/2)
	return diameter * math.Asin(math.Sqrt(y*y+math.Cos(lat1*rad)*math.Cos(lat2*rad)*x*x))
}

type Place struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
	TS  int64   `json:"ts"`
}

type Force struct {
	Car  string  `json:"car"`
	GLat float64 `json:"glat"`
	GLon float64 `json:"glon"`
	TS   int64   `json:"ts"`
}

type Placed struct {
	Car  string  `json:"car"`
	TS   int64   `json:"ts"`
	GLat float64 `json:"glat"`
	GLon float64 `json:"glon"`
	Lat  float64 `json:"lat"`
	Lon  float64 `json:"lon"`
}

func place(ctx goka.Context, msg any) { ctx.SetValue(msg) }

// placed joins with the place that was read last: two topics come in no order.
func placed(ctx goka.Context, msg any) {
	f, at := msg.(*Force), kept[Place](ctx)
	if at != nil {
		emit(ctx, &Placed{f.Car, f.TS, f.GLat, f.GLon, at.Lat, at.Lon})
	}
}
