// Package chart says what a chart shows, and gathers its points.
//
// A [Spec] names the mark and the columns; [Data] is the points, a [Series] for
// each key; a [Ring] gathers them from rows that keep coming. Package render
// draws them: it is apart, so that programs which only name a chart do not
// carry fonts and drawing.
package chart
