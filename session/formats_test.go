package session

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/avro"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sr"
	"github.com/twmb/franz-go/pkg/sr/srfake"

	sources "github.com/riffle-stream/riffle"
	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/cluster/registry"
	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/row"
	"github.com/riffle-stream/riffle/export"
	"github.com/riffle-stream/riffle/internal/kafkatest"
)

const (
	carV1 = `{"type":"record","name":"Car","fields":[{"name":"car","type":"string"},{"name":"speed","type":"int"}]}`
	carV2 = `{"type":"record","name":"Car","fields":[{"name":"car","type":"string"},{"name":"speed","type":"double"},{"name":"team","type":"string","default":"none"},{"name":"engine","type":["null",{"type":"record","name":"Engine","fields":[{"name":"rpm","type":"int"}]}],"default":null}]}`
)

// registryPassword and wrongPassword are found wherever they have no business.
const (
	registryPassword = "registry-sentinel"
	wrongPassword    = "wrong-sentinel"
)

// avroCars is a topic of 20 cars of two versions of a schema, in a registry that asks for a login.
func avroCars(t *testing.T) (*kafkatest.Broker, *srfake.Registry, cluster.Registry) {
	t.Helper()
	registry := srfake.New(srfake.WithAuth("Basic " + base64.StdEncoding.EncodeToString([]byte("rob:"+registryPassword))))
	t.Cleanup(registry.Close)
	at, err := cluster.Registry{}.At(strings.Replace(registry.URL(), "http://", "http://rob:"+registryPassword+"@", 1))
	if err != nil {
		t.Fatal(err)
	}
	b := kafkatest.Fake(t, "cars:2")
	var recs []*kgo.Record
	for v, text := range []string{carV1, carV2} {
		id, _, err := registry.RegisterSchema("cars-value", sr.Schema{Schema: text})
		if err != nil {
			t.Fatal(err)
		}
		schema := avro.MustParse(text)
		for i := range 10 {
			row := map[string]any{"car": fmt.Sprint(i % 3), "speed": i + 10*v}
			if v == 1 {
				row["team"], row["engine"] = "red", map[string]any{"rpm": 1000 * i}
			}
			value, err := schema.AppendEncode(codec.AppendRegistered(nil, id), row)
			if err != nil {
				t.Fatal(err)
			}
			recs = append(recs, &kgo.Record{Topic: "cars", Key: []byte(fmt.Sprint(i % 3)), Timestamp: time.UnixMilli(1_700_000_000_000 + int64(10*v+i)), Value: value})
		}
	}
	b.ProduceKeyed(t, recs...)
	return b, registry, at
}

// shop gives a notebook the means to build programs.
func (n *notebook) shop() {
	n.t.Helper()
	w, err := export.Open(sources.Sources, "")
	if err != nil {
		n.t.Fatal(err)
	}
	n.cfg.Workshop = w
}

func TestAvroNeedsARegistryOnce(t *testing.T) {
	b, registry, at := avroCars(t)
	dir := t.TempDir()
	n := open(t, dir, b)
	n.mustFail(`Topic("cars", Avro())`, "its rows name schemas of a schema registry (1 2), and no registry is given", "SCHEMA_REGISTRY_URL")
	n.mustFail(fmt.Sprintf(`Connect(%q, %q); Topic("cars", Avro())`, b.Addrs[0], registry.URL()), "schema registry: schema 1: "+registry.URL()+" refuses the login", "SCHEMA_REGISTRY_PASSWORD")
	n.samples.brokers.Registry = at
	shows := n.mustRun(`cars := Topic("cars", Avro()); Show(cars.Where("speed in [3, 13]"))`)
	for _, want := range []string{"engine.rpm", "none", "3000"} {
		if !strings.Contains(shows, want) {
			t.Errorf("the table lacks %s:\n%s", want, shows)
		}
	}
	was := fingerprint.FindString(n.mustRun("Sample(cars)"))
	n.Close()
	registry.Close()

	n = open(t, dir, b)
	again := n.mustRun(`cars := Topic("cars", Avro()); Show(cars.Where("speed in [3, 13]"))`)
	if again != shows || fingerprint.FindString(n.mustRun("Sample(cars)")) != was {
		t.Errorf("without the registry the rows show as\n%s\nwith it they did as\n%s", again, shows)
	}
	n.mustFail(`cars.Where("sped > 1")`, "did you mean speed?")
	if text := n.mustRun("cars.Schema()"); strings.Contains(text, registryPassword) || !strings.Contains(text, "engine.rpm") {
		t.Errorf("Schema shows\n%s", text)
	}
}

