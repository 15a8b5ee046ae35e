package cluster

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"strings"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Why a cluster is not reached. Every error of [Config.Diagnose] about the connection wraps one of them and the client's own.
var (
	ErrUnreachable = errors.New("a broker does not answer")
	ErrAuth        = errors.New("login refused")
	ErrTLS         = errors.New("no common encryption")
)

// answerLimit bounds Connect; a cluster that needs longer to say anything is not usable either.
const answerLimit = 10 * time.Second

// Connect makes a client and returns it when a broker has answered, within ten seconds. The error is one of [Config.Diagnose].
func (c Config) Connect(ctx context.Context, opts ...kgo.Opt) (*kgo.Client, error) {
	base, err := c.Options()
	if err != nil {
		return nil, err
	}
	cl, err := kgo.NewClient(append(base, opts...)...)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	limited, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	if err := cl.Ping(limited); err != nil {
		cl.Close()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if c.login() && isHangUp(err) { // so some brokers refuse a login
			return nil, c.refused(err)
		}
		return nil, c.Diagnose(err)
	}
	return cl, nil
}

// Diagnose says what an error of a client means for someone who would mend it. Errors that are not about the connection come
// back as they are.
func (c Config) Diagnose(err error) error {
	where := strings.Join(c.Brokers, ",")
	encrypted, _ := c.Encrypted()
	switch {
	case err == nil:
		return nil
	case isLoginMissing(err) && !c.login():
		return fmt.Errorf("%s: %w: the broker hung up at the first request: it wants a login (set %s and %s), or it is just going down: %w", where, ErrAuth, EnvUser, EnvPassword, err)
	case isAuth(err):
		return c.refused(err)
	case isOurCertificate(err):
		return fmt.Errorf("%s: %w: the broker wants a certificate of the client that it trusts; set %s and %s: %w", where, ErrTLS, EnvTLSCert, EnvTLSKey, err)
	case !encrypted && isAlert(err):
		return fmt.Errorf("%s: %w: the broker speaks TLS on this port; set %s=on: %w", where, ErrTLS, EnvTLS, err)
	case isCertificate(err):
		return fmt.Errorf("%s: %w: the broker's certificate is not trusted; name its authority with %s: %w", where, ErrTLS, EnvTLSCA, err)
	case encrypted && isGarbled(err):
		return fmt.Errorf("%s: %w: the broker does not speak TLS on this port; use its TLS port, or %s=off: %w", where, ErrTLS, EnvTLS, err)
	case isFirstRead(err) && !encrypted:
		return fmt.Errorf("%s: %w: the broker hangs up; it may want TLS (%s=on): %w", where, ErrTLS, EnvTLS, err)
	case isNetwork(err):
		return fmt.Errorf("%s: %w; check that it runs and that the address is right (%s): %w", where, ErrUnreachable, EnvBrokers, err)
	}
	return err
}

func (c Config) refused(err error) error {
	if c.SASL.TokenFile != "" {
		return fmt.Errorf("%s: %w: the broker does not take the token, which may be over; renew the file of %s: %w", strings.Join(c.Brokers, ","), ErrAuth, EnvTokenFile, err)
	}
	return fmt.Errorf("%s: %w for user %q; check user, password and mechanism (%s, %s): %w",
		strings.Join(c.Brokers, ","), ErrAuth, c.SASL.User, EnvPassword, EnvMechanism, err)
}

func (c Config) login() bool { return c.SASL != SASL{} }

// isLoginMissing: the client words its guess itself and gives no other sign.
func isLoginMissing(err error) bool {
	return isSilent(err) && strings.Contains(err.Error(), "is SASL missing")
}

// isHangUp: the connection ended after the versions were agreed on.
func isHangUp(err error) bool { return errors.Is(err, io.EOF) && !isFirstRead(err) }

func isAuth(err error) bool {
	for _, auth := range []error{kerr.SaslAuthenticationFailed, kerr.UnsupportedSaslMechanism, kerr.IllegalSaslState} {
		if errors.Is(err, auth) {
			return true
		}
	}
	// The client words an unknown mechanism itself.
	return strings.Contains(err.Error(), "SASL") && strings.Contains(err.Error(), "mechanism") || strings.Contains(err.Error(), "oauth response")
}

// isOurCertificate: the other side refused what was shown to it, or that nothing was. Package tls has no type for it.
func isOurCertificate(err error) bool {
	return strings.Contains(err.Error(), "remote error: tls: ") && strings.Contains(err.Error(), "certificate")
}

// isAlert: a TLS alert came in answer to what was not TLS. The client words that itself.
func isAlert(err error) bool { return strings.Contains(err.Error(), "tls alert record") }

func isCertificate(err error) bool {
	var verification *tls.CertificateVerificationError
	var alert tls.AlertError
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	return errors.As(err, &verification) || errors.As(err, &alert) || errors.As(err, &unknown) || errors.As(err, &host)
}

// isGarbled: the other side answered a TLS greeting with something else, hung up on it, or waits for more.
func isGarbled(err error) bool {
	var header tls.RecordHeaderError
	return errors.As(err, &header) || isSilent(err) || errors.Is(err, io.ErrUnexpectedEOF) || isHandshakeTimeout(err)
}

func isHandshakeTimeout(err error) bool {
	var op *net.OpError
	return errors.Is(err, context.DeadlineExceeded) && !(errors.As(err, &op) && op.Op == "dial")
}

// isSilent: the connection ended instead of an answer.
func isSilent(err error) bool { return isFirstRead(err) || errors.Is(err, io.EOF) }

// isFirstRead: it did so before anything was answered.
func isFirstRead(err error) bool {
	var first *kgo.ErrFirstReadEOF
	return errors.As(err, &first)
}

func isNetwork(err error) bool {
	var network net.Error
	var dns *net.DNSError
	var file *fs.PathError
	if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) || errors.As(err, &file) {
		return false // it is this side that has no connection left, or a file; the words of a system are those of a network, too
	}
	return errors.As(err, &network) || errors.As(err, &dns) || isSilent(err) || errors.Is(err, context.DeadlineExceeded)
}
