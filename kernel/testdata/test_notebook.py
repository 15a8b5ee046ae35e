"""A notebook from its first cell to its last, through nbclient."""
import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError


def run(*cells, **options):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    NotebookClient(notebook, kernel_name="echo", timeout=20, **options).execute()
    nbformat.validate(notebook)
    return notebook


def test_outputs():
    nb = run("print a\nvalue", "show one", "update two", "flood 3000")
    assert [c.execution_count for c in nb.cells] == [1, 2, 3, 4]
    assert nb.cells[0].outputs[0].text == "a\n" and nb.cells[0].outputs[1].data == {"text/plain": "value"}
    assert nb.cells[1].outputs[0].data == {"text/plain": "two"}, "an update changes what was shown before"
    assert "".join(o.text for o in nb.cells[3].outputs) == "".join(f"line {i}\n" for i in range(3000))


def test_error_stops_the_notebook():
    with pytest.raises(CellExecutionError, match="Failed: why"):
        run("fail why", "never")


def test_a_dead_worker_is_an_error_and_not_a_dead_kernel():
    nb = run("crash boom", "still here", allow_errors=True)
    assert nb.cells[0].outputs[0].ename == "WorkerDied"
    assert nb.cells[1].outputs[-1].data == {"text/plain": "still here"}
