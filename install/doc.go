// Package install puts the kernelspec where Jupyter finds it.
//
// A root is a kernels directory: User, Prefix and SysPrefix name the usual ones. Write makes the
// kernelspec "riffle" in a root, Remove takes it away.
package install
