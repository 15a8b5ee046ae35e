package cluster_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/riffle-stream/riffle/cluster"
	"github.com/riffle-stream/riffle/internal/kafkatest"
)

const sentinel = "hunter2-sentinel"

func TestSecretNeverPrints(t *testing.T) {
	type private struct{ c cluster.Config }
	c := cluster.Config{Brokers: []string{"b"}, SASL: cluster.SASL{User: "u", Password: cluster.NewSecret(sentinel)}}
	var all bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&all, verb+"\n", c)
		fmt.Fprintf(&all, verb+"\n", c.SASL.Password)
		fmt.Fprintf(&all, verb+"\n", private{c})
		fmt.Fprintf(&all, verb+"\n", &c)
	}
	json.NewEncoder(&all).Encode(c)
	slog.New(slog.NewTextHandler(&all, nil)).Info("x", "config", c, "secret", c.SASL.Password)
	slog.New(slog.NewJSONHandler(&all, nil)).Info("x", "config", c, "secret", c.SASL.Password)
	if strings.Contains(all.String(), sentinel) || strings.Contains(all.String(), fmt.Sprintf("%x", sentinel)) {
		t.Errorf("the secret is in:\n%s", &all)
	}
	if !strings.Contains(all.String(), "***") {
		t.Errorf("no sign that there is a secret:\n%s", &all)
	}
	if c.SASL.Password.Reveal() != sentinel {
		t.Error("Reveal does not")
	}
}

func TestFromEnv(t *testing.T) {
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte(sentinel+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(cluster.EnvBrokers, "a:1, b:2,")
	t.Setenv(cluster.EnvUser, "ann")
	t.Setenv(cluster.EnvPasswordFile, file)
	t.Setenv(cluster.EnvMechanism, "scram-sha-512")
	t.Setenv(cluster.EnvTLSServerName, "kafka.test")
	got, err := cluster.FromEnv()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a:1", "b:2"}, got.Brokers); diff != "" {
		t.Errorf("brokers (-want +got):\n%s", diff)
	}
	if got.SASL.Password.Reveal() != sentinel || got.SASL.User != "ann" || got.TLS.ServerName != "kafka.test" {
		t.Errorf("config %+v", got)
	}
	if _, err := got.Options(); err != nil {
		t.Error(err)
	}
}

// What a parent hands to a child is what the child reads.
func TestEnvironmentIsReadBack(t *testing.T) {
	want := cluster.Config{
		Brokers: []string{"a:1", "b:2"}, ClientID: "me",
		SASL: cluster.SASL{Mechanism: "PLAIN", User: "u", Password: cluster.NewSecret(sentinel)},
		TLS:  cluster.TLS{Mode: "on", CAFile: "ca", CertFile: "c", KeyFile: "k", ServerName: "n", SkipVerify: true},
	}
	env, err := want.Environment()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(cluster.EnvPasswordFile, "/left/over")
	for _, kv := range env {
		k, v, _ := strings.Cut(kv, "=")
		t.Setenv(k, v)
	}
	got, err := cluster.FromEnv()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b cluster.Secret) bool { return a.Reveal() == b.Reveal() })); diff != "" {
		t.Errorf("config (-want +got):\n%s", diff)
	}
}

func TestBadConfig(t *testing.T) {
	secret := cluster.NewSecret(sentinel)
	for _, test := range []struct {
		name string
		c    cluster.Config
		want string
	}{
		{"no brokers", cluster.Config{}, "KAFKA_BROKERS"},
		{"bad port", cluster.Config{Brokers: []string{"h:x"}}, `"h:x", want host:port`},
		{"no host", cluster.Config{Brokers: []string{":9"}}, "want host:port"},
		{"a link", cluster.Config{Brokers: []string{"kafka://h:1"}}, "want host:port"},
		{"no password", cluster.Config{Brokers: []string{"h"}, SASL: cluster.SASL{User: "u"}}, "KAFKA_SASL_PASSWORD"},
		{"no user", cluster.Config{Brokers: []string{"h"}, SASL: cluster.SASL{Password: secret}}, "KAFKA_SASL_USERNAME"},
		{"mechanism", cluster.Config{Brokers: []string{"h"}, SASL: cluster.SASL{Mechanism: "MD5", User: "u", Password: secret}}, "SCRAM-SHA-256"},
		{"mode", cluster.Config{Brokers: []string{"h"}, TLS: cluster.TLS{Mode: "maybe"}}, "want on or off"},
		{"off with authority", cluster.Config{Brokers: []string{"h"}, TLS: cluster.TLS{Mode: "off", CAFile: "x"}}, "drop one"},
		{"no authority file", cluster.Config{Brokers: []string{"h"}, TLS: cluster.TLS{CAFile: "/no/such"}}, "no such file"},
		{"no certificate in it", cluster.Config{Brokers: []string{"h"}, TLS: cluster.TLS{CAFile: "cluster_test.go"}}, "no certificate"},
		{"certificate without key", cluster.Config{Brokers: []string{"h"}, TLS: cluster.TLS{CertFile: "x"}}, "key file"},
	} {
		t.Run(strings.ReplaceAll(test.name, " ", "-"), func(t *testing.T) {
			_, err := test.c.Options()
			if !errors.Is(err, cluster.ErrConfig) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want ErrConfig with %q", err, test.want)
			}
		})
	}
}

