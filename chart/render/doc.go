// Package render draws charts.
//
// [Live] gives a chart as SVG and as a line of text for each series, to be
// drawn many times a second; [Final] adds PNG, which is what shows in places
// that show no SVG. Pictures have no background, and colours that can be read
// on white and on black; the same data give the same bytes.
package render
