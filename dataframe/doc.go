// Package dataframe is the language of cells: lazy tables over topics.
//
// A [Frame] is a value; each method gives another Frame and leaves the first
// as it is. [Frame.GroupBy] gives a [Group], and a Group's windows a
// [Windowed], which ends in a Frame again with Agg. Nothing is read or run
// here: methods build the nodes of package plan and check what can be checked
// without data. A Frame that was built wrongly carries its first error.
package dataframe