func TestEncryptedWhenAPasswordIsSent(t *testing.T) {
	c := cluster.Config{SASL: cluster.SASL{User: "u", Password: cluster.NewSecret("p")}}
	if on, err := c.Encrypted(); !on || err != nil {
		t.Errorf("encrypted: %v, %v; want true", on, err)
	}
	c.TLS.Mode = "off"
	if on, err := c.Encrypted(); on || err != nil {
		t.Errorf("encrypted: %v, %v; want false", on, err)
	}
}

func TestConnect(t *testing.T) {
	kafkatest.Each(t, func(t *testing.T, b *kafkatest.Broker) {
		cl, err := cluster.Config{Brokers: b.Addrs}.Connect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		cl.Close()
	})
}

func TestConnectWithPassword(t *testing.T) {
	addr := fake(t, kfake.EnableSASL(), kfake.Superuser("SCRAM-SHA-256", "ann", sentinel), kfake.Superuser("PLAIN", "bob", sentinel))
	for _, s := range []cluster.SASL{
		{Mechanism: "SCRAM-SHA-256", User: "ann", Password: cluster.NewSecret(sentinel)},
		{User: "bob", Password: cluster.NewSecret(sentinel)},
	} {
		cl, err := cluster.Config{Brokers: addr, SASL: s, TLS: cluster.TLS{Mode: "off"}}.Connect(t.Context())
		if err != nil {
			t.Fatalf("%+v: %v", s, err)
		}
		cl.Close()
	}
}

func TestConnectOverTLS(t *testing.T) {
	server, ca := certificate(t)
	addr := fake(t, kfake.TLS(server))
	cl, err := cluster.Config{Brokers: addr, TLS: cluster.TLS{CAFile: ca}}.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	cl.Close()
}

// TestFilesAreNoNetwork has an error of a file, whose cause has the methods of one of a network.
func TestFilesAreNoNetwork(t *testing.T) {
	_, err := os.Open(filepath.Join(t.TempDir(), "none"))
	if got := (cluster.Config{Brokers: []string{"localhost:1"}}).Diagnose(err); got != err {
		t.Errorf("it says %q, want the error as it came", got)
	}
}

func TestWhyAClusterIsNotReached(t *testing.T) {
	server, ca := certificate(t)
	withTLS := fake(t, kfake.TLS(server))
	plain := fake(t)
	withLogin := fake(t, kfake.EnableSASL(), kfake.Superuser("SCRAM-SHA-256", "ann", "right"))
	login := func(mechanism, password string) cluster.SASL {
		return cluster.SASL{Mechanism: mechanism, User: "ann", Password: cluster.NewSecret(password)}
	}
	off := cluster.TLS{Mode: "off"}
	for _, test := range []struct {
		name string
		c    cluster.Config
		want error
		text string
	}{
		{"nobody there", cluster.Config{Brokers: []string{closedPort(t)}}, cluster.ErrUnreachable, "check that it runs"},
		{"no such host", cluster.Config{Brokers: []string{"no-such-host.invalid:9092"}}, cluster.ErrUnreachable, "KAFKA_BROKERS"},
		{"wrong password", cluster.Config{Brokers: withLogin, SASL: login("SCRAM-SHA-256", sentinel), TLS: off}, cluster.ErrAuth, `user "ann"`},
		{"wrong mechanism", cluster.Config{Brokers: withLogin, SASL: login("PLAIN", sentinel), TLS: off}, cluster.ErrAuth, "mechanism"},
		{"login missing", cluster.Config{Brokers: withLogin}, cluster.ErrAuth, "KAFKA_SASL_USERNAME"},
		{"login to TLS", cluster.Config{Brokers: withTLS, SASL: login("PLAIN", sentinel), TLS: off}, cluster.ErrTLS, "KAFKA_TLS=on"},
		{"plain to TLS", cluster.Config{Brokers: withTLS}, cluster.ErrTLS, "KAFKA_TLS=on"},
		{"TLS to plain", cluster.Config{Brokers: plain, TLS: cluster.TLS{CAFile: ca}}, cluster.ErrTLS, "KAFKA_TLS=off"},
		{"TLS of a stranger", cluster.Config{Brokers: withTLS, TLS: cluster.TLS{Mode: "on"}}, cluster.ErrTLS, "KAFKA_TLS_CA_FILE"},
		{"TLS for another name", cluster.Config{Brokers: withTLS, TLS: cluster.TLS{CAFile: ca, ServerName: "x.test"}}, cluster.ErrTLS, "KAFKA_TLS_CA_FILE"},
	} {
		t.Run(strings.ReplaceAll(test.name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			begin := time.Now()
			cl, err := test.c.Connect(context.Background())
			if err == nil {
				cl.Close()
				t.Fatal("connected")
			}
			if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.text) || strings.Contains(err.Error(), sentinel) {
				t.Errorf("error %v\nwant %q with %q and no password", err, test.want, test.text)
			}
			if took := time.Since(begin); took > 12*time.Second {
				t.Errorf("told after %s", took)
			}
			t.Log(err)
		})
	}
}

