// Package registry asks a schema registry, by the protocol that Confluent's,
// Redpanda's, Karapace and Apicurio speak.
//
// A [Registry] is a [codec.Schemas]: it remembers every answer, since an id
// means one schema for good. Its errors name the subject or id and the place
// that was asked, never a secret.
package registry
