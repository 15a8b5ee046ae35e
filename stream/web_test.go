//go:build synctests

package stream

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	df "github.com/riffle-stream/riffle/dataframe"
)

// TestWatchedOver runs a program with two kinds of state and asks it over HTTP, as its handlers see it.
func TestWatchedOver(t *testing.T) {
	tiny(t, func(t *testing.T, w *world) {
		w.topic("in", 1, nil)
		for _, v := range []string{`{"id":1,"text":"k"}`, `{"id":2,"text":"k"}`} {
			w.put("in", v)
		}
		in := df.Topic("in", df.KeyAs("text"))
		keyed := in.GroupBy("text")
		sum := func(r df.Row, s *df.State) df.Row {
			s.Set("sum", s.Int("sum", 0)+r.Int("id"))
			return r
		}
		w.graph(keyed.Tumbling("1h").Agg("n = count()", "most = max(id)").To("out"), keyed.ApplyState(sum).To("sums"), in.With("big = id * 5_000_000_000_000_000_000").To("big"))
		s := newStatus(slog.New(slog.DiscardHandler))
		site := &web{status: s, reader: NewReader()}
		get := func(path string) (int, string) {
			out := httptest.NewRecorder()
			site.handler().ServeHTTP(out, httptest.NewRequest("GET", path, nil))
			body, _ := io.ReadAll(out.Body)
			return out.Code, string(body)
		}
		if code, _ := get("/health"); code != http.StatusServiceUnavailable {
			t.Errorf("health before the start: %d", code)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			cfg := w.config(0)
			cfg.Failpoint, cfg.Events, cfg.Reader = nil, s.events(), site.reader
			done <- Run(ctx, w.plan, cfg)
		}()
		time.Sleep(20 * time.Second)
		for _, c := range []struct {
			path string
			code int
			want []string
		}{
			{"/health", 200, []string{`"state":"running"`}},
			{"/metrics", 200, []string{"riffle_rows_total 2", "riffle_overflows_total 1", "riffle_lag_rows 0", `riffle_state_entries{subtopology="0",partition="0"} 2`, `riffle_watermark_seconds{subtopology="0",partition="0"}`, "riffle_transaction_seconds_count"}},
			{"/state", 200, []string{`"step":"window:text:tumbling(1h0m0s)#1"`, `"step":"apply:text#1"`, `"tasks":1`}},
			{"/state/apply:text%231", 200, []string{`{"key":"k","sum":3}` + "\n"}},
			{"/state/apply:text%231?key=x", 200, []string{""}},
			{"/state/window:text:tumbling(1h0m0s)%231?prefix=k&limit=5", 200, []string{`"key":"k","text":"k","window_start":"`, `"n":2,"most":2}`}},
			{"/state/apply:text%231?limit=0", 400, []string{"want 1 to 10000"}},
			{"/metrics", 200, []string{"riffle_keyless_rows_total 0", "go_memstats_heap_inuse_bytes"}},
			{"/healthz", 404, []string{"there is no /healthz, only /health, /metrics"}},
			{"/state/nothing", 404, []string{"no state of a step", "nothing"}},
		} {
			code, body := get(c.path)
			for _, want := range c.want {
				if code != c.code || !strings.Contains(body, want) {
					t.Errorf("%s: %d %s\nwant %d %s", c.path, code, body, c.code, want)
				}
			}
		}
		cancel()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if code, body := get("/state"); code != http.StatusServiceUnavailable || !strings.Contains(body, "ask again") {
			t.Errorf("state after the end: %d %s", code, body)
		}
	})
}