func TestSilentRegistryIsSaid(t *testing.T) {
	b, registry, at := avroCars(t)
	registry.Close()
	n := open(t, t.TempDir(), b)
	n.samples.brokers.Registry = at
	said := n.mustFail(`Topic("cars", Avro())`, "topic cars: schema registry: schema 1: "+registry.URL()+" does not answer; check that it runs")
	if strings.Contains(said, registryPassword) {
		t.Errorf("the error shows a password: %s", said)
	}
}

// protobufCars is a topic of 20 cars, of a message that is not the first of its schema.
func protobufCars(t *testing.T) (*kafkatest.Broker, *srfake.Registry, cluster.Registry) {
	t.Helper()
	_, registry, at := avroCars(t)
	const text = `syntax = "proto3"; message Head { string version = 1; } message Car { string car = 1; double speed = 2; Engine engine = 3; message Engine { int32 rpm = 1; } }`
	id, _, err := registry.RegisterSchema("buses-value", sr.Schema{Schema: text, Type: sr.TypeProtobuf})
	if err != nil {
		t.Fatal(err)
	}
	s := row.NewSchema(row.Field{Name: "car", Kind: row.String}, row.Field{Name: "speed", Kind: row.Float}, row.Field{Name: "engine.rpm", Kind: row.Int})
	c, err := codec.Formats{Known: known()}.Parse("protobuf-plain:Car(" + text + ")")
	if err != nil {
		t.Fatal(err)
	}
	e := c.Encoder(s, codec.Options{})
	var recs []*kgo.Record
	for i := range 20 {
		rows := row.Batch{Schema: s}
		for k, v := range []any{fmt.Sprint(i % 3), float64(i), nil} {
			rows.Cols = append(rows.Cols, row.MakeVec(s.At(k).Kind, 1))
			if err := rows.Cols[k].Set(0, v); err != nil {
				t.Fatal(err)
			}
		}
		value, err := e.Append(append(codec.AppendRegistered(nil, id), 2, 2), &rows, 0)
		if err != nil {
			t.Fatal(err)
		}
		recs = append(recs, &kgo.Record{Topic: "cars", Key: []byte(fmt.Sprint(i % 3)), Timestamp: time.UnixMilli(1_700_000_000_000 + int64(i)), Value: value})
	}
	b := kafkatest.Fake(t, "cars:2")
	b.ProduceKeyed(t, recs...)
	return b, registry, at
}

// TestFormatsAreOneGraph exports pipelines that read and write with a registry:
// the program gives the notebook's rows over the sample, and on Kafka writes
// them with a schema that it registered.
func TestFormatsAreOneGraph(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	for format, cars := range map[string]func(*testing.T) (*kafkatest.Broker, *srfake.Registry, cluster.Registry){"Avro()": avroCars, "Protobuf()": protobufCars} {
		t.Run(format, func(t *testing.T) {
			b, registry, at := cars(t)
			n := open(t, t.TempDir(), b)
			n.shop()
			n.samples.brokers.Registry = at
			n.mustRun(fmt.Sprintf("cars := Topic(\"cars\", %s)\nfast := cars.With(\"kmh = speed * 3.6\").Where(\"speed >= 8\").To(\"fast\", %[1]s)", format))
			if says := n.mustRun(`Export(fast, "fast")`); !strings.Contains(says, "exported to ./fast") || !strings.Contains(says, "12 rows over the sample") {
				t.Fatalf("the export says %s", says)
			}
			binary, err := n.cfg.Workshop.Compile(t.Context(), filepath.Join(n.cfg.Dir, "fast"), nil)
			if err != nil {
				t.Fatal(err)
			}
			if said, err := exec.Command(binary, "--brokers", b.Addrs[0]).CombinedOutput(); err == nil || !strings.Contains(string(said), "the schemas of topic cars are in a schema registry") {
				t.Errorf("without a registry the program says %s", said)
			}
			refused := exec.Command(binary, "--brokers", b.Addrs[0], "--state-dir", t.TempDir(), "--registry", registry.URL())
			refused.Env = append(os.Environ(), "SCHEMA_REGISTRY_USERNAME=rob", "SCHEMA_REGISTRY_PASSWORD="+wrongPassword)
			said, err := refused.CombinedOutput()
			if err == nil || !strings.Contains(string(said), registry.URL()+" refuses the login") || !strings.Contains(string(said), "check SCHEMA_REGISTRY_USERNAME") {
				t.Errorf("with a wrong password the program ends with %v and says %s", err, said)
			}
			if strings.Contains(string(said), wrongPassword) {
				t.Errorf("the refusal shows the password: %s", said)
			}
			holdsNoPassword(t, n.cfg.Dir, binary)
			recs := runProgram(t, binary, b, registry, 12)
			got, want := rowsOfRegistry(t, format, at, recs), n.mustRun(`Collect(fast).Floats("kmh")`)
			for _, kmh := range got.Floats("kmh") {
				if !strings.Contains(want, strings.TrimSuffix(fmt.Sprint(kmh), ".0")) {
					t.Errorf("the program wrote kmh %v, the notebook has %s", kmh, want)
				}
			}
			subjects, err := registryClient(t, at).Subjects(t.Context())
			if err != nil || !slices.Contains(subjects, "fast-value") {
				t.Errorf("the registry has %v, %v", subjects, err)
			}
		})
	}
}

