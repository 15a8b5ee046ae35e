package stream

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/riffle-stream/riffle/dataframe/exec"
	"github.com/riffle-stream/riffle/internal/ledger"
	"github.com/riffle-stream/riffle/sampler/file"
	"github.com/riffle-stream/riffle/state"
)

// program is the ledger's, as an export would have it.
func program(t *testing.T, partitions int) Program {
	t.Helper()
	p, err := ledger.Pipeline(partitions)
	if err != nil {
		t.Fatal(err)
	}
	facts, err := p.Facts.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return Program{Name: "ledger", Code: "c0de", Facts: facts, Roots: ledger.Roots}
}

// call runs a program with arguments and gives its exit code and what it said.
func call(t *testing.T, p Program, env map[string]string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	for _, name := range []string{"KAFKA_BROKERS", "KAFKA_SASL_USERNAME", "KAFKA_SASL_PASSWORD"} {
		t.Setenv(name, env[name])
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	var out, say bytes.Buffer
	code = p.run(ctx, args, func(name string) string { return env[name] }, &out, &say)
	return code, out.String(), say.String()
}

func TestDescribe(t *testing.T) {
	p := program(t, 3)
	code, out, say := call(t, p, nil, "--describe", "--group", "mine")
	if code != exitOK || say != "" {
		t.Fatalf("exit %d: %s", code, say)
	}
	bound, err := ledger.Pipeline(3)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{bound.Hash(), "c0de", "mine-by-car-repartition", "mine-0-changelog", "step that keeps state", "moved:by-car-repartition", "counted", "group mine", "mine-*"} {
		if !strings.Contains(out, want) {
			t.Errorf("description lacks %q:\n%s", want, out)
		}
	}
}

func TestHelp(t *testing.T) {
	code, out, say := call(t, program(t, 3), nil, "--help")
	for _, want := range []string{"ledger [FLAGS]", "--state-dir folder", "--commit DURATION", "--idle DURATION", "(default: 30s)", "RIFFLE_STATE_DIR", "3 at a row that it cannot take"} {
		if code != exitOK || out != "" || !strings.Contains(say, want) {
			t.Errorf("exit %d; help lacks %q:\n%s", code, want, say)
		}
	}
}

func TestAdvice(t *testing.T) {
	for err, want := range map[error]bool{
		&exec.BadRow{Err: ErrTopic}:       true,
		&exec.BadRow{Err: exec.ErrBudget}: false,
		ErrMoved:                          false,
	} {
		if got := advice(err); strings.Contains(got, "OnError(Skip)") != want {
			t.Errorf("%v: advice %q", err, got)
		}
	}
}

// Topics of other names are another deployment of the same plan.
func TestTopicsOfOtherNames(t *testing.T) {
	code, out, say := call(t, program(t, 3), nil, "--describe", "--group", "mine", "--topics", "cars=prod.cars, counted=prod.counted")
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, say)
	}
	bound, err := ledger.Pipeline(3)
	if err != nil {
		t.Fatal(err)
	}
	_, topics, _ := strings.Cut(out, "rights")
	for _, want := range []string{"prod.cars ", "prod.counted ", "gps "} {
		if !strings.Contains(topics, "\n"+want) {
			t.Errorf("topics lack %q:\n%s", want, topics)
		}
	}
	if strings.Contains(topics, "\ncars ") || !strings.Contains(out, bound.Hash()) {
		t.Errorf("a topic is as it was, or the hash of the plan is not:\n%s", out)
	}
}

func TestFlagsWinOverTheEnvironment(t *testing.T) {
	env := map[string]string{"RIFFLE_GROUP": "from-env", "RIFFLE_IDLE": "off", "RIFFLE_STATE_DIR": "/s", "RIFFLE_TOPICS": "cars=prod.cars", "KAFKA_BROKERS": "k:1,l:2", "KAFKA_SASL_PASSWORD": "sesame"}
	code, out, say := call(t, program(t, 3), env, "--print-config", "--group", "from-flag", "--retries", "0")
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, say)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	delete(got, "cluster")
	want := map[string]any{"group": "from-flag", "instance": "", "state_dir": "/s", "from": "earliest", "http": "127.0.0.1:0", "idle": "off", "commit": "by cost", "delivery": "exactly-once", "replication": 0.0, "retries": 0.0, "topics": map[string]any{"cars": "prod.cars"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("settings (-want +got):\n%s", d)
	}
	if strings.Contains(out, "sesame") || !strings.Contains(out, `"k:1"`) {
		t.Errorf("settings show a secret, or not the brokers:\n%s", out)
	}
}

