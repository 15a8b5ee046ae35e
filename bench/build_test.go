package main

import (
	"context"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/internal/kafkatest"
)

// The exported jobs, told by their environment alone where to read and write, give every row of the reference, and end when they are told.
func TestExportedJobs(t *testing.T) {
	if testing.Short() {
		t.Skip("exports and builds five programs")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	t.Chdir("..")
	folder := t.TempDir()
	if err := exportAll(ctx, folder, jobs, nil); err != nil {
		t.Fatal(err)
	}
	kafka := kafkatest.Fake(t)
	b := &bench{addrs: kafka.Addrs, load: workload{20_000}, absent: true, cl: kafka.Client(t, kgo.MetadataMinAge(10*time.Millisecond))}
	b.admin = kadm.NewClient(b.cl)
	if err := b.load.load(ctx, b.addrs, onKafka, topicsOf(jobs)); err != nil {
		t.Fatal(err)
	}
	for _, j := range jobs {
		_, rows, err := b.run(ctx, j, program{who: "riffle", binary: folder + "/" + j.name})
		if err == nil {
			err = check(j.reference(b.load), rows)
		}
		if err != nil {
			t.Errorf("%s: %v", j.name, err)
		}
	}
}
