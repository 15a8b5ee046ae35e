package plan

// setPolicies gives each step the policy of the nearest OnError after it. The
// steps after the last one keep Stop.
func setPolicies(p *Plan) {
	set := make([]bool, len(p.Steps))
	for i := len(p.Steps) - 1; i >= 0; i-- {
		s := p.Steps[i]
		if o, ok := s.Op.(*OnError); ok {
			s.Policy, set[i] = *o, true
		}
		if !set[i] {
			continue
		}
		for _, in := range s.In {
			if !set[in.ID] {
				in.Policy, set[in.ID] = s.Policy, true
			}
		}
	}
}
