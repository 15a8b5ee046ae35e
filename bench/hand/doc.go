// Package hand holds the programs that Riffle is measured against: each job written by hand for franz-go and nothing
// else, as an engineer would who wants speed. They are frozen: a ratio is not tuned by its denominator.
//
// They are exactly-once by transactions that end every 100 ms, and stop at a malformed row. They keep their state in
// memory without a changelog, so a crash loses it; Riffle's does not, and pays for that.
//
// [Run] is the loop that they share, a [Reading] or a [Motion] what they decode.
package hand
