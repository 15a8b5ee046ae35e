"""The clients that people run notebooks with, from the kernelspec on."""
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pexpect
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError


def notebook(*cells):
    """A notebook for riffle; a cell may be a pair of its tag and its text."""
    made = [c if isinstance(c, tuple) else (None, c) for c in cells]
    nb = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "riffle", "display_name": "Riffle (Go)", "language": "go"}})
    nb.cells = [nbformat.v4.new_code_cell(text, metadata={"tags": [tag]} if tag else {}) for tag, text in made]
    return nb


def tool(*args, directory):
    """Runs a program of the environment, which has to go well."""
    done = subprocess.run([sys.executable, "-m", *args], cwd=directory, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def text(cell):
    shown = [o.get("text") or o.data["text/plain"] for o in cell.outputs]
    return "".join(shown)


def test_nbclient(tmp_path):
    nb = notebook('import "fmt"\nx := 20', 'fmt.Println("x is", x)', "x + 22")
    NotebookClient(nb, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()
    nbformat.validate(nb)
    assert [c.execution_count for c in nb.cells] == [1, 2, 3]
    assert (text(nb.cells[1]), text(nb.cells[2]).strip()) == ("x is 20\n", "42")
    language = nb.metadata.language_info
    assert (language.name, language.mimetype, language.file_extension) == ("go", "text/x-go", ".go")


def test_nbclient_stops_at_an_error():
    nb = notebook("missing + 1", "never := 1")
    with pytest.raises(CellExecutionError, match="undefined: missing"):
        NotebookClient(nb, timeout=60).execute()
    assert nb.cells[1].execution_count is None


def test_nbconvert(tmp_path):
    nbformat.write(notebook("func half(x float64) float64 { return x / 2 }", 'import "fmt"\nfmt.Println(half(3))'), tmp_path / "n.ipynb")
    tool("nbconvert", "--execute", "--to", "notebook", "--inplace", "n.ipynb", directory=tmp_path)  # keeps how Go is coloured
    tool("nbconvert", "--to", "html", "n.ipynb", directory=tmp_path)
    page = (tmp_path / "n.html").read_text()
    assert '<span class="kd">func</span>' in page, "Go is not coloured"
    assert "<pre>1.5\n</pre>" in page
    tool("nbconvert", "--to", "script", "n.ipynb", directory=tmp_path)
    assert "func half" in (tmp_path / "n.go").read_text()


@pytest.fixture
def papermill(tmp_path):
    """Runs papermill with what riffle install --papermill gave it."""
    prefix = tmp_path / "env"
    site = prefix / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    (site / "papermill").mkdir(parents=True)  # it looks whether papermill is there; the real one is found later on the path
    riffle = os.environ["RIFFLE"]
    subprocess.run([riffle, "install", "--papermill", "--prefix", prefix], check=True)

    def run(nb, *args):
        nbformat.write(nb, tmp_path / "in.ipynb")
        env = {**os.environ, "PYTHONPATH": str(site)}
        done = subprocess.run([sys.executable, "-m", "papermill", "in.ipynb", "out.ipynb", *args], cwd=tmp_path, env=env,
                              capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return nbformat.read(tmp_path / "out.ipynb", 4), done.stdout + done.stderr

    yield run
    subprocess.run([riffle, "uninstall", "--prefix", prefix], check=True)
    assert [p.name for p in site.iterdir()] == ["papermill"], "uninstall leaves something behind"


PARAMETERS = """speed := 3.6 // kilometres an hour
var name string = "Ada"
n := 2
fast := false
"""


def test_papermill(papermill):
    nb = notebook(("parameters", PARAMETERS), 'import "fmt"\nfmt.Printf("%v %T %v %v %v", speed, speed, name, n, fast)')
    out, _ = papermill(nb)
    assert text(out.cells[1]) == "3.6 float64 Ada 2 false"
    out, said = papermill(nb, "-p", "speed", "5", "-p", "name", 'Zoë "€" \\n', "-p", "fast", "True")
    assert out.cells[1].metadata.tags == ["injected-parameters"]
    assert text(out.cells[2]) == '5 float64 Zoë "€" \\n 2 true', "a parameter keeps the type of its default"
    assert "unknown parameter" not in said.lower()


def test_papermill_without_defaults(papermill):
    """Parameters that no cell declares, of every kind that YAML has."""
    nb = notebook('import "fmt"\nfmt.Printf("%#v|%#v|%#v|%#v|%v|%#v", list, mixed, table, x, nothing, empty)')
    out, _ = papermill(nb, "-y", "{list: [a, b], mixed: [1, b, 2.5], table: {a: 1, b: 2}, x: 1.0, nothing: null, empty: []}")
    shown = text(out.cells[1])
    assert shown == '[]string{"a", "b"}|[]interface {}{1, "b", 2.5}|map[string]int{"a":1, "b":2}|1|<nil>|[]interface {}{}', shown


CONSOLE = ["-m", "jupyter", "console", "--kernel", "riffle", "--simple-prompt"]


@pytest.fixture
def console(tmp_path):
    """jupyter console in a terminal."""
    c = pexpect.spawn(sys.executable, CONSOLE,
                      cwd=str(tmp_path), encoding="utf-8", timeout=60, dimensions=(40, 120), env={**os.environ, "TERM": "dumb"})
    c.expect_exact("In [1]:")
    assert "Riffle" in c.before, "the banner greets"
    yield c
    c.sendeof()
    c.expect("exit")
    c.sendline("y")
    c.expect(pexpect.EOF)


def test_console(console):
    console.sendline("x := 6 * 7")
    console.expect_exact("In [2]:")
    console.sendline("x")
    console.expect(r"42\s")
    console.expect_exact("In [3]:")
    console.sendline("nonsense")
    console.expect_exact("undefined: nonsense")
    console.expect_exact("In [4]:")


@pytest.mark.parametrize("word", ["exit", "quit", "exit()"])
def test_words_that_leave_a_console(tmp_path, word):
    c = pexpect.spawn(sys.executable, CONSOLE, cwd=str(tmp_path), encoding="utf-8", timeout=60, dimensions=(40, 120), env={**os.environ, "TERM": "dumb"})
    c.expect_exact("In [1]:")
    c.sendline(word)
    c.expect_exact("A console ends here")
    c.expect(pexpect.EOF)


def test_console_asks(console):
    console.sendline('name := Input("who? ")')
    console.expect_exact("who? ")
    console.sendline("Ada")
    console.expect_exact("In [2]:")
    console.sendline("len(name)")
    console.expect(r"3\s")
    console.expect_exact("In [3]:")


def test_one_place_is_drawn_anew():
    nb = notebook('import "fmt"\nfor i := range 5 {\n\tClear()\n\tfmt.Println(i)\n}', "for range Progress(3) {\n}")
    NotebookClient(nb, timeout=60).execute()
    assert text(nb.cells[0]) == "4\n"
    assert len(nb.cells[1].outputs) == 1 and "3" in text(nb.cells[1]), "a bar is one display, updated"
