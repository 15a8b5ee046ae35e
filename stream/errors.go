package stream

import (
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
)

// Why a run ends for good. Each error of [Run] that a restart cannot mend wraps one of them, or is an [*exec.BadRow].
var (
	// ErrConfig: a setting is missing or wrong.
	ErrConfig = errors.New("configuration")
	// ErrTopic: a topic is not there, or is not as the program needs it.
	ErrTopic = errors.New("topic")
	// ErrFenced: another process runs as the same instance.
	ErrFenced = errors.New("fenced")
	// ErrLayout: the group is used by another program, or by another version of this one.
	ErrLayout = errors.New("group of another program")
	// ErrMoved: the group's offsets are not those that the state was saved with.
	ErrMoved = errors.New("offsets were moved")
	// ErrGone: rows that were to be read next are no longer in their topic.
	ErrGone = errors.New("rows are gone")
	// ErrDenied: the broker does not allow it.
	ErrDenied = errors.New("access denied")
)

// permanent says whether trying again cannot help.
func permanent(err error) bool {
	for _, end := range []error{ErrConfig, ErrTopic, ErrFenced, ErrLayout, ErrMoved, ErrGone} {
		if errors.Is(err, end) {
			return true
		}
	}
	return lacks(err) != ""
}

// denials are the broker's words for what is not allowed, and what to allow.
var denials = []struct {
	err  *kerr.Error
	need string
}{
	{kerr.TopicAuthorizationFailed, "READ on the topics it reads, WRITE and DESCRIBE on those it writes, CREATE on its own; --describe lists them"},
	{kerr.GroupAuthorizationFailed, "READ on its group"},
	{kerr.TransactionalIDAuthorizationFailed, "WRITE and DESCRIBE on transactional ids that begin with its group"},
	{kerr.ClusterAuthorizationFailed, "IDEMPOTENT_WRITE on the cluster"},
}

// denied adds what to allow to an error of the broker that refuses something; others come back as they are.
func denied(err error) error {
	if need := lacks(err); need != "" {
		return fmt.Errorf("%w: the program needs %s: %w", ErrDenied, need, err)
	}
	return err
}

// lacks is the right that is missing, or "".
func lacks(err error) string {
	for _, d := range denials {
		if errors.Is(err, d.err) {
			return d.need
		}
	}
	return ""
}
