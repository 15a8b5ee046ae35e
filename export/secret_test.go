package export_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/internal/kafkatest"
)

// TestPasswordsAreNowhere exports with a password in the environment and runs the program with it: over rows that it
// takes, a row that goes to the dead letters, and with a password that is wrong.
func TestPasswordsAreNowhere(t *testing.T) {
	const wrong = "open-sesame-sentinel"
	doors := kafkatest.RealDoors(t)
	b := kafkatest.Real(t)
	topic := b.Topic(t, "cars", 1)
	for name, value := range map[string]string{"KAFKA_SASL_USERNAME": kafkatest.User, "KAFKA_SASL_PASSWORD": kafkatest.Password, "KAFKA_TLS": "on", "KAFKA_TLS_CA_FILE": doors.CA} {
		t.Setenv(name, value)
	}
	w := shop(t)
	n := newNotebook(t, writeSample(t))
	n.run(`Export(Topic("cars", Time("ts")).OnError(DeadLetter("dead")).Select("car", "speed").To("out"), "out")`)
	dir := filepath.Join(t.TempDir(), "secret-program")
	exported(t, w, n, 0, dir)
	binary, err := w.Compile(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	b.ProduceKeyed(t,
		&kgo.Record{Topic: topic, Key: []byte("car-1"), Value: []byte(`{"car":"car-1","speed":"fast","gear":1,"ts":1700000000000}`)},
		&kgo.Record{Topic: topic, Key: []byte("car-1"), Value: []byte(`{"car":"car-1","speed":100.0,"gear":1,"ts":1700000000000}`)})
	run := func(args ...string) (int, string) {
		args = append(args, "--brokers", doors.Secure, "--topics", "cars="+topic, "--state-dir", t.TempDir(), "--retries", "0")
		return untilRow(t, b, exec.Command(binary, args...))
	}
	code, said := run()
	if code != 0 {
		t.Fatalf("exit %d: %s", code, said)
	}
	settings, err := exec.Command(binary, "--print-config").CombinedOutput()
	if err != nil {
		t.Fatalf("settings: %v: %s", err, settings)
	}
	t.Setenv("KAFKA_SASL_PASSWORD", wrong)
	code, refused := run()
	if code == 0 || !strings.Contains(refused, "refused") {
		t.Errorf("with a wrong password: exit %d, %s", code, refused)
	}
	var letters bytes.Buffer
	for _, r := range b.Read(t, "dead") {
		letters.Write(r.Value)
		for _, h := range r.Headers {
			letters.WriteString(h.Key + string(h.Value))
		}
	}
	if !strings.Contains(letters.String(), "__riffle.errors.cell"+"cell 1 line 1") {
		t.Errorf("the dead letters do not name the cell: %s", letters.String())
	}
	for what, text := range map[string]string{"the log": said, "the settings": string(settings), "the refusal": refused, "the dead letters": letters.String()} {
		clean(t, what, []byte(text))
	}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		clean(t, path, text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	clean(t, "the binary", text)
}

// clean fails if a password is in a text.
func clean(t *testing.T, what string, text []byte) {
	t.Helper()
	for _, secret := range []string{kafkatest.Password, "open-sesame-sentinel"} {
		if bytes.Contains(text, []byte(secret)) {
			t.Errorf("a password is in %s", what)
		}
	}
}
