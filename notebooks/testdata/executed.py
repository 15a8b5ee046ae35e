"""Executes a notebook, writes the frames that it built, and compares them with what pandas makes of the same rows."""

import json
import pathlib
import re
import subprocess

import nbformat
import pandas as pd
from nbclient import NotebookClient

DUMP = """
import (
	"encoding/json"
	"os"
)

func dump(name string, f Frame) {
	out, err := os.Create(name + ".jsonl")
	if err != nil {
		panic(err)
	}
	defer out.Close()
	w := json.NewEncoder(out)
	for _, r := range Collect(f).Rows() {
		m := map[string]any{}
		for _, c := range r.Names() {
			m[c] = r.Value(c)
		}
		if err := w.Encode(m); err != nil {
			panic(err)
		}
	}
}
"""


class Notebook:
    """A notebook that was executed in a folder, with its frames dumped there."""

    def __init__(self, path: str, folder: str, riffle: str, frames: list[str]):
        self.folder, self.riffle = pathlib.Path(folder), riffle
        nb = nbformat.read(path, as_version=4)
        cells = len(nb.cells)
        for code in [DUMP] + [f'dump("{f}", {f})' for f in frames]:
            nb.cells.append(nbformat.v4.new_code_cell(code))
        NotebookClient(nb, timeout=300, kernel_name="riffle", resources={"metadata": {"path": folder}}).execute()
        self.cells = [c for c in nb.cells[:cells] if c.cell_type == "code"]

    def frame(self, name: str) -> pd.DataFrame:
        lines = (self.folder / f"{name}.jsonl").read_text().splitlines()
        return pd.DataFrame([json.loads(line) for line in lines])

    def text(self, begins: str) -> str:
        """What the cell said in which a line begins so."""
        for c in self.cells:
            if any(line.startswith(begins) for line in c.source.splitlines()):
                return "\n".join(o.get("text") or o.get("data", {}).get("text/plain", "") for o in c.outputs)
        raise AssertionError(f"no cell begins {begins!r}")

    def raw(self, topic: str) -> list[dict]:
        """The rows of a pinned sample, by partition and offset, with what their bytes say."""
        (path,) = (self.folder / ".riffle" / "samples").glob(f"*/{topic}.sample")
        out = subprocess.run([self.riffle, "rows", str(path)], check=True, capture_output=True, text=True).stdout
        rows = [json.loads(line) for line in out.splitlines()]
        rows.sort(key=lambda r: (r["partition"], r["offset"]))
        return [{"_partition": r["partition"], **json.loads(r["value"])} for r in rows]


def grace(explained: str) -> int:
    """The grace of a window in a plan, in ms."""
    amount, unit = re.search(r"grace\((\d+)(ms|s|m)\)", explained).groups()
    return int(amount) * {"ms": 1, "s": 1000, "m": 60_000}[unit]


def fits(row: dict, kinds: dict[str, type]) -> bool:
    """Whether each of a row's fields is null, missing, or of its kind; an int is a float, too."""
    for name, kind in kinds.items():
        v = row.get(name)
        if v is None:
            continue
        if isinstance(v, bool) or not isinstance(v, (int, float) if kind is float else kind):
            return False
    return True


def same(got: pd.DataFrame, want: pd.DataFrame, keys: list[str], exact: list[str], near: list[str]) -> None:
    """Both have the same keys; there the one columns are equal, and the others within 1e-12 of each other."""
    got, want = got.set_index(keys).sort_index(), want.set_index(keys).sort_index()
    assert got.index.is_unique, got.index[got.index.duplicated()][:5]
    extra, missing = got.index.difference(want.index), want.index.difference(got.index)
    assert not len(extra) and not len(missing), f"{len(extra)} rows too many: {extra[:5]}; {len(missing)} missing: {missing[:5]}"
    for c in exact:
        differs = ~((got[c] == want[c]) | (got[c].isna() & want[c].isna()))
        assert not differs.any(), f"{c}:\n{got[differs].head()}\nwant\n{want[differs].head()}"
    for c in near:
        g, w = got[c].astype(float), want[c].astype(float)
        off = ((g - w).abs() > 1e-12 * w.abs()) | (g.isna() != w.isna())
        assert not off.any(), f"{c}:\n{got[off].head()}\nwant\n{want[off].head()}"
