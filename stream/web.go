package stream

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/riffle-stream/riffle/codec/jsontext"
	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// web shows a program to those who watch over it: whether it runs, its metrics,
// and its state. Nothing can be changed through it.
type web struct {
	status *status
	reader *Reader
	server http.Server
}

// serve listens on an address until the process ends, and gives the address.
func (w *web) serve(addr string) (string, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return "", fmt.Errorf("%w: --http %s: %w", ErrConfig, addr, err)
	}
	w.server = http.Server{Handler: w.handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	go w.server.Serve(l)
	return l.Addr().String(), nil
}

func (w *web) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", w.health)
	mux.HandleFunc("GET /metrics", w.metrics)
	mux.HandleFunc("GET /state", w.steps)
	mux.HandleFunc("GET /state/{step}", w.entries)
	mux.HandleFunc("GET /", func(out http.ResponseWriter, r *http.Request) {
		answer(out, http.StatusNotFound, map[string]string{"error": fmt.Sprintf("there is no %s, only /health, /metrics, /state and /state/STEP", r.URL.Path)})
	})
	return mux
}

// metrics are those of the program, and what its process takes of the machine.
func (w *web) metrics(out http.ResponseWriter, _ *http.Request) {
	w.status.set.WritePrometheus(out)
	metrics.WriteProcessMetrics(out)
}

func (w *web) close() { w.server.Close() }

// health is 200 while the program runs or restores, 503 while something stops it.
func (w *web) health(out http.ResponseWriter, _ *http.Request) {
	w.status.mu.Lock()
	state, why := w.status.state, w.status.why
	w.status.mu.Unlock()
	code := http.StatusOK
	if state != "running" && state != "restoring" {
		code = http.StatusServiceUnavailable
	}
	answer(out, code, map[string]string{"state": state, "because": why})
}

// steps are the names of the steps that keep something here.
func (w *web) steps(out http.ResponseWriter, r *http.Request) {
	got, err := w.reader.Steps(r.Context())
	if err != nil {
		failed(out, err)
		return
	}
	answer(out, http.StatusOK, got)
}

// Bounds of what is shown at once.
const (
	someEntries = 100
	mostEntries = 10_000
)

// entries are what a step keeps, a JSON object a line, the first by key: for
// ?key= of that key alone, for ?prefix= of those that begin so, ?limit= at most.
func (w *web) entries(out http.ResponseWriter, r *http.Request) {
	q, limit := r.URL.Query(), someEntries
	if text := q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > mostEntries {
			answer(out, http.StatusBadRequest, map[string]string{"error": fmt.Sprintf("limit is %q, want 1 to %d", text, mostEntries)})
			return
		}
		limit = n
	}
	var body bytes.Buffer
	want := func(key string) bool {
		return strings.HasPrefix(key, q.Get("prefix")) && (!q.Has("key") || key == q.Get("key"))
	}
	err := w.reader.Read(r.Context(), r.PathValue("step"), want, func(e exec.Entry) error {
		text := jsontext.Writer{Time: rfc3339}
		line, err := text.Value(nil, append(row.Object{{Name: "key", Value: e.Key}}, e.Values...))
		if err != nil {
			return err
		}
		body.Write(append(line, '\n'))
		if limit--; limit == 0 {
			return exec.ErrEnough
		}
		return nil
	})
	if err != nil {
		failed(out, err)
		return
	}
	out.Header().Set("Content-Type", "application/x-ndjson")
	out.Write(body.Bytes())
}

// rfc3339 appends an instant as people read it, of any year: what is only looked at is not refused, as it is by a sink.
func rfc3339(dst []byte, us int64) ([]byte, error) {
	return time.UnixMicro(us).UTC().AppendFormat(dst, `"2006-01-02T15:04:05.999999Z07:00"`), nil
}

func failed(out http.ResponseWriter, err error) {
	code := http.StatusInternalServerError
	switch {
	case errors.Is(err, exec.ErrNoStep):
		code = http.StatusNotFound
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), errors.Is(err, errEnded):
		code = http.StatusServiceUnavailable
	}
	answer(out, code, map[string]string{"error": err.Error()})
}

func answer(out http.ResponseWriter, code int, v any) {
	out.Header().Set("Content-Type", "application/json")
	out.Header().Set("X-Content-Type-Options", "nosniff")
	out.WriteHeader(code)
	json.NewEncoder(out).Encode(v)
}
