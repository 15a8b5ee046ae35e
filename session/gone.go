package session

import (
	"slices"

	"github.com/riffle-stream/riffle/broker/embedded"
	"github.com/riffle-stream/riffle/sampler"
	"github.com/riffle-stream/riffle/sampler/file"
)

// gone says whether topics are pinned only from earlier lives of the embedded
// broker, which nobody can go back to: what has their names now is sampled without a question.
func (s *samples) gone(clusterID string, topics []string) bool {
	if !embedded.IsCluster(clusterID) {
		return false
	}
	pins, err := sampler.Pins{Dir: s.dir}.List()
	if err != nil {
		return false
	}
	for _, p := range pins {
		for _, t := range p.Topics {
			if slices.Contains(topics, t.Name) && !embedded.IsCluster(p.ClusterID) {
				return false
			}
		}
	}
	return true
}

// ended says whether one of the topics is pinned from an earlier life of the embedded broker.
func (s *samples) ended(clusterID string, topics []string) bool {
	pins, err := sampler.Pins{Dir: s.dir}.List()
	return err == nil && embedded.IsCluster(clusterID) && slices.ContainsFunc(pins, func(p sampler.Pin) bool {
		return embedded.IsCluster(p.ClusterID) && p.ClusterID != clusterID &&
			slices.ContainsFunc(p.Topics, func(t file.Topic) bool { return slices.Contains(topics, t.Name) })
	})
}
