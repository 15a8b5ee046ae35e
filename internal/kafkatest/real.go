package kafkatest

import (
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// shared is the one Kafka of this test binary. Its janitor removes it when the binary ends.
var shared = sync.OnceValues(start)

// Real is the Apache Kafka that all tests of this binary share, started by the first that asks. With KAFKA_BROKERS set it
// is that cluster. Without java or mvn the test is skipped, or fails if CI is set.
func Real(t testing.TB) *Broker {
	t.Helper()
	if brokers := os.Getenv("KAFKA_BROKERS"); brokers != "" {
		return &Broker{Addrs: strings.Split(brokers, ",")}
	}
	return &sharedProcess(t).Broker
}

// Doors are addresses at which a Kafka wants to know who comes.
type Doors struct {
	Login  string // wants [User] and [Password] by PLAIN, or an unsigned token; it speaks SCRAM, too, but knows nobody there. No TLS
	Secure string // the same by PLAIN, over TLS
	Mutual string // wants a certificate of the client

	CA, Cert, Key string // files: who signs, and what a client may show
}

// RealDoors are those of the shared Kafka. KAFKA_BROKERS is not honoured.
func RealDoors(t testing.TB) Doors {
	t.Helper()
	return sharedProcess(t).doors
}

func sharedProcess(t testing.TB) *Process {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped because -short leaves out the real Kafka")
	}
	need(t, "java", "mvn")
	p, err := shared()
	if err != nil {
		t.Fatalf("real kafka: %v", err)
	}
	select {
	case <-p.ended:
		t.Fatalf("real kafka: it ended while the tests ran: %s\n%s", p.java.ProcessState, p.logTail())
	default:
	}
	return p
}

// need skips the test without the commands, loudly; in CI nothing may be skipped.
func need(t testing.TB, commands ...string) {
	t.Helper()
	for _, command := range commands {
		if _, err := exec.LookPath(command); err == nil {
			continue
		}
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not installed, and CI runs the tests of the real Kafka", command)
		}
		t.Skipf("skipped because %s is not installed: the real Kafka needs a Java 17 runtime and Maven", command)
	}
}
