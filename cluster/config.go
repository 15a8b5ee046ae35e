package cluster

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl"
	"github.com/twmb/franz-go/pkg/sasl/oauth"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

// ErrConfig is in every error about a Config that cannot be used.
var ErrConfig = errors.New("cluster configuration")

// defaultPort is where Kafka listens if nobody says otherwise.
const defaultPort = "9092"

// Config is how to reach a cluster. The zero value reaches none: it lacks brokers.
type Config struct {
	// Brokers are seed brokers, host or host:port.
	Brokers []string `json:"brokers"`
	// SASL is how to log in; the zero value does not.
	SASL SASL `json:"sasl"`
	// TLS is whether and how the connection is encrypted.
	TLS TLS `json:"tls"`
	// Registry is where the schemas of records are kept.
	Registry Registry `json:"registry,omitzero"`
	// ClientID is what brokers see in their logs; "" means riffle.
	ClientID string `json:"client_id,omitempty"`
}

// SASL is a user and a password, or a token.
type SASL struct {
	// Mechanism is PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER; "" is none, PLAIN if there is a User, or
	// OAUTHBEARER if there is a TokenFile.
	Mechanism string `json:"mechanism,omitempty"`
	User      string `json:"user,omitempty"`
	Password  Secret `json:"password,omitzero"`
	// TokenFile holds the token of OAUTHBEARER. It is read at every login, so that who renews the token writes the file.
	TokenFile string `json:"token_file,omitempty"`
}

// TLS is the encryption of connections.
type TLS struct {
	// Mode is "on" or "off"; "" is on if anything else here is set or a password would be sent.
	Mode string `json:"mode,omitempty"`
	// CAFile holds the certificates, in PEM, that may sign the brokers'; "" means the system's.
	CAFile string `json:"ca_file,omitempty"`
	// CertFile and KeyFile, in PEM, are what the client shows to the brokers.
	CertFile string `json:"cert_file,omitempty"`
	KeyFile  string `json:"key_file,omitempty"`
	// ServerName is what the brokers' certificates must be for, if not their host names.
	ServerName string `json:"server_name,omitempty"`
	// SkipVerify takes any certificate, so that anybody may listen in.
	SkipVerify bool `json:"skip_verify,omitempty"`
}

// Options are the franz-go options for the cluster. The error wraps [ErrConfig].
func (c Config) Options() ([]kgo.Opt, error) {
	seeds, err := c.seeds()
	if err != nil {
		return nil, err
	}
	id := c.ClientID
	if id == "" {
		id = "riffle"
	}
	opts := []kgo.Opt{kgo.SeedBrokers(seeds...), kgo.ClientID(id)}
	mechanism, err := c.SASL.mechanism()
	if err != nil {
		return nil, err
	}
	if mechanism != nil {
		opts = append(opts, kgo.SASL(mechanism))
	}
	on, err := c.Encrypted()
	if err != nil {
		return nil, err
	}
	if !on {
		return append(opts, kgo.Dialer((&net.Dialer{Timeout: dialLimit}).DialContext)), nil
	}
	conf, err := c.TLS.config()
	if err != nil {
		return nil, err
	}
	return append(opts, kgo.DialTLSConfig(conf), kgo.DialTimeout(dialLimit)), nil
}

func (c Config) seeds() ([]string, error) {
	if len(c.Brokers) == 0 {
		return nil, fmt.Errorf("%w: no brokers; set KAFKA_BROKERS=host:9092", ErrConfig)
	}
	var seeds []string
	for _, b := range c.Brokers {
		if !strings.Contains(b, ":") {
			b += ":" + defaultPort
		}
		host, port, err := net.SplitHostPort(b)
		if n, perr := strconv.Atoi(port); err != nil || perr != nil || host == "" || n < 1 || n > 65535 {
			return nil, fmt.Errorf("%w: broker %q, want host:port such as localhost:9092", ErrConfig, b)
		}
		seeds = append(seeds, b)
	}
	return seeds, nil
}

