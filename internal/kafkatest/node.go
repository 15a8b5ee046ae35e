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
)

// User and Password open the listener of [RealLogin].
const (
	User     = "ann"
	Password = "correct-horse"
)

// format makes the folder of a new cluster of one node.
func (p *Process) format() error {
	broker, err := freePort()
	if err != nil {
		return err
	}
	controller, err := freePort()
	if err != nil {
		return err
	}
	var doors [3]int // that want a login, TLS and a login, a certificate
	for i := range doors {
		if doors[i], err = freePort(); err != nil {
			return err
		}
	}
	p.Addrs = []string{local(broker)}
	p.doors = Doors{Login: local(doors[0]), Secure: local(doors[1]), Mutual: local(doors[2])}
	if p.doors.CA, p.doors.Cert, p.doors.Key, err = certificates(p.dir); err != nil {
		return err
	}
	if err := os.WriteFile(p.properties(), properties(p.dir, broker, controller, doors), 0o600); err != nil {
		return err
	}
	var id [16]byte
	rand.Read(id[:])
	cmd := p.command("-Xmx256m", "kafka.tools.StorageTool", "format", "--config", p.properties(), "--cluster-id", base64.RawURLEncoding.EncodeToString(id[:]))
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

// properties configures one node: small internal topics without replicas, rows of any age, and no wait for a group's first members. Everybody
// may do everything until a test forbids it. A broker that was
// killed may register again only when its old session has timed out, so that is short.
func properties(dir string, broker, controller int, doors [3]int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:%[3]d
listeners=PLAINTEXT://127.0.0.1:%[2]d,CONTROLLER://127.0.0.1:%[3]d,LOGIN://127.0.0.1:%[4]d,SECURE://127.0.0.1:%[7]d,MUTUAL://127.0.0.1:%[8]d
advertised.listeners=PLAINTEXT://127.0.0.1:%[2]d,LOGIN://127.0.0.1:%[4]d,SECURE://127.0.0.1:%[7]d,MUTUAL://127.0.0.1:%[8]d
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,LOGIN:SASL_PLAINTEXT,SECURE:SASL_SSL,MUTUAL:SSL
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER
listener.name.login.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_%[5]s="%[6]s";
listener.name.login.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.login.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.login.oauthbearer.sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";
listener.name.secure.sasl.enabled.mechanisms=PLAIN
listener.name.secure.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_%[5]s="%[6]s";
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
default.replication.factor=1
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
log.retention.ms=-1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=3000
log.cleaner.dedupe.buffer.size=16777216
`, dir, broker, controller, doors[0], User, Password, doors[1], doors[2])
	return b.Bytes()
}
