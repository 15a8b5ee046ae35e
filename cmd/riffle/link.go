package main

import "github.com/riffle-stream/riffle/modules"

// link is what the linker of modules left in this program: nothing. In programs that it builds, another file has the
// place of this one.
func link() modules.Link { return modules.Link{} }