func TestWrongStarts(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		env  map[string]string
		say  string
	}{
		"unknown flag":       {args: []string{"--grup", "x"}, say: "-grup"},
		"no flag":            {args: []string{"x"}, say: `"x" is not a flag`},
		"from":               {args: []string{"--from", "middle"}, say: "earliest or latest"},
		"idle":               {args: []string{"--idle", "soon"}, say: "30s, or off"},
		"group described":    {args: []string{"--group", "a/b", "--describe"}, say: "letters, digits"},
		"commit, no unit":    {args: []string{"--commit", "10"}, say: "want a duration such as 100ms"},
		"group":              {args: []string{"--group", "a/b", "--brokers", "localhost:1"}, say: "letters, digits"},
		"no brokers":         {say: "no brokers; start the program with --brokers host:9092, or set KAFKA_BROKERS; without them a program uses this user's embedded broker, but no embedded broker"},
		"login alone":        {env: map[string]string{"KAFKA_SASL_USERNAME": "ann", "KAFKA_SASL_PASSWORD": "sesame"}, say: "a login or TLS is set, but no brokers"},
		"commit":             {args: []string{"--commit", "1ms"}, say: "want from 5ms to 5s"},
		"delivery":           {args: []string{"--delivery", "at-most-once", "--brokers", "localhost:1"}, say: `delivery is "at-most-once", want "exactly-once" or "at-least-once"`},
		"no such topic":      {args: []string{"--topics", "cats=x"}, say: `uses no topic "cats", only cars, counted`},
		"two topics in one":  {args: []string{"--topics", "cars=gps"}, say: `topics "cars" and "gps" would both be "gps"`},
		"topic without name": {args: []string{"--topics", "cars="}, say: "want each topic once"},
		"rows alone":         {args: []string{"--rows", "x"}, say: "go together"},
		"from environment":   {env: map[string]string{"RIFFLE_RETRIES": "many"}, say: "RIFFLE_RETRIES"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
			code, _, say := call(t, program(t, 3), c.env, c.args...)
			if code != exitUsage || !strings.Contains(say, c.say) {
				t.Errorf("exit %d, want %d; it says %q, want %q in it", code, exitUsage, say, c.say)
			}
		})
	}
}

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, exitOK},
		{fmt.Errorf("%w: no group", ErrConfig), exitUsage},
		{fmt.Errorf("run: %w", &exec.BadRow{Err: ErrTopic}), exitRow},
		{fmt.Errorf("%w", ErrMoved), exitDecide},
		{fmt.Errorf("%w", ErrFenced), exitDecide},
		{context.DeadlineExceeded, exitFailed},
	} {
		if got := exitCode(c.err); got != c.want {
			t.Errorf("%v: exit %d, want %d", c.err, got, c.want)
		}
	}
}

func TestProbeOfADamagedFolder(t *testing.T) {
	dir := t.TempDir()
	if code, _, _ := call(t, program(t, 3), nil, "state-probe", dir); code != exitCorrupt {
		t.Errorf("a folder without a record: exit %d, want %d", code, exitCorrupt)
	}
	db, err := state.Open(dir, state.Options{MinFree: -1})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if code, _, say := call(t, program(t, 3), nil, "state-probe", dir); code != exitOK {
		t.Errorf("a good folder: exit %d: %s", code, say)
	}
}

// TestSampleGivesTheSameRowsTwice runs a program over a sample, as a proof does.
func TestSampleGivesTheSameRowsTwice(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "sample")
	w, err := file.Create(path, file.Header{ClusterID: "c", Topics: []file.Topic{{Name: ledger.Cars, Partitions: 3}, {Name: ledger.GPS, Partitions: 3}, {Name: ledger.Drivers, Partitions: 3}}, Spec: "all", Created: time.Unix(1, 0)})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range ledger.Input(ledger.Shape{Seed: 4, Partitions: 3, Cars: 4, Rows: 200}) {
		if err := w.Write(file.Row{Record: r}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var rows [2][]byte
	for i := range rows {
		out := filepath.Join(dir, fmt.Sprint("rows", i))
		if code, _, say := call(t, program(t, 3), nil, "--sample", path, "--rows", out); code != exitOK {
			t.Fatalf("exit %d: %s", code, say)
		}
		if rows[i], err = os.ReadFile(out); err != nil {
			t.Fatal(err)
		}
	}
	if len(rows[0]) < 10_000 || !bytes.Equal(rows[0], rows[1]) {
		t.Errorf("%d bytes of rows, then %d", len(rows[0]), len(rows[1]))
	}
}
