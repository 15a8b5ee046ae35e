"""make demo: executes the tour from the first cell to the last, and shows what came of it.

The notebook runs in a fresh folder, .cache/demo or the first argument, on the Kafka of KAFKA_BROKERS or else on the embedded broker with its
telemetry. At the end stand the first rows of the exported program and the proof that the notebook, the live child and the
exported program give the same bytes.
"""

import contextlib
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = pathlib.Path(__file__).resolve().parent.parent
RIFFLE = os.environ.get("RIFFLE", str(ROOT / "bin" / "riffle"))
TOPIC = "car-telemetry"
BURST = 100_000  # rows of telemetry: the backlog of five minutes has come


def say(text: str) -> None:
    print(text, flush=True)


@contextlib.contextmanager
def ticking(what: str, every: float = 5):
    """Says now and then that a long step is still at work."""
    began, done = time.monotonic(), threading.Event()

    def tick():
        while not done.wait(every):
            say(f"    ... {what}, {time.monotonic() - began:.0f} s")

    threading.Thread(target=tick, daemon=True).start()
    try:
        yield
    finally:
        done.set()


def rows_of(topic: str) -> int:
    """How many rows a topic has. Asking starts the embedded broker, if it is the one in use."""
    out = subprocess.run([RIFFLE, "topics", "--json"], capture_output=True, text=True)
    if out.returncode:
        sys.exit(out.stderr.strip())
    return sum(t["rows"] for t in map(json.loads, out.stdout.splitlines()) if t["topic"] == topic)


@contextlib.contextmanager
def telemetry():
    """Telemetry flows: from the embedded broker itself, or fed to the Kafka that KAFKA_BROKERS names."""
    brokers = os.environ.get("KAFKA_BROKERS")
    if not brokers:
        say("starting the embedded broker, with telemetry")
        wait_for_burst(rows_of(TOPIC))
        yield
        return
    say(f"feeding telemetry to {brokers}")
    feed = subprocess.Popen([RIFFLE, "feed"], stdout=subprocess.DEVNULL)
    try:
        wait_for_burst(0, feed)
        yield
    finally:
        feed.terminate()
        feed.wait()


def wait_for_burst(rows: int, feed: subprocess.Popen | None = None) -> None:
    began, first = time.monotonic(), rows_of(TOPIC) if feed else 0
    while (rows := rows_of(TOPIC)) - first < BURST:
        if feed and feed.poll() is not None:
            sys.exit("the feed of telemetry ended")
        if time.monotonic() - began > 120:
            sys.exit(f"topic {TOPIC} has only {rows} rows after two minutes, want {BURST}")
        say(f"    {rows:,} rows of {TOPIC}")
        time.sleep(1)
    say(f"    {rows:,} rows of {TOPIC}: five minutes of a race")


def execute(notebook: pathlib.Path, folder: pathlib.Path) -> nbformat.NotebookNode:
    """Executes a notebook in a folder, saying each cell, and gives it with its outputs."""
    nb = nbformat.read(notebook, as_version=4)
    client = NotebookClient(nb, timeout=600, kernel_name="riffle", resources={"metadata": {"path": str(folder)}})
    code = [i for i, c in enumerate(nb.cells) if c.cell_type == "code"]
    with client.setup_kernel():
        for n, i in enumerate(code, 1):
            cell, began = nb.cells[i], time.monotonic()
            what = next(line for line in cell.source.splitlines() if re.match(r"func|\w+ :=|[A-Z]|\w+\.", line))
            with ticking(what[:40]):
                client.execute_cell(cell, i)
            say(f"  [{n}/{len(code)}] {time.monotonic() - began:5.2f} s  {what[:90]}")
    nbformat.write(nb, folder / notebook.name)
    return nb


def printed(nb: nbformat.NotebookNode, word: str) -> str:
    """What the cell that begins a line with a word said, as text."""
    for cell in nb.cells:
        if cell.cell_type == "code" and any(line.startswith(word) for line in cell.source.splitlines()):
            return "\n".join(o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.outputs)
    return ""


def sha256(path: pathlib.Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(folder: pathlib.Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with telemetry():
        say("executing notebooks/tour.ipynb")
        try:
            nb = execute(ROOT / "notebooks" / "tour.ipynb", folder)
        except CellExecutionError as e:
            sys.exit(f"the tour failed:\n{e}")
        prove(nb, folder)
    say(f"the executed notebook is {folder / 'tour.ipynb'}; make lab opens it in JupyterLab")


def prove(nb: nbformat.NotebookNode, folder: pathlib.Path) -> None:
    say("\nthe export said:\n" + printed(nb, "Export("))
    say("\nthe program, " + str(folder / "car-speed") + ", runs on the broker:")
    run_program(folder / "car-speed")
    say("\nthe same rows from three processes, over the pinned sample:")
    sums = {way: sha256(folder / ".riffle" / "proof" / "car-speed" / f"{way}.jsonl") for way in ("notebook", "live", "program")}
    for way, digest in sums.items():
        say(f"  {digest}  {way}")
    if len(set(sums.values())) != 1:
        sys.exit("they are not equal")
    say("  equal\n")


def run_program(folder: pathlib.Path) -> None:
    """Builds the exported program and runs it until its first rows are in its topic."""
    with ticking("building the program"):
        build = ["go", "build", "-trimpath", "-o", "car-speed", "."]
        subprocess.run(build, cwd=folder, check=True, env=os.environ | {"CGO_ENABLED": "0"})
    before = rows_of("car-speed")
    log = open(folder / "run.log", "w")
    program = subprocess.Popen([folder / "car-speed"], cwd=folder, stdout=log, stderr=log)
    try:
        with ticking("waiting for its first rows"):
            first = time.monotonic()
            while rows_of("car-speed") == before:
                if program.poll() is not None or time.monotonic() - first > 90:
                    sys.exit(f"the program wrote no rows:\n{(folder / 'run.log').read_text()}")
                time.sleep(0.5)
        peek = subprocess.run([RIFFLE, "peek", "--rows", "4", "car-speed"], check=True, capture_output=True, text=True)
        for line in peek.stdout.splitlines():
            r = json.loads(line)
            say(f"  {r['topic']} {r['partition']}@{r['offset']}  {r['key']:>3}  {r['value']}")
    finally:
        program.terminate()
        program.wait(60)
    say(f"  it was told to stop, and ended with exit code {program.returncode}")
    if program.returncode:
        sys.exit((folder / "run.log").read_text())


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]) if sys.argv[1:] else ROOT / ".cache" / "demo")
