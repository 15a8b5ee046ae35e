package stream

import (
	"context"
	"time"
)

// auditEvery is how often a process looks whether all tasks of the group have an owner.
const auditEvery = 5 * time.Second

// audit has the group share out its tasks anew if one of them is nobody's.
//
// A task that moves is taken from its owner in one rebalance and given in the
// next, which that owner asks for. If it dies in between and comes back as the
// same static member, the broker gives it what it was given last and sees no
// reason for a rebalance, and so the task would stay nobody's for ever.
func (s *session) audit(ctx context.Context) {
	if s.cfg.control.noAudit || time.Since(s.audited) < auditEvery {
		return
	}
	s.audited = time.Now()
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	groups, err := s.admin.DescribeGroups(ctx, s.cfg.Group)
	if err != nil {
		return // the next time will do
	}
	g := groups[s.cfg.Group]
	if g.Err != nil || g.State != "Stable" {
		return
	}
	given := g.AssignedPartitions()
	for _, p := range s.layout.parts {
		for i := range p.tasks {
			for _, t := range s.layout.of(TaskID{p.sub.ID, int32(i)}) {
				if !given.Lookup(t.topic, t.partition) {
					s.cfg.Log.Warn("a task has no owner, the group shares out anew", "partition", t.String())
					s.group.Client().ForceRebalance()
					return
				}
			}
		}
	}
}
