package kernel

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const goodConnection = `{"transport": "tcp", "ip": "127.0.0.1", "key": "k", "signature_scheme": "hmac-sha256",
 "shell_port": 1, "control_port": 2, "stdin_port": 3, "iopub_port": 4, "hb_port": 5, "kernel_name": "riffle"}`

func write(t *testing.T, content string) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "connection.json")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestReadConnection(t *testing.T) {
	c, err := ReadConnection(write(t, goodConnection))
	if err != nil {
		t.Fatal(err)
	}
	if network, addr := c.endpoint(c.Shell); network != "tcp" || addr != "127.0.0.1:1" {
		t.Errorf("shell at %s %s", network, addr)
	}
	c, err = ReadConnection(write(t, strings.NewReplacer(`"tcp"`, `"ipc"`, "127.0.0.1", "/run/k").Replace(goodConnection)))
	if err != nil {
		t.Fatal(err)
	}
	if network, addr := c.endpoint(c.Heartbeat); network != "unix" || addr != "/run/k-5" {
		t.Errorf("heartbeat at %s %s", network, addr)
	}
}

func TestReadConnectionRefuses(t *testing.T) {
	for old, changed := range map[string]string{
		`"tcp"`:              `"udp"`,
		"hmac-sha256":        "hmac-md5",
		`"127.0.0.1"`:        `""`,
		`"shell_port": 1`:    `"shell_port": 0`,
		`"iopub_port": 4`:    `"iopub_port": 65536`,
		`"hb_port": 5`:       `"hb_port": "5"`,
		`"transport": "tcp"`: `"transport": tcp`,
	} {
		_, err := ReadConnection(write(t, strings.Replace(goodConnection, old, changed, 1)))
		if !errors.Is(err, ErrConnection) {
			t.Errorf("%s: %v, want ErrConnection", changed, err)
		}
	}
	if _, err := ReadConnection("/no/such/file"); !errors.Is(err, ErrConnection) || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is missing: %v", err)
	}
	if _, err := ReadConnection(write(t, `{"key": "`+strings.Repeat("x", maxConnectionFile)+`"}`)); !errors.Is(err, ErrConnection) {
		t.Errorf("a huge file: %v", err)
	}
}

func TestServeRefuses(t *testing.T) {
	err := Serve(t.Context(), write(t, strings.Replace(goodConnection, `"k"`, `""`, 1)), nil, Options{})
	if !errors.Is(err, ErrConnection) || !strings.Contains(err.Error(), "key is empty") {
		t.Errorf("without a key: %v", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	err = Serve(t.Context(), write(t, strings.Replace(goodConnection, `"hb_port": 5`, `"hb_port": `+port, 1)), nil, Options{})
	if err == nil || !strings.Contains(err.Error(), "heartbeat channel") {
		t.Errorf("a port that is taken: %v, want an error that names the channel", err)
	}
}

func TestPrivate(t *testing.T) {
	for ip, want := range map[string]bool{"127.0.0.1": true, "127.8.8.8": true, "::1": true, "localhost": true, "0.0.0.0": false, "10.0.0.1": false, "*": false, "host": false} {
		if got := (Connection{Transport: "tcp", IP: ip}).private(); got != want {
			t.Errorf("%s: %v", ip, got)
		}
	}
	if !(Connection{Transport: "ipc", IP: "/run/k"}).private() {
		t.Error("ipc is not private")
	}
}
