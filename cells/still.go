package cells

import "github.com/riffle-stream/riffle/dataframe"

// ReadCSV is a frame of a CSV file. Its first row names the columns, unless
// CSV("car", "speed") does; CSV().Separated(";") says what is between fields. It takes the options of Topic.
func ReadCSV(path string, options ...TopicOption) Frame { return dataframe.NotHere("ReadCSV", path) }

// ReadJSONL is a frame of a file with an object of JSON a line. It takes the options of Topic.
func ReadJSONL(path string, options ...TopicOption) Frame {
	return dataframe.NotHere("ReadJSONL", path)
}

// ReadParquet is a frame of a Parquet file. It takes the options of Topic.
func ReadParquet(path string, options ...TopicOption) Frame {
	return dataframe.NotHere("ReadParquet", path)
}

// Rows is a frame of rows that a cell has: a text with an object of JSON a line,
// a []map[string]any, or what Collect gave. It takes the options of Topic.
func Rows(rows any, options ...TopicOption) Frame { return dataframe.NotHere("Rows", "") }

// Generate is a frame of n rows that a function makes, the i-th from i. It takes the options of Topic.
func Generate(n int, row func(i int) map[string]any, options ...TopicOption) Frame {
	return dataframe.NotHere("Generate", "")
}
