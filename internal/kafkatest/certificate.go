package kafkatest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// certificates makes an authority in a folder, and what it signs: broker.pem, the broker's key and certificate, and a
// client's.
func certificates(dir string) (ca, cert, key string, err error) {
	root, err := newIssuer()
	if err != nil {
		return "", "", "", err
	}
	brokerKey, brokerCert, err := root.issue("broker")
	if err != nil {
		return "", "", "", err
	}
	clientKey, clientCert, err := root.issue("client")
	if err != nil {
		return "", "", "", err
	}
	ca, cert, key = filepath.Join(dir, "ca.pem"), filepath.Join(dir, "client.pem"), filepath.Join(dir, "client.key")
	for path, text := range map[string][]byte{ca: root.pem, filepath.Join(dir, "broker.pem"): append(brokerKey, brokerCert...), cert: clientCert, key: clientKey} {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			return "", "", "", fmt.Errorf("certificates: %w", err)
		}
	}
	return ca, cert, key, nil
}

// issuer signs certificates.
type issuer struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
	pem  []byte
}

func newIssuer() (*issuer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("certificates: %w", err)
	}
	i := &issuer{key: key, cert: template("tests")}
	i.cert.IsCA, i.cert.BasicConstraintsValid, i.cert.KeyUsage = true, true, x509.KeyUsageCertSign|x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, i.cert, i.cert, &key.PublicKey, key)
	if err != nil {
		return nil, fmt.Errorf("certificates: %w", err)
	}
	i.pem = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return i, nil
}

// issue gives a new key and its certificate, in PEM.
func (i *issuer) issue(name string) (key, cert []byte, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("certificates: %w", err)
	}
	der, err := x509.CreateCertificate(rand.Reader, template(name), i.cert, &private.PublicKey, i.key)
	if err != nil {
		return nil, nil, fmt.Errorf("certificates: %w", err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, nil, fmt.Errorf("certificates: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), nil
}

func template(name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
}
