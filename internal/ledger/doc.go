// Package ledger checks that a running program loses nothing, doubles nothing
// and computes what it should, whatever happens to it.
//
// [Pipeline] is the program: rows move to another partition, are counted,
// summed in windows, joined with a second topic, and pass a function with
// state. [Input] makes its topics from a seed. [Expect] computes what must come
// out, in one pass over the input and with none of the engine's operators;
// [Check] holds what came out against it, key by key, and gives a [Report].
package ledger
