package dataframe

import "github.com/riffle-stream/riffle/dataframe/plan"

// Table is a frame of a topic whose records are the latest of their keys: a
// record takes the place of the one before it that has its key, and one without
// a value deletes it. Compacted topics are such. Give it to [Frame.Lookup].
func Table(topic string, options ...TopicOption) Frame {
	f := Topic(topic, options...)
	if src, ok := f.source(); ok {
		src.Table = true
	}
	return f
}

// source is the source that the frame is, if it is no more than that.
func (f Frame) source() (*plan.Source, bool) {
	if f.node == nil {
		return nil, false
	}
	src, ok := f.node.Op.(*plan.Source)
	return src, ok
}

// Lookup gives each row what a table has for its key:
// Lookup(Table("drivers"), On("car")). It is what the table had at the row's
// event time; Grace is how far rows may come late for that. A row that the
// table has nothing for is left out, unless Left is given.
func (f Frame) Lookup(table Frame, options ...JoinOption) Frame {
	j, err := joinOptions("Lookup", options)
	if err != nil {
		return f.failed(err)
	}
	switch {
	case table.Err() != nil:
		return f.failed(table.Err())
	case f.Err() != nil:
		return f.told()
	}
	if err := plan.CheckTable(table.node); err != nil {
		return f.fail("Lookup", "", err)
	}
	f.node = plan.New(&plan.Lookup{Sides: j.Sides}, keyed(f.node, j.On), table.node)
	return f.told()
}
