// Package exported makes programs as users do: a notebook of the repository is exported by riffle export and built by go
// build. [Notebook] gives the module, [Build] the binary. Both run in the root of the repository.
package exported