// Encrypted reports whether connections use TLS.
func (c Config) Encrypted() (bool, error) {
	switch c.TLS.Mode {
	case "on":
		return true, nil
	case "off":
		if rest := c.TLS; rest != (TLS{Mode: "off"}) {
			return false, fmt.Errorf("%w: TLS is off, yet a certificate or name for it is given; drop one of them", ErrConfig)
		}
		return false, nil
	case "":
		return c.TLS != TLS{} || !c.SASL.Password.Empty() || c.SASL.TokenFile != "", nil
	default:
		return false, fmt.Errorf("%w: TLS is %q, want on or off", ErrConfig, c.TLS.Mode)
	}
}

// mechanism is nil for no login.
func (s SASL) mechanism() (sasl.Mechanism, error) {
	name := strings.ToUpper(s.Mechanism)
	if s == (SASL{}) {
		return nil, nil
	}
	if name == "OAUTHBEARER" || name == "" && s.TokenFile != "" {
		return s.bearer()
	}
	if s.TokenFile != "" {
		return nil, fmt.Errorf("%w: SASL mechanism %s does not take a token; drop %s", ErrConfig, s.Mechanism, EnvTokenFile)
	}
	if s.User == "" || s.Password.Empty() {
		return nil, fmt.Errorf("%w: SASL needs a user and a password; set KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD or KAFKA_SASL_PASSWORD_FILE", ErrConfig)
	}
	switch name {
	case "", "PLAIN":
		return plain.Auth{User: s.User, Pass: s.Password.Reveal()}.AsMechanism(), nil
	case "SCRAM-SHA-256":
		return scram.Auth{User: s.User, Pass: s.Password.Reveal()}.AsSha256Mechanism(), nil
	case "SCRAM-SHA-512":
		return scram.Auth{User: s.User, Pass: s.Password.Reveal()}.AsSha512Mechanism(), nil
	}
	return nil, fmt.Errorf("%w: SASL mechanism %q, want PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER", ErrConfig, s.Mechanism)
}

// bearer logs in with the token that is in the file then.
func (s SASL) bearer() (sasl.Mechanism, error) {
	if s.TokenFile == "" || !s.Password.Empty() {
		return nil, fmt.Errorf("%w: SASL mechanism OAUTHBEARER needs a token and no password; set %s to the file that holds it", ErrConfig, EnvTokenFile)
	}
	read := func() (oauth.Auth, error) {
		token, err := readLimited(s.TokenFile)
		if err != nil {
			return oauth.Auth{}, fmt.Errorf("%w: %s: %w", ErrConfig, EnvTokenFile, err)
		}
		return oauth.Auth{Token: strings.TrimSpace(string(token))}, nil
	}
	if _, err := read(); err != nil {
		return nil, err
	}
	return oauth.Oauth(func(context.Context) (oauth.Auth, error) { return read() }), nil
}

func (t TLS) config() (*tls.Config, error) {
	conf := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: t.ServerName, InsecureSkipVerify: t.SkipVerify}
	if t.CAFile != "" {
		pem, err := readLimited(t.CAFile)
		if err != nil {
			return nil, fmt.Errorf("%w: TLS authority: %w", ErrConfig, err)
		}
		conf.RootCAs = x509.NewCertPool()
		if !conf.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%w: TLS authority %s: no certificate in PEM in it", ErrConfig, t.CAFile)
		}
	}
	if (t.CertFile == "") != (t.KeyFile == "") {
		return nil, fmt.Errorf("%w: a client's TLS certificate needs both a certificate file and a key file", ErrConfig)
	}
	if t.CertFile != "" {
		cert, err := tls.LoadX509KeyPair(t.CertFile, t.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("%w: TLS certificate: %w", ErrConfig, err)
		}
		conf.Certificates = []tls.Certificate{cert}
	}
	return conf, nil
}

// dialLimit bounds a connection's set-up.
const dialLimit = 5 * time.Second

// readLimited reads a file of at most a megabyte, which a certificate or password never is.
func readLimited(path string) ([]byte, error) {
	const limit = 1 << 20
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > limit {
		return nil, fmt.Errorf("%s: %d bytes, want at most %d", path, info.Size(), limit)
	}
	return os.ReadFile(path)
}
