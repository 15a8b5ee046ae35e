package registry

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/sr"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/codec"
)

// Registry is a schema registry with its answers so far. It is safe for concurrent use.
type Registry struct {
	client *sr.Client
	where  string
	ctx    context.Context // of the run that asks

	mu     sync.Mutex
	byID   map[int]*codec.Schema
	absent map[int]time.Time // when the registry said that there is none
	ids    map[string]int    // of what was registered, by subject and text
}

// Bounds of an answer.
const (
	answerLimit = 10 * time.Second
	absentLimit = time.Minute // after which an id that was not there is asked for again
	maxSchemas  = 200         // that one refers to
	maxAnswer   = 16 << 20    // bytes, of one or of a schema with all that it refers to
	maxAbsent   = 10_000      // ids that are remembered as not there
)

// bounded cuts answers that are too long.
type bounded struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(q *http.Request) (*http.Response, error) {
	answer, err := b.RoundTripper.RoundTrip(q)
	if err == nil {
		answer.Body = http.MaxBytesReader(nil, answer.Body, maxAnswer)
	}
	return answer, err
}

// Open is the registry of a configuration. It is asked when a schema is needed,
// until ctx ends. The error wraps [cluster.ErrConfig].
func Open(ctx context.Context, c cluster.Registry) (*Registry, error) {
	if c.Empty() {
		return nil, fmt.Errorf("%w: no schema registry is given; set %s=http://host:8081", cluster.ErrConfig, cluster.EnvRegistry)
	}
	conf, err := c.TLS()
	if err != nil {
		return nil, err
	}
	opts := []sr.ClientOpt{sr.URLs(c.URLs...), sr.UserAgent("riffle"), sr.HTTPClient(&http.Client{
		Timeout:   answerLimit,
		Transport: bounded{&http.Transport{TLSClientConfig: conf, Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: answerLimit / 2}).DialContext, IdleConnTimeout: time.Minute}},
	})}
	switch {
	case !c.Token.Empty():
		opts = append(opts, sr.BearerToken(c.Token.Reveal()))
	case c.User != "":
		opts = append(opts, sr.BasicAuth(c.User, c.Password.Reveal()))
	}
	client, err := sr.NewClient(opts...)
	if err != nil {
		return nil, fmt.Errorf("%w: schema registry: %w", cluster.ErrConfig, err)
	}
	return &Registry{
		client: client, where: strings.Join(c.URLs, ","), ctx: ctx,
		byID: map[int]*codec.Schema{}, absent: map[int]time.Time{}, ids: map[string]int{},
	}, nil
}

// Schemas is [Open] as programs take it.
func Schemas(ctx context.Context, c cluster.Registry) (codec.Schemas, error) {
	r, err := Open(ctx, c)
	if err != nil {
		return nil, err
	}
	return r, r.Ping()
}

// Ping says why the registry does not answer. The error wraps [codec.ErrRegistry].
func (r *Registry) Ping() error {
	ctx, cancel := context.WithTimeout(r.ctx, answerLimit)
	defer cancel()
	_, err := r.client.SupportedTypes(ctx)
	var answer *sr.ResponseError
	if errors.As(err, &answer) && answer.StatusCode == http.StatusNotFound { // one that does not know the question
		return nil
	}
	return r.failed("", err)
}

// Schema implements [codec.Schemas].
func (r *Registry) Schema(id int) (*codec.Schema, error) {
	r.mu.Lock()
	known, gone := r.byID[id], r.absent[id]
	r.mu.Unlock()
	if known != nil {
		return known, nil
	}
	if !gone.IsZero() && time.Since(gone) < absentLimit {
		return nil, r.none(id)
	}
	s, err := r.ask(id)
	r.mu.Lock()
	defer r.mu.Unlock()
	if errors.Is(err, codec.ErrNoSchema) {
		if len(r.absent) >= maxAbsent { // rows that are none name any id
			clear(r.absent)
		}
		r.absent[id] = time.Now()
	}
	if err == nil {
		r.byID[id] = s
	}
	return s, err
}

func (r *Registry) none(id int) error {
	return fmt.Errorf("%w: the registry at %s has no id %d", codec.ErrNoSchema, r.where, id)
}

