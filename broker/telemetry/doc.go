// Package telemetry invents what twenty racing cars send: the data that a notebook can be tried on.
//
// A [Race] is a seed and a start; every row is a pure function of them. Its [Race.Telemetry] is a [Stream] of twenty
// readings a second from each car, in the order in which they arrive, with some late, some incomplete and some wrong; its [Race.GPS] is
// one position a second from each. [Rows] and [Positions] are the first n of them, for tests and benchmarks.
// Speed, gear, engine and position belong together: a car brakes for the corner that it is in.
package telemetry
