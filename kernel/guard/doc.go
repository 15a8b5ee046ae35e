// Package guard is the ZeroMQ transport of the kernel: go-zeromq/zmq4 behind a wall that hostile peers do not get past.
//
// A Router or a Publisher is the socket that callers hold. Behind it zmq4 matches topics and routing
// identities. Between zmq4 and the wire stands a transport of ours, which greets each peer itself under a
// deadline, shows zmq4 whole and checked messages only, answers PING, and queues the output of each peer
// apart from the others, within Limits.
//
// It leans on details of zmq4 v0.17.0 (the order and shape of its writes, which errors it takes for the end
// of a connection, when a subscription is in force), so that version is pinned and the tests keep the details.
package guard