func (r *Registry) ask(id int) (*codec.Schema, error) {
	ctx, cancel := context.WithTimeout(r.ctx, answerLimit)
	defer cancel()
	got, err := r.client.SchemaByID(ctx, id)
	var answer *sr.ResponseError
	if errors.As(err, &answer) && answer.StatusCode == http.StatusNotFound {
		return nil, r.none(id)
	}
	if err != nil {
		return nil, r.failed(fmt.Sprintf("schema %d", id), err)
	}
	s := &codec.Schema{ID: id, Type: got.Type.String(), Text: got.Schema}
	return s, r.refer(ctx, s, got.References, map[string]bool{})
}

// refer adds what a schema refers to, each after what it refers to itself.
func (r *Registry) refer(ctx context.Context, s *codec.Schema, refs []sr.SchemaReference, seen map[string]bool) error {
	for _, ref := range refs {
		if seen[ref.Name] {
			continue
		}
		if seen[ref.Name] = true; len(seen) > maxSchemas {
			return fmt.Errorf("%w: schema %d refers to more than %d others", codec.ErrNoSchema, s.ID, maxSchemas)
		}
		got, err := r.client.SchemaByVersion(ctx, ref.Subject, ref.Version)
		if err != nil {
			return r.failed(fmt.Sprintf("schema %d refers to subject %s, version %d", s.ID, ref.Subject, ref.Version), err)
		}
		if err := r.refer(ctx, s, got.References, seen); err != nil {
			return err
		}
		s.References = append(s.References, codec.Reference{Name: ref.Name, Text: got.Schema.Schema})
		if n := size(s); n > maxAnswer {
			return fmt.Errorf("%w: schema %d has more than %d MiB with all that it refers to", codec.ErrNoSchema, s.ID, maxAnswer>>20)
		}
	}
	return nil
}

func size(s *codec.Schema) int {
	n := len(s.Text)
	for _, ref := range s.References {
		n += len(ref.Text)
	}
	return n
}

// Register implements [codec.Schemas]: one that the subject has is not registered again.
func (r *Registry) Register(subject string, s codec.Schema) (int, error) {
	key := subject + "\x00" + s.Text
	r.mu.Lock()
	id, ok := r.ids[key]
	r.mu.Unlock()
	if ok {
		return id, nil
	}
	ctx, cancel := context.WithTimeout(r.ctx, answerLimit)
	defer cancel()
	var kind sr.SchemaType
	if err := kind.UnmarshalText([]byte(s.Type)); err != nil {
		return 0, fmt.Errorf("%w: schema of %s: %w", codec.ErrRegistry, subject, err)
	}
	id, err := r.client.RegisterSchema(ctx, subject, sr.Schema{Schema: s.Text, Type: kind}, -1, -1)
	if err != nil {
		return 0, r.failed("subject "+subject, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ids[key] = id
	return id, nil
}

// failed says what an error of the registry means for someone who would mend it.
func (r *Registry) failed(what string, err error) error {
	if err == nil {
		return nil
	}
	if what != "" {
		what += ": "
	}
	var answer *sr.ResponseError
	var unreached *url.Error
	switch {
	case errors.As(err, &unreached), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return fmt.Errorf("%w: %s%s does not answer; check that it runs and that the address is right (%s): %w", codec.ErrRegistry, what, r.where, cluster.EnvRegistry, err)
	case !errors.As(err, &answer):
		return fmt.Errorf("%w: %s%s gives an answer that does not read; check that a schema registry is at the address (%s): %w", codec.ErrRegistry, what, r.where, cluster.EnvRegistry, err)
	}
	switch answer.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		return fmt.Errorf("%w: %s%s refuses the login or lacks the right; check %s and %s, or %s: %s", codec.ErrRegistry, what, r.where, cluster.EnvRegistryUser, cluster.EnvRegistryPassword, cluster.EnvRegistryToken, answer.Message)
	case http.StatusConflict:
		return fmt.Errorf("%w: %s%s refuses the schema, which does not fit the earlier ones of the subject; write to another topic, or give a schema that fits: %s", codec.ErrRegistry, what, r.where, answer.Message)
	}
	return fmt.Errorf("%w: %s%s answers %d: %s", codec.ErrRegistry, what, r.where, answer.StatusCode, answer.Message)
}
