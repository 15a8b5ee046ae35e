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

// RealLogin are the addresses at which the shared Kafka wants [User] and [Password], without TLS: by PLAIN; it speaks SCRAM, too, but knows
// nobody there. KAFKA_BROKERS is not honoured.
func RealLogin(t testing.TB) []string {
	t.Helper()
	return []string{sharedProcess(t).login}
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