// holdsNoPassword fails if the registry's password is in a file of these, or below them.
func holdsNoPassword(t *testing.T, paths ...string) {
	t.Helper()
	for _, root := range paths {
		files := 0
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			files++
			text, err := os.ReadFile(path)
			if bytes.Contains(text, []byte(registryPassword)) {
				t.Errorf("the registry's password is in %s", path)
			}
			return err
		})
		if err != nil || files == 0 {
			t.Errorf("%d files in %s: %v", files, root, err)
		}
	}
}

// runProgram runs a program until it has written n rows to fast, ends it, and gives them.
func runProgram(t *testing.T, binary string, b *kafkatest.Broker, registry *srfake.Registry, n int) []row.Record {
	t.Helper()
	cmd := exec.Command(binary, "--brokers", b.Addrs[0], "--state-dir", t.TempDir(), "--registry", registry.URL())
	cmd.Env = append(os.Environ(), "SCHEMA_REGISTRY_USERNAME=rob", "SCHEMA_REGISTRY_PASSWORD="+registryPassword)
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	var recs []row.Record
	client := b.Client(t, kgo.ConsumeTopics("fast"), kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for len(recs) < n {
		fetches := client.PollFetches(ctx)
		if ctx.Err() != nil {
			t.Fatalf("%d rows came\n%s", len(recs), said.String())
		}
		fetches.EachRecord(func(r *kgo.Record) { recs = append(recs, cluster.Record(r)) })
	}
	cmd.Process.Signal(syscall.SIGTERM)
	if err := cmd.Wait(); err != nil || strings.Contains(said.String(), registryPassword) {
		t.Errorf("the program ended with %v\n%s", err, said.String())
	}
	return recs
}

// rowsOfRegistry reads records by the registry that they name.
func rowsOfRegistry(t *testing.T, format string, at cluster.Registry, recs []row.Record) *row.Table {
	t.Helper()
	asked, err := registry.Open(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	c, err := codec.Formats{Known: known()}.Parse(strings.ToLower(strings.TrimSuffix(format, "()")))
	if err != nil {
		t.Fatal(err)
	}
	c, schema, report, err := codec.Learn(c, recs, asked)
	if err != nil || report.Bad > 0 {
		t.Fatalf("%v %s", err, report.First)
	}
	var b row.Batch
	c.Decoder(schema, codec.Options{Schemas: asked}).Decode(recs, &b)
	b.Time, b.Mark, b.Seq, b.Key = make([]int64, len(recs)), make([]int64, len(recs)), make([]int64, len(recs)), row.MakeVec(row.String, len(recs))
	out := row.NewTable(schema)
	out.Add(&b)
	return out
}

func registryClient(t *testing.T, at cluster.Registry) *sr.Client {
	t.Helper()
	c, err := sr.NewClient(sr.URLs(at.URLs...), sr.BasicAuth(at.User, at.Password.Reveal()), sr.HTTPClient(http.DefaultClient))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A live run asks the registry by itself, and writes nothing to it.
func TestLiveReadsAvro(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	b, _, at := avroCars(t)
	n := open(t, t.TempDir(), b)
	n.shop()
	n.samples.brokers.Registry = at
	shows := n.mustRun("cars := Topic(\"cars\", Avro())\nLive(cars.With(\"kmh = speed * 3.6\").Where(\"speed >= 18\"), Limit(2), For(\"60s\"))")
	if !strings.Contains(shows, "68.4") || !strings.Contains(shows, "64.8") {
		t.Errorf("the run shows\n%s", shows)
	}
	subjects, err := registryClient(t, at).Subjects(t.Context())
	if err != nil || fmt.Sprint(subjects) != "[cars-value]" {
		t.Errorf("the registry has %v, %v", subjects, err)
	}
}
