package corpus

import (
	"slices"

	df "github.com/riffle-stream/riffle/dataframe"
	"github.com/riffle-stream/riffle/dataframe/row"
)

// Case is a pipeline of the corpus.
type Case struct {
	Name  string
	Build func() []df.Frame
	// Written makes of cars as JSON the records of another format; nil: the topics have JSON.
	Written func([]row.Record) ([]row.Record, error)
	// Spread says that what the pipeline gives depends on how many partitions
	// its topics have: its rows come later than it waits, or it looks at the
	// order of rows of different keys.
	Spread bool
}

// Cases are the pipelines, each of which reads the topics "cars" and "gps".
func Cases() []Case {
	return slices.Concat(columns(), windows(), keyed(), joins(), shapes(), headers(), retimed(), formatted())
}

// Records are those of JSON as the pipeline's topics have them.
func (c Case) Records(recs []row.Record) ([]row.Record, error) {
	if c.Written == nil {
		return recs, nil
	}
	return c.Written(recs)
}

func cars() df.Frame { return df.Topic("cars", df.Time("ts")) }

func gps() df.Frame { return df.Topic("gps", df.Time("ts")) }

// one is a pipeline that ends in one frame.
func one(f func() df.Frame) func() []df.Frame { return func() []df.Frame { return []df.Frame{f()} } }
