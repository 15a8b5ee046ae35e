package exec

import (
	"fmt"

	"github.com/riffle-stream/riffle/codec"
	"github.com/riffle-stream/riffle/dataframe/plan"
)

// Registered is the first topic of a plan for which a schema registry is needed, or "".
func Registered(p *plan.Plan, f codec.Formats) (topic string, err error) {
	for _, s := range p.Steps {
		name, format, writing := "", "", false
		switch op := s.Op.(type) {
		case *plan.Source:
			name, format = op.Topic, op.Encoding()
		case *plan.Sink:
			name, format, writing = op.Names()[0], op.Format, true
		default:
			continue
		}
		c, err := f.Parse(format)
		if err != nil {
			return "", fmt.Errorf("topic %q: %w", name, err)
		}
		if d, ok := c.(codec.Described); ok && d.Registered(writing) {
			return name, nil
		}
	}
	return "", nil
}

// Register lets the registry have the schemas of what a plan writes, before its first row.
func Register(p *plan.Plan, f codec.Formats) error {
	for _, s := range p.Steps {
		op, ok := s.Op.(*plan.Sink)
		if !ok {
			continue
		}
		for _, topic := range op.Names() {
			if err := register(s, topic, f); err != nil {
				return fmt.Errorf("topic %q: %w", topic, err)
			}
		}
	}
	return nil
}

func register(s *plan.Step, topic string, f codec.Formats) error {
	c, err := f.Parse(s.Op.(*plan.Sink).Format)
	if err != nil {
		return err
	}
	k := &sink{}
	k.divide(s.Schema)
	e := c.Encoder(k.value, f.Options(codec.Options{TimeUnit: s.TimeUnit(), Subject: plan.Subject(topic)}))
	if r, ok := e.(codec.Registrar); ok {
		return r.Register()
	}
	return nil
}
