package corpus

import (
	"slices"

	df "github.com/riffle-stream/riffle/dataframe"
)

// Case is a pipeline of the corpus.
type Case struct {
	Name  string
	Build func() []df.Frame
	// Spread says that what the pipeline gives depends on how many partitions
	// its topics have: its rows come later than it waits, or it looks at the
	// order of rows of different keys.
	Spread bool
}

// Cases are the pipelines, each of which reads the topics "cars" and "gps".
func Cases() []Case { return slices.Concat(columns(), windows(), keyed(), joins(), shapes(), retimed()) }

func cars() df.Frame { return df.Topic("cars", df.Time("ts")) }

func gps() df.Frame { return df.Topic("gps", df.Time("ts")) }

// one is a pipeline that ends in one frame.
func one(f func() df.Frame) func() []df.Frame { return func() []df.Frame { return []df.Frame{f()} } }
