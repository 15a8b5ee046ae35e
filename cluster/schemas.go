package cluster

import (
	"crypto/tls"
	"fmt"
	"net/url"
	"os"
	"strings"
)

// Variables of the schema registry that [FromEnv] reads.
const (
	EnvRegistry             = "SCHEMA_REGISTRY_URL"           // several are separated by commas
	EnvRegistryUser         = "SCHEMA_REGISTRY_USERNAME"      //
	EnvRegistryPassword     = "SCHEMA_REGISTRY_PASSWORD"      //
	EnvRegistryPasswordFile = "SCHEMA_REGISTRY_PASSWORD_FILE" // a file with the password, instead
	EnvRegistryToken        = "SCHEMA_REGISTRY_TOKEN"         // a bearer token, instead of user and password
	EnvRegistryCA           = "SCHEMA_REGISTRY_CA_FILE"       // who may sign its certificate, in PEM
)

// Registry is how to reach a schema registry. The zero value reaches none.
type Registry struct {
	// URLs of it, without a user: see [Registry.At].
	URLs     []string `json:"urls,omitempty"`
	User     string   `json:"user,omitempty"`
	Password Secret   `json:"password,omitzero"`
	Token    Secret   `json:"token,omitzero"`
	CAFile   string   `json:"ca_file,omitempty"`
}

// Empty says that there is no registry.
func (r Registry) Empty() bool { return len(r.URLs) == 0 }

// At is the registry at other URLs, separated by commas. A user and a password
// in one of them are taken out of it, and hold for all. The error wraps [ErrConfig].
func (r Registry) At(urls string) (Registry, error) {
	r.URLs = nil
	for text := range strings.SplitSeq(urls, ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		u, err := url.Parse(text)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return r, fmt.Errorf("%w: the schema registry's URL is not of the form http://host:8081 or https://host", ErrConfig)
		}
		if u.User != nil {
			r.User = u.User.Username()
			if p, ok := u.User.Password(); ok {
				r.Password = NewSecret(p)
			}
			u.User = nil
		}
		r.URLs = append(r.URLs, strings.TrimRight(u.String(), "/"))
	}
	return r, nil
}

// TLS is how connections to it are encrypted, if their URL says so. The error wraps [ErrConfig].
func (r Registry) TLS() (*tls.Config, error) { return TLS{CAFile: r.CAFile}.config() }

func registryFromEnv() (Registry, error) {
	r := Registry{User: os.Getenv(EnvRegistryUser), CAFile: os.Getenv(EnvRegistryCA)}
	if t := os.Getenv(EnvRegistryToken); t != "" {
		r.Token = NewSecret(t)
	}
	var err error
	if r.Password, err = secret(EnvRegistryPassword, EnvRegistryPasswordFile); err != nil {
		return r, err
	}
	if !r.Token.Empty() && !r.Password.Empty() {
		return r, fmt.Errorf("%w: both %s and %s are set; drop one", ErrConfig, EnvRegistryToken, EnvRegistryPassword)
	}
	return r.At(os.Getenv(EnvRegistry))
}

// environment is the registry as the variables that [FromEnv] reads.
func (r Registry) environment() []string {
	return []string{
		EnvRegistry + "=" + strings.Join(r.URLs, ","), EnvRegistryUser + "=" + r.User, EnvRegistryPassword + "=" + r.Password.Reveal(),
		EnvRegistryPasswordFile + "=", EnvRegistryToken + "=" + r.Token.Reveal(), EnvRegistryCA + "=" + r.CAFile,
	}
}
