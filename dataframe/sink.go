package dataframe

import (
	"fmt"
	"slices"

	"github.com/riffle-stream/riffle/dataframe/expr"
	"github.com/riffle-stream/riffle/dataframe/plan"
)

// SinkOption says how rows are written: a [Format], [KeyAs] or [Time].
type SinkOption interface{ sink(*plan.Sink) error }

func (f Format) sink(s *plan.Sink) error {
	s.Format = string(f)
	return nil
}

// To writes the rows to a topic, as JSON if no format is given. The record's key
// is that of the row, or the text of columns with KeyAs("car"); its timestamp is
// the row's event time, or a column with Time("at"). The rows go on as they are.
func (f Frame) To(topic string, options ...SinkOption) Frame {
	if err := CheckTopic(topic); err != nil {
		return f.fail("To", topic, err)
	}
	return f.sink("To", topic, &plan.Sink{Topic: topic}, options)
}

// ToOneOf writes each row to the topic that an expression names, one of those
// given: ToOneOf("'laps-' + car", []string{"laps-1", "laps-44"}). A row for which
// it names another is a bad one, which [Frame.OnError] decides about. Options are
// those of [Frame.To].
func (f Frame) ToOneOf(topic string, topics []string, options ...SinkOption) Frame {
	e, err := expr.Parse(topic)
	if err != nil {
		return f.fail("ToOneOf", topic, err)
	}
	if len(topics) == 0 {
		return f.fail("ToOneOf", topic, fmt.Errorf("is of no topics, want those that it may name, such as []string{\"laps-1\", \"laps-44\"}"))
	}
	for _, t := range topics {
		if err := CheckTopic(t); err != nil {
			return f.fail("ToOneOf", t, err)
		}
	}
	return f.sink("ToOneOf", topic, &plan.Sink{To: e, Topics: slices.Clone(topics)}, options)
}

func (f Frame) sink(method, text string, op *plan.Sink, options []SinkOption) Frame {
	op.Format = string(JSON())
	for _, o := range options {
		if err := o.sink(op); err != nil {
			return f.fail(method, text, err)
		}
	}
	return f.then(op)
}

// Header gives the rows a header that goes out with them: Header("trace",
// "uuid()"). Expressions read it as _headers.trace. It takes the place of one of
// that name that came with a message; null is no header.
func (f Frame) Header(name, value string) Frame {
	e, err := expr.Parse(value)
	if err != nil {
		return f.fail("Header", value, err)
	}
	column := plan.Column{Name: plan.HeaderColumn(name), Expr: e.As("string")}
	return f.then(&plan.With{Columns: []plan.Column{column}, Method: "Header"})
}

// Outputs is several frames as one graph, for a program with several outputs:
// Export(Outputs(fast.To("fast"), slow.To("slow")), "./split"). What they have in
// common is read and computed once, and all is written in one transaction.
func Outputs(first Frame, more ...Frame) Frame { return first.and(more, &plan.Outputs{}) }
