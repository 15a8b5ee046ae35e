package kernel

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
)

// ErrConnection is wrapped by errors about the connection file.
var ErrConnection = errors.New("connection file")

// maxConnectionFile bounds the file's size, in bytes.
const maxConnectionFile = 64 << 10

// A Connection is the content of a connection file: where the kernel listens, and the key of its messages.
type Connection struct {
	Transport string `json:"transport"` // "tcp" or "ipc"
	IP        string `json:"ip"`        // an address, or the path of the sockets without "-port"
	Key       string `json:"key"`
	Scheme    string `json:"signature_scheme"`
	Name      string `json:"kernel_name,omitempty"`
	Shell     int    `json:"shell_port"`
	Control   int    `json:"control_port"`
	Stdin     int    `json:"stdin_port"`
	IOPub     int    `json:"iopub_port"`
	Heartbeat int    `json:"hb_port"`
}

// ReadConnection reads and checks a connection file. Errors wrap ErrConnection.
func ReadConnection(file string) (Connection, error) {
	var c Connection
	f, err := os.Open(file)
	if err != nil {
		return c, fmt.Errorf("%w: %w", ErrConnection, err)
	}
	defer f.Close()
	if err := json.NewDecoder(io.LimitReader(f, maxConnectionFile)).Decode(&c); err != nil {
		return c, fmt.Errorf("%w %s: %w", ErrConnection, file, err)
	}
	if err := c.check(); err != nil {
		return c, fmt.Errorf("%w %s: %w", ErrConnection, file, err)
	}
	return c, nil
}

func (c Connection) check() error {
	if c.Transport != "tcp" && c.Transport != "ipc" {
		return fmt.Errorf("transport %q, expected tcp or ipc", c.Transport)
	}
	if c.Scheme != "hmac-sha256" && !(c.Scheme == "" && c.Key == "") {
		return fmt.Errorf("signature_scheme %q, expected hmac-sha256", c.Scheme)
	}
	if c.IP == "" {
		return errors.New("ip is empty, expected an address such as 127.0.0.1")
	}
	for name, port := range map[string]int{"shell": c.Shell, "control": c.Control, "stdin": c.Stdin, "iopub": c.IOPub, "hb": c.Heartbeat} {
		if port < 1 || port > 65535 {
			return fmt.Errorf("%s_port %d, expected 1 to 65535", name, port)
		}
	}
	return nil
}

// endpoint gives network and address of a port.
func (c Connection) endpoint(port int) (network, addr string) {
	if c.Transport == "ipc" {
		return "unix", c.IP + "-" + strconv.Itoa(port)
	}
	return "tcp", net.JoinHostPort(c.IP, strconv.Itoa(port))
}

// private tells whether only this machine reaches the kernel.
func (c Connection) private() bool {
	ip := net.ParseIP(c.IP)
	return c.Transport == "ipc" || ip != nil && ip.IsLoopback() || c.IP == "localhost"
}

func errNoKey(file string) error {
	return fmt.Errorf("%w %s: key is empty: whoever can connect could run code; use a Jupyter client that makes one", ErrConnection, file)
}
