// Package install puts the kernelspec where Jupyter finds it, and says what is missing beside it.
//
// A Place is where: User, Prefix and SysPrefix name the usual ones. Write makes the kernelspec "riffle" in its
// folder of kernels, Remove takes it away; Papermill teaches the papermill there to write parameters in Go. A
// Finding is what a look at the machine found; Jupyter and Go are the looks of this package.
package install
