"""Runs the cells of documents, and compares what they show with what the documents say.

    documents.py [--update] RIFFLE DOCUMENT...

A block ```go cell is a cell; those of a document run in their order, in one notebook. A block ```text behind it holds lines
that its output must have, in that order; --update writes them anew, without captions. A cell with "// error" in it must fail.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

import nbformat
from nbclient import NotebookClient

BLOCK = re.compile(r"```go cell\n(?P<code>.*?)```\n(?:\n```text\n(?P<text>.*?)```\n)?", re.S)
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
NOTE = re.compile(r" · (sample|schema)|left out|a run stops|sample was taken|values of several kinds")
CHANGES = re.compile(r"[0-9a-f]{12,}|in [0-9.]+s|cell \d+:")  # fingerprints, durations, and how many cells come before


def shown(cell: nbformat.NotebookNode) -> str:
    out = []
    for o in cell.outputs:
        if o.output_type == "error":
            out.append(COLOUR.sub("", "\n".join(o.traceback)))
        else:
            out.append(o.get("text") or o.get("data", {}).get("text/plain", ""))
    return "\n".join(line.rstrip() for line in "\n".join(out).splitlines()).strip("\n")


def run(codes: list[str]) -> list[nbformat.NotebookNode]:
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in codes])
    for cell in nb.cells:
        if "// error" in cell.source:
            cell.metadata["tags"] = ["raises-exception"]
    with tempfile.TemporaryDirectory() as folder:
        NotebookClient(nb, timeout=300, kernel_name="riffle", resources={"metadata": {"path": folder}}).execute()
    return nb.cells


def lacks(text: str, got: str) -> str | None:
    """The first line that the output does not have in its place."""
    lines = iter(CHANGES.sub("…", line).rstrip() for line in got.splitlines())
    for want in text.splitlines():
        want = CHANGES.sub("…", want).rstrip()
        if want and want not in lines:
            return want
    return None


def check(path: pathlib.Path, update: bool) -> int:
    text = path.read_text()
    blocks = list(BLOCK.finditer(text))
    cells = run([b["code"] for b in blocks])
    out, at, bad = [], 0, 0
    for block, cell in zip(blocks, cells):
        got = shown(cell)
        if "// error" in cell.source and not any(o.output_type == "error" for o in cell.outputs):
            raise SystemExit(f"{path}: should fail, and does not:\n{cell.source}")
        if block["text"] is None:
            continue
        if update:
            lasting = [line for line in got.splitlines() if not NOTE.search(line)]
            out += [text[at : block.start("text")], "\n".join(lasting) + "\n"]
            at = block.end("text")
        elif (line := lacks(block["text"], got)) is not None:
            print(f"{path}: {cell.source}\ndoes not say: {line}\nbut\n{got}\n")
            bad += 1
    if update:
        path.write_text("".join(out) + text[at:])
    print(f"{path.name}: {len(cells)} cells")
    return bad


def produce(riffle: str, folder: pathlib.Path) -> None:
    present = subprocess.run([riffle, "topics"], check=True, capture_output=True, text=True).stdout
    for topic in ("rides", "battery"):
        if not re.search(rf"^{topic} ", present, re.M):
            with open(folder / f"{topic}.jsonl") as f:
                subprocess.run([riffle, "produce", "--key", "bike", "--time", "ts", topic], check=True, stdin=f)


def main() -> None:
    args = sys.argv[1:]
    update = args[0] == "--update"
    riffle, *paths = args[update:]
    produce(riffle, pathlib.Path(paths[0]).resolve().parent / "data")
    sys.exit(sum(check(pathlib.Path(p), update) for p in paths))


if __name__ == "__main__":
    main()
