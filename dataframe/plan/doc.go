// Package plan is the logical graph of a frame: what is computed, not how.
//
// A [Node] applies an [Op] to the nodes before it. [Bind] takes the nodes that
// a program ends in and the [Facts] that a sample taught, and gives a [Plan]:
// every node with its schema, the defaults written out, the columns that each
// source must read, and a hash that is the same wherever the same graph is built.
package plan
