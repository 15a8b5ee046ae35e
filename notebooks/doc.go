// Package notebooks holds the notebooks that show what Riffle does, and the tests that run them.
//
// Each notebook is executed through nbclient and compared with pandas; the tour is opened in JupyterLab, too, in a
// browser without a window; the cells of the documentation are run in their order.
package notebooks
