package registry

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/sr"
	"github.com/twmb/franz-go/pkg/sr/srfake"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/codec"
)

const engine = `{"type":"record","name":"Engine","fields":[{"name":"rpm","type":"int"}]}`

// fake is a registry that asks for a login, one that is known to it, and the number of questions.
func fake(t *testing.T) (*srfake.Registry, *Registry, *int) {
	t.Helper()
	f := srfake.New(srfake.WithAuth("Basic cm9iOnNlY3JldA==")) // rob:secret
	t.Cleanup(f.Close)
	asked := 0
	f.Intercept(func(http.ResponseWriter, *http.Request) bool { asked++; return false })
	at, err := cluster.Registry{}.At(strings.Replace(f.URL(), "://", "://rob:secret@", 1) + "/")
	if err != nil {
		t.Fatal(err)
	}
	r, err := Open(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	return f, r, &asked
}

func TestSchemasComeWithWhatTheyReferTo(t *testing.T) {
	f, r, asked := fake(t)
	if _, _, err := f.RegisterSchema("engine", sr.Schema{Schema: engine}); err != nil {
		t.Fatal(err)
	}
	car := `{"type":"record","name":"Car","fields":[{"name":"engine","type":"Engine"}]}`
	id, _, err := f.RegisterSchema("cars-value", sr.Schema{Schema: car, References: []sr.SchemaReference{{Name: "Engine", Subject: "engine", Version: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		s, err := r.Schema(id)
		if err != nil {
			t.Fatal(err)
		}
		if s.ID != id || s.Type != "AVRO" || s.Text != car || fmt.Sprint(s.References) != "[{Engine "+engine+"}]" {
			t.Errorf("got %+v", s)
		}
	}
	if *asked != 2 {
		t.Errorf("the registry was asked %d times, want once for each schema", *asked)
	}
}

func TestUnknownIdsAreRemembered(t *testing.T) {
	_, r, asked := fake(t)
	for range 3 {
		if _, err := r.Schema(77); !errors.Is(err, codec.ErrNoSchema) || errors.Is(err, codec.ErrRegistry) || !strings.Contains(err.Error(), "has no id 77") {
			t.Fatalf("got %v", err)
		}
	}
	if *asked != 1 {
		t.Errorf("the registry was asked %d times, want once", *asked)
	}
}

func TestRegisteringIsDoneOnce(t *testing.T) {
	_, r, asked := fake(t)
	var ids []int
	for range 2 {
		id, err := r.Register("fast-value", codec.Schema{Type: "AVRO", Text: engine})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if ids[0] == 0 || ids[0] != ids[1] || *asked != 1 {
		t.Errorf("ids are %v after %d questions", ids, *asked)
	}
}

func TestFailuresSayWhatToDo(t *testing.T) {
	f, r, _ := fake(t)
	answer := func(code int, text string) {
		f.ClearInterceptors()
		f.Intercept(func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(code)
			fmt.Fprint(w, text)
			return true
		})
	}
	for code, says := range map[int]string{
		401: "refuses the login or lacks the right; check SCHEMA_REGISTRY_USERNAME",
		409: "refuses the schema, which does not fit the earlier ones of the subject",
		500: "answers 500: out of order",
	} {
		answer(code, `{"error_code":1,"message":"out of order"}`)
		_, err := r.Register("fast-value", codec.Schema{Type: "AVRO", Text: engine})
		if !errors.Is(err, codec.ErrRegistry) || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "subject fast-value") || strings.Contains(err.Error(), "secret") {
			t.Errorf("after %d: %v", code, err)
		}
	}
	f.Close()
	if err := r.Ping(); !errors.Is(err, codec.ErrRegistry) || !strings.Contains(err.Error(), "does not answer; check that it runs") || strings.Contains(err.Error(), "secret") {
		t.Errorf("a registry that is gone: %v", err)
	}
	f, r, _ = fake(t)
	for text, says := range map[string]string{
		`{"schema":"` + strings.Repeat("x", maxAnswer) + `"}`: "request body too large",
		"<html>welcome</html>":                                "check that a schema registry is at the address",
		`{"schema":7}`:                                        "does not read",
		`{"schema":"x","schemaType":"THRIFT"}`:                "THRIFT",
		`{"schema":"x","references":[{}]} {`:                  "",
		`[]`:                                                  "does not read",
		``:                                                    "does not read",
	} {
		answer(200, text)
		if _, err := r.Schema(1); !errors.Is(err, codec.ErrRegistry) || !strings.Contains(err.Error(), says) {
			t.Errorf("the answer %.40s: %v", text, err)
		}
	}
}

func TestSchemasThatReferToOthersWithoutEnd(t *testing.T) {
	f, r, asked := fake(t)
	large := `{"type":"record","name":"E","doc":"` + strings.Repeat("x", maxAnswer/2) + `","fields":[]}`
	var refs []sr.SchemaReference
	for i := range 2 {
		name := fmt.Sprint("E", i)
		if _, _, err := f.RegisterSchema(name, sr.Schema{Schema: strings.Replace(large, `"E"`, `"`+name+`"`, 1)}); err != nil {
			t.Fatal(err)
		}
		refs = append(refs, sr.SchemaReference{Name: name, Subject: name, Version: 1})
	}
	id, _, err := f.RegisterSchema("cars-value", sr.Schema{Schema: engine, References: refs})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Schema(id); !errors.Is(err, codec.ErrNoSchema) || !strings.Contains(err.Error(), "16 MiB") {
		t.Errorf("more than 16 MiB of schemas: %v", err)
	}
	if *asked > 3 {
		t.Errorf("the registry was asked %d times", *asked)
	}
}

func TestConfiguration(t *testing.T) {
	if _, err := Open(t.Context(), cluster.Registry{}); !errors.Is(err, cluster.ErrConfig) {
		t.Errorf("no registry: %v", err)
	}
	for _, bad := range []string{"localhost:8081", "ftp://x", "http://", "http://rob:secret@%zz"} {
		if _, err := (cluster.Registry{}).At(bad); !errors.Is(err, cluster.ErrConfig) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	at, err := cluster.Registry{}.At("https://rob:secret@one/x/, http://two:8081")
	if err != nil || fmt.Sprint(at.URLs) != "[https://one/x http://two:8081]" || at.User != "rob" || at.Password.Reveal() != "secret" || strings.Contains(fmt.Sprintf("%+v", at), "secret") {
		t.Errorf("got %+v, %v", at, err)
	}
}