func TestLoginAtARealBroker(t *testing.T) {
	doors := kafkatest.RealDoors(t)
	off := cluster.TLS{Mode: "off"}
	right := cluster.SASL{User: kafkatest.User, Password: cluster.NewSecret(kafkatest.Password)}
	wrong := func(mechanism string) cluster.SASL {
		return cluster.SASL{Mechanism: mechanism, User: kafkatest.User, Password: cluster.NewSecret(sentinel)}
	}
	ca := cluster.TLS{CAFile: doors.CA}
	shown := cluster.TLS{CAFile: doors.CA, CertFile: doors.Cert, KeyFile: doors.Key}
	for name, c := range map[string]struct {
		addr string
		sasl cluster.SASL
		tls  cluster.TLS
		want error
		text string
	}{
		"PLAIN":                    {doors.Login, right, off, nil, ""},
		"PLAIN, wrong":             {doors.Login, wrong("PLAIN"), off, cluster.ErrAuth, `user "ann"`},
		"SCRAM-SHA-256, wrong":     {doors.Login, wrong("SCRAM-SHA-256"), off, cluster.ErrAuth, `user "ann"`},
		"SCRAM-SHA-512, wrong":     {doors.Login, wrong("SCRAM-SHA-512"), off, cluster.ErrAuth, `user "ann"`},
		"no login":                 {doors.Login, cluster.SASL{}, cluster.TLS{}, cluster.ErrAuth, "KAFKA_SASL_USERNAME"},
		"token":                    {doors.Login, cluster.SASL{TokenFile: token(t, time.Hour)}, off, nil, ""},
		"token that is over":       {doors.Login, cluster.SASL{Mechanism: "OAUTHBEARER", TokenFile: token(t, -time.Hour)}, off, cluster.ErrAuth, "KAFKA_SASL_TOKEN_FILE"},
		"TLS and PLAIN":            {doors.Secure, right, ca, nil, ""},
		"TLS and PLAIN, wrong":     {doors.Secure, wrong(""), ca, cluster.ErrAuth, `user "ann"`},
		"TLS of a stranger":        {doors.Secure, right, cluster.TLS{}, cluster.ErrTLS, "KAFKA_TLS_CA_FILE"},
		"a certificate":            {doors.Mutual, cluster.SASL{}, shown, nil, ""},
		"a certificate, not shown": {doors.Mutual, cluster.SASL{}, ca, cluster.ErrTLS, "KAFKA_TLS_CERT_FILE"},
		"a certificate, no TLS":    {doors.Mutual, cluster.SASL{}, off, cluster.ErrTLS, "KAFKA_TLS=on"},
	} {
		t.Run(name, func(t *testing.T) {
			cl, err := cluster.Config{Brokers: []string{c.addr}, SASL: c.sasl, TLS: c.tls}.Connect(t.Context())
			if cl != nil {
				cl.Close()
			}
			if !errors.Is(err, c.want) || err != nil && (!strings.Contains(err.Error(), c.text) || strings.Contains(err.Error(), sentinel)) {
				t.Errorf("%v\nwant %v with %q and no password", err, c.want, c.text)
			}
		})
	}
}

// token is a file with an unsigned token, valid for so long.
func token(t *testing.T, valid time.Duration) string {
	t.Helper()
	part := base64.RawURLEncoding.EncodeToString
	claims := fmt.Sprintf(`{"sub":"ann","iat":%d,"exp":%d}`, time.Now().Add(-2*time.Hour).Unix(), time.Now().Add(valid).Unix())
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(part([]byte(`{"alg":"none"}`))+"."+part([]byte(claims))+".\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// A real broker behaves unlike the fake towards a TLS greeting.
func TestTLSToARealPlainPort(t *testing.T) {
	b := kafkatest.Real(t)
	_, err := cluster.Config{Brokers: b.Addrs, TLS: cluster.TLS{Mode: "on"}}.Connect(t.Context())
	if !errors.Is(err, cluster.ErrTLS) || !strings.Contains(err.Error(), "KAFKA_TLS=off") {
		t.Errorf("error %v, want that TLS is to be switched off", err)
	}
}

func fake(t *testing.T, opts ...kfake.Opt) []string {
	t.Helper()
	c, err := kfake.NewCluster(append(opts, kfake.NumBrokers(1))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c.ListenAddrs()
}

func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// certificate is one for 127.0.0.1 that signs itself, and the file to trust.
func certificate(t *testing.T) (server *tls.Config, ca string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	ca = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, ca
}
