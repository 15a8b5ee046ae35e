package stream

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/riffle-stream/riffle/cluster"
	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/plan"
	"github.com/riffle-stream/riffle/internal/kafkatest"
)

// TestRightsTakenAway has a real broker forbid a program that runs what it
// needs: it ends with one message that names what was refused and the right,
// and goes on where it was when it is allowed again.
func TestRightsTakenAway(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because -short leaves out the real Kafka")
	}
	k, doors := kafkatest.Real(t), kafkatest.RealDoors(t)
	for name, c := range map[string]struct {
		forbid func(acl *kadm.ACLBuilder, name string) *kadm.ACLBuilder
		say    string
	}{
		"read topic": {func(acl *kadm.ACLBuilder, name string) *kadm.ACLBuilder {
			return acl.Topics(name).Operations(kadm.OpRead)
		}, "read NAME/0"},
		"write topic": {func(acl *kadm.ACLBuilder, name string) *kadm.ACLBuilder {
			return acl.Topics(name + "-out").Operations(kadm.OpWrite)
		}, "write NAME-out"},
		"write changelog": {func(acl *kadm.ACLBuilder, name string) *kadm.ACLBuilder {
			return acl.Topics(name + "-0-changelog").Operations(kadm.OpWrite)
		}, "write NAME-0-changelog"},
		"read group": {func(acl *kadm.ACLBuilder, name string) *kadm.ACLBuilder {
			return acl.Groups(name).Operations(kadm.OpRead)
		}, "group NAME"},
		"transactional id": {func(acl *kadm.ACLBuilder, name string) *kadm.ACLBuilder {
			return acl.TransactionalIDs(name + "-one").Operations(kadm.OpWrite)
		}, "transactional id"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			topic := k.Topic(t, "rights", 1)
			run := counting(t, topic, doors.Login)
			put := func() {
				k.Produce(t, &kgo.Record{Topic: topic, Key: []byte("a"), Value: []byte(`{"id":1,"k":"a"}`)})
			}
			put()
			if err := run(1); err != nil {
				t.Fatal(err)
			}
			adm := k.Admin(t)
			acl := c.forbid(kadm.NewACLs(), topic).Deny("User:" + kafkatest.User).DenyHosts().ResourcePatternType(kadm.ACLPatternLiteral)
			forbid := time.AfterFunc(2*time.Second, func() {
				made, err := adm.CreateACLs(t.Context(), acl)
				for _, m := range made {
					err = errors.Join(err, m.Err)
				}
				if err != nil {
					t.Error(err)
				}
				time.Sleep(time.Second)
				put()
			})
			defer forbid.Stop()
			err := run(2) // of which it gets one at most
			if say := strings.ReplaceAll(c.say, "NAME", topic); !errors.Is(err, ErrDenied) || !strings.Contains(fmt.Sprint(err), say) || exitCode(err) != exitDecide {
				t.Errorf("exit %d with %v\nwant %d with %q", exitCode(err), err, exitDecide, say)
			}
			t.Log(err)
			if _, err := adm.DeleteACLs(t.Context(), acl); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
			if err := run(1); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range k.Read(t, topic+"-out") {
				got = append(got, string(r.Value))
			}
			if want := `{"n":1} {"n":2}`; strings.Join(got, " ") != want {
				t.Errorf("written %v, want %s", got, want)
			}
		})
	}
}

// counting is a program with state that runs until it has committed so many rows more.
func counting(t *testing.T, topic, broker string) func(rows int) error {
	t.Helper()
	count := func(r df.Row, s *df.State) df.Row {
		s.Set("n", s.Int("n", 0)+1)
		return r.With("n", s.Int("n", 0))
	}
	f := df.Topic(topic, df.Fields("id int", "k string"), df.KeyAs("k")).GroupBy("k").ApplyState(count, "n int").Select("n").To(topic + "-out")
	p, err := plan.Bind([]*plan.Node{f.Node()}, plan.Facts{})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	return func(rows int) error {
		ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
		defer cancel()
		return Run(ctx, p, Config{
			Cluster: cluster.Config{Brokers: []string{broker}, SASL: cluster.SASL{User: kafkatest.User, Password: cluster.NewSecret(kafkatest.Password)}, TLS: cluster.TLS{Mode: "off"}},
			Group:   topic, Instance: "one", StateDir: dir, Idle: -1, Retries: -1,
			Events: Events{Committed: func(c Committed) {
				if rows -= c.Rows; rows <= 0 {
					cancel()
				}
			}},
		})
	}
}
