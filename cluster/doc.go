// Package cluster says how a Kafka cluster is reached, and why it is not.
//
// A [Config] holds brokers, SASL and TLS; [FromEnv] reads one from the environment. [Config.Options] are the franz-go options
// for it, [Config.Connect] is a client that has been answered, and [Config.Diagnose] turns an error of the client into one that says what to do.
// Passwords are of type [Secret], which never prints.
package cluster
