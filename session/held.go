package session

import (
	"github.com/riffle-stream/riffle/sampler/file"
)

// keepStill holds the rows of a file or a cell under their name. They stay until the session ends.
func (s *samples) keepStill(name string, sample *file.Sample) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.still[name] = sample
}

// apart are the samples of the names that have no topic, and the topics.
func (s *samples) apart(names []string) (still []*file.Sample, topics []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range names {
		if sample := s.still[n]; sample != nil {
			still = append(still, sample)
		} else {
			topics = append(topics, n)
		}
	}
	return still, topics
}

// held is the sample in memory that holds all of these topics.
func (s *samples) held(names []string) (*file.Sample, bool) {
	still, topics := s.apart(names)
	if len(topics) > 0 {
		one, ok := s.pinnedTogether(topics)
		if !ok {
			return nil, false
		}
		still = append([]*file.Sample{one}, still...)
	}
	if len(still) == 0 {
		return nil, false
	}
	sample, err := file.Merge(still...)
	return sample, err == nil
}

// pinnedTogether is the pinned sample that holds all of these topics.
func (s *samples) pinnedTogether(topics []string) (*file.Sample, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var one *file.Sample
	for i, t := range topics {
		p := s.pinned[t]
		if p == nil || i > 0 && p != one {
			return nil, false
		}
		one = p
	}
	return one, one != nil
}

// have says whether the topics' samples are in memory.
func (s *samples) have(names []string) bool {
	_, topics := s.apart(names)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range topics {
		if s.pinned[t] == nil {
			return false
		}
	}
	return true
}
