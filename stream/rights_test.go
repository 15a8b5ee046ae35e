package stream

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
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
			run := counting(t, topic, doors.Login, ann)
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

// TestRightsMissingAtTheStart has a real broker allow less than a program needs, before it runs for the first time. Each
// program is somebody else, by a token, since the right to make topics is one for all topics.
func TestRightsMissingAtTheStart(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because -short leaves out the real Kafka")
	}
	k, doors := kafkatest.Real(t), kafkatest.RealDoors(t)
	for name, c := range map[string]struct {
		allow func(acl *kadm.ACLBuilder, name string) *kadm.ACLBuilder // and nothing else there
		want  error
		say   []string
	}{
		"see topic": {func(acl *kadm.ACLBuilder, name string) *kadm.ACLBuilder {
			return acl.Topics(name).Operations(kadm.OpCreate)
		}, ErrTopic, []string{"NAME", "is not there", "DESCRIBE"}},
		"read topic": {func(acl *kadm.ACLBuilder, name string) *kadm.ACLBuilder {
			return acl.Topics(name).Operations(kadm.OpDescribe)
		}, ErrDenied, []string{"read NAME/0", "READ"}},
		"write topic": {func(acl *kadm.ACLBuilder, name string) *kadm.ACLBuilder {
			return acl.Topics(name+"-out").Operations(kadm.OpDescribe, kadm.OpCreate)
		}, ErrDenied, []string{"write NAME-out", "WRITE"}},
		"write changelog": {func(acl *kadm.ACLBuilder, name string) *kadm.ACLBuilder {
			return acl.Topics(name+"-0-changelog").Operations(kadm.OpDescribe, kadm.OpCreate)
		}, ErrDenied, []string{"write NAME-0-changelog", "WRITE"}},
		"make topics": {func(acl *kadm.ACLBuilder, name string) *kadm.ACLBuilder {
			return acl.Clusters().Topics(name + "-0-changelog").Operations(kadm.OpDescribe)
		}, ErrDenied, []string{"make topic NAME-0-changelog", "CREATE"}},
		"join group": {func(acl *kadm.ACLBuilder, name string) *kadm.ACLBuilder {
			return acl.Groups(name).Operations(kadm.OpDescribe)
		}, ErrDenied, []string{"group NAME", "READ on its group"}},
		"transactional id": {func(acl *kadm.ACLBuilder, name string) *kadm.ACLBuilder {
			return acl.TransactionalIDs(name + "-one").Operations(kadm.OpDescribe)
		}, ErrDenied, []string{"transactional id NAME-one", "WRITE"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			topic := k.Topic(t, "start", 1)
			who := topic + "-user"
			run := counting(t, topic, doors.Login, cluster.SASL{TokenFile: tokenOf(t, who)})
			k.Produce(t, &kgo.Record{Topic: topic, Key: []byte("a"), Value: []byte(`{"id":1,"k":"a"}`)})
			adm := k.Admin(t)
			acl := c.allow(kadm.NewACLs(), topic).Allow("User:" + who).AllowHosts().ResourcePatternType(kadm.ACLPatternLiteral)
			if _, err := adm.CreateACLs(t.Context(), acl); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
			err := run(1)
			if !errors.Is(err, c.want) || exitCode(err) != exitDecide {
				t.Errorf("exit %d with %v\nwant %d with %v", exitCode(err), err, exitDecide, c.want)
			}
			for _, say := range c.say {
				if say = strings.ReplaceAll(say, "NAME", topic); !strings.Contains(fmt.Sprint(err), say) {
					t.Errorf("it says %v\nwant %q in it", err, say)
				}
			}
			t.Log(err)
			if _, err := adm.DeleteACLs(t.Context(), acl); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
			if err := run(1); err != nil {
				t.Fatal(err)
			}
			if got := k.Read(t, topic+"-out"); len(got) != 1 || string(got[0].Value) != `{"n":1}` {
				t.Errorf("written %v", got)
			}
		})
	}
}

// tokenOf is a file with an unsigned token of somebody.
func tokenOf(t *testing.T, who string) string {
	t.Helper()
	part := base64.RawURLEncoding.EncodeToString
	claims := fmt.Sprintf(`{"sub":%q,"iat":%d,"exp":%d}`, who, time.Now().Add(-time.Hour).Unix(), time.Now().Add(time.Hour).Unix())
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(part([]byte(`{"alg":"none"}`))+"."+part([]byte(claims))+"."), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// ann comes with her password.
var ann = cluster.SASL{User: kafkatest.User, Password: cluster.NewSecret(kafkatest.Password)}

// counting is a program with state that runs until it has committed so many rows more.
func counting(t *testing.T, topic, broker string, who cluster.SASL) func(rows int) error {
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
			Cluster: cluster.Config{Brokers: []string{broker}, SASL: who, TLS: cluster.TLS{Mode: "off"}},
			Group:   topic, Instance: "one", StateDir: dir, Idle: -1, Retries: -1,
			Events: Events{Committed: func(c Committed) {
				if rows -= c.Rows; rows <= 0 {
					cancel()
				}
			}},
		})
	}
}
