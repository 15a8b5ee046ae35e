package cluster

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Variables that [FromEnv] reads.
const (
	EnvBrokers       = "KAFKA_BROKERS"            // host:port, separated by commas
	EnvMechanism     = "KAFKA_SASL_MECHANISM"     // PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER
	EnvUser          = "KAFKA_SASL_USERNAME"      //
	EnvPassword      = "KAFKA_SASL_PASSWORD"      //
	EnvPasswordFile  = "KAFKA_SASL_PASSWORD_FILE" // a file with the password, instead
	EnvTokenFile     = "KAFKA_SASL_TOKEN_FILE"    // a file with the token of OAUTHBEARER
	EnvTLS           = "KAFKA_TLS"                // on or off
	EnvTLSCA         = "KAFKA_TLS_CA_FILE"        // and so on: the files and the name of TLS
	EnvTLSCert       = "KAFKA_TLS_CERT_FILE"
	EnvTLSKey        = "KAFKA_TLS_KEY_FILE"
	EnvTLSServerName = "KAFKA_TLS_SERVER_NAME"
	EnvTLSSkipVerify = "KAFKA_TLS_SKIP_VERIFY" // true takes any certificate
	EnvClientID      = "KAFKA_CLIENT_ID"
)

// FromEnv is the cluster that the environment names; without [EnvBrokers] it has no brokers. The error wraps [ErrConfig].
func FromEnv() (Config, error) {
	c := Config{
		SASL:     SASL{Mechanism: os.Getenv(EnvMechanism), User: os.Getenv(EnvUser), TokenFile: os.Getenv(EnvTokenFile)},
		ClientID: os.Getenv(EnvClientID),
		TLS: TLS{
			Mode: os.Getenv(EnvTLS), CAFile: os.Getenv(EnvTLSCA), CertFile: os.Getenv(EnvTLSCert),
			KeyFile: os.Getenv(EnvTLSKey), ServerName: os.Getenv(EnvTLSServerName),
		},
	}
	for b := range strings.SplitSeq(os.Getenv(EnvBrokers), ",") {
		if b = strings.TrimSpace(b); b != "" {
			c.Brokers = append(c.Brokers, b)
		}
	}
	var err error
	if v := os.Getenv(EnvTLSSkipVerify); v != "" {
		if c.TLS.SkipVerify, err = strconv.ParseBool(v); err != nil {
			return Config{}, fmt.Errorf("%w: %s is %q, want true or false", ErrConfig, EnvTLSSkipVerify, v)
		}
	}
	if c.SASL.Password, err = secret(EnvPassword, EnvPasswordFile); err != nil {
		return c, err
	}
	c.Registry, err = registryFromEnv()
	return c, err
}

// secret is what a variable has, or the file that another one names.
func secret(env, envFile string) (Secret, error) {
	value, file := os.Getenv(env), os.Getenv(envFile)
	switch {
	case value != "" && file != "":
		return Secret{}, fmt.Errorf("%w: both %s and %s are set; drop one", ErrConfig, env, envFile)
	case file != "":
		b, err := readLimited(file)
		if err != nil {
			return Secret{}, fmt.Errorf("%w: %s: %w", ErrConfig, envFile, err)
		}
		return NewSecret(strings.TrimRight(string(b), "\r\n")), nil
	case value != "":
		return NewSecret(value), nil
	}
	return Secret{}, nil
}

// Environment is the Config as the variables that [FromEnv] reads, for a child process: the only way in which a
// password leaves this one. The error wraps [ErrConfig].
func (c Config) Environment() ([]string, error) {
	if strings.Contains(strings.Join(c.Brokers, ""), ",") {
		return nil, errors.Join(ErrConfig, errors.New("a broker's name has a comma"))
	}
	env := []string{EnvBrokers + "=" + strings.Join(c.Brokers, ",")}
	for _, v := range [][2]string{
		{EnvMechanism, c.SASL.Mechanism}, {EnvUser, c.SASL.User}, {EnvPassword, c.SASL.Password.Reveal()}, {EnvPasswordFile, ""}, {EnvTokenFile, c.SASL.TokenFile},
		{EnvTLS, c.TLS.Mode}, {EnvTLSCA, c.TLS.CAFile}, {EnvTLSCert, c.TLS.CertFile}, {EnvTLSKey, c.TLS.KeyFile},
		{EnvTLSServerName, c.TLS.ServerName}, {EnvTLSSkipVerify, strconv.FormatBool(c.TLS.SkipVerify)}, {EnvClientID, c.ClientID},
	} {
		env = append(env, v[0]+"="+v[1])
	}
	return append(env, c.Registry.environment()...), nil
}
