package dataframe

import (
	"errors"
	"fmt"

	"github.com/riffle-stream/riffle/dataframe/plan"
)

// ErrStill says that rows of a file or of a cell are not there in a program.
var ErrStill = errors.New("its rows stand still, and a program reads topics: Write(frame, \"topic\") puts them into one, and Topic(\"topic\") reads that")

// Still is a frame of rows that a notebook has without a topic, under a name that tells them from others.
func Still(name string, options ...TopicOption) Frame {
	src := &plan.Source{Topic: name, Format: string(JSON()), Still: true}
	f := Frame{node: plan.New(src)}
	for _, o := range options {
		if err := o.apply(src); err != nil {
			return f.fail("Rows", name, err)
		}
	}
	return f
}

// NotHere is the frame of a function that only notebooks have, in a program.
func NotHere(call, text string) Frame {
	return Frame{}.fail(call, text, fmt.Errorf("%s: %w", call, ErrStill))
}
