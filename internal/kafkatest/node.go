package kafkatest

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// User and Password open the listener of [RealLogin].
const (
	User     = "ann"
	Password = "correct-horse"
)

// place is where a node stands in its cluster.
type place struct {
	id          int
	cluster     string // the cluster's id
	controllers []int  // the ports of all nodes, by their ids
	front       string // the address that clients are told who come by the listener FRONT; "" is its own
}

// alone is the only node of a new cluster.
func alone() (place, error) {
	controller, err := freePort()
	return place{id: 1, cluster: newClusterID(), controllers: []int{controller}}, err
}

func newClusterID() string {
	var id [16]byte
	rand.Read(id[:])
	return base64.RawURLEncoding.EncodeToString(id[:])
}

// voters are the controllers as Kafka wants to be told of them.
func (p place) voters() string {
	var all []string
	for i, port := range p.controllers {
		all = append(all, fmt.Sprintf("%d@%s", i+1, local(port)))
	}
	return strings.Join(all, ",")
}

// format makes the folder of a node.
func (p *Process) format(at place) error {
	var ports [5]int // of the listener without a login, those that want a login, TLS and a login, a certificate, and the one that has a front
	var err error
	for i := range ports {
		if ports[i], err = freePort(); err != nil {
			return err
		}
	}
	p.Addrs, p.behind = []string{local(ports[0])}, local(ports[4])
	p.doors = Doors{Login: local(ports[1]), Secure: local(ports[2]), Mutual: local(ports[3])}
	if p.doors.CA, p.doors.Cert, p.doors.Key, err = certificates(p.dir); err != nil {
		return err
	}
	if at.front == "" {
		at.front = p.behind
	}
	if err := os.WriteFile(p.properties(), properties(p, at), 0o600); err != nil {
		return err
	}
	cmd := p.command("-Xmx256m", "kafka.tools.StorageTool", "format", "--config", p.properties(), "--cluster-id="+at.cluster) // which may begin with a dash
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("format: %w\n%s", err, out)
	}
	return nil
}

func local(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

func (p *Process) properties() string { return filepath.Join(p.dir, "server.properties") }

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// properties configures a node: small internal topics, on three nodes at most, rows of any age, and no wait for a group's first members. Everybody
// may do everything until a test forbids it. A broker that was
// killed may register again only when its old session has timed out, so that is short; of several nodes it is longer, for a machine that has much to do.
// Leaders go back to where they were soon.
func properties(p *Process, at place) []byte {
	replicas, session := min(3, len(at.controllers)), 3000
	if replicas > 1 {
		session = 6000
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `process.roles=broker,controller
node.id=%[1]d
controller.quorum.voters=%[2]s
listeners=PLAINTEXT://%[4]s,CONTROLLER://%[3]s,LOGIN://%[5]s,SECURE://%[6]s,MUTUAL://%[7]s,FRONT://%[8]s
advertised.listeners=PLAINTEXT://%[4]s,LOGIN://%[5]s,SECURE://%[6]s,MUTUAL://%[7]s,FRONT://%[9]s
`, at.id, at.voters(), local(at.controllers[at.id-1]), p.Addrs[0], p.doors.Login, p.doors.Secure, p.doors.Mutual, p.behind, at.front)
	fmt.Fprintf(&b, `listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,LOGIN:SASL_PLAINTEXT,SECURE:SASL_SSL,MUTUAL:SSL,FRONT:PLAINTEXT
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER
listener.name.login.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_%[2]s="%[3]s";
listener.name.login.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.login.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.login.oauthbearer.sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";
listener.name.secure.sasl.enabled.mechanisms=PLAIN
listener.name.secure.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_%[2]s="%[3]s";
ssl.keystore.type=PEM
ssl.keystore.location=%[1]s/broker.pem
ssl.truststore.type=PEM
ssl.truststore.location=%[1]s/ca.pem
listener.name.mutual.ssl.client.auth=required
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
allow.everyone.if.no.acl.found=true
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs=%[1]s/data
auto.create.topics.enable=false
num.partitions=1
log.retention.ms=-1
default.replication.factor=%[4]d
min.insync.replicas=%[5]d
offsets.topic.num.partitions=4
offsets.topic.replication.factor=%[4]d
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=%[4]d
transaction.state.log.min.isr=%[5]d
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=%[4]d
share.coordinator.state.topic.min.isr=%[5]d
group.initial.rebalance.delay.ms=0
leader.imbalance.check.interval.seconds=5
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=%[6]d
log.cleaner.dedupe.buffer.size=16777216
`, p.dir, User, Password, replicas, max(1, replicas-1), session)
	return b.Bytes()
}
