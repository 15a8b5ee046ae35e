"""The same cells in Go and in Python. A function of i gives a text that the kernel has not seen."""
from dataclasses import dataclass
from typing import Callable


@dataclass(frozen=True)
class Language:
    prepare: str
    trivial: str
    redefine: Callable[[int], str]
    fresh: tuple  # the code that is completed first of all, and a proposal that has to be among the answers
    complete: Callable[[int], tuple]
    busy: str  # says started, then never ends
    megabyte: str
    lines: str  # prints "line 0" to "line 49999", a call of print for each


GO = Language(
    prepare='import ("fmt"; "strings")\nmessage := "text"\nlengths := []int{1, 2, 3}',
    trivial="1 + 1",
    redefine=lambda i: f"func scale(x float64) float64 {{ return x*3.6 + {i} }}",
    fresh=('import "strings"\nstrings.To', "ToUpper"),
    complete=lambda i: [("strings.Has", "HasPrefix"), ("mess", "message"), ("fmt.Spri", "Sprintf"), ("strings.Tri", "TrimSpace")][i % 4],
    busy='fmt.Println("started")\nfor {\n}',
    megabyte='fmt.Println(strings.Repeat("x", 999_999))',
    lines='for i := range 50_000 {\n\tfmt.Println("line", i)\n}',
)

PYTHON = Language(
    prepare='import os, textwrap\nmessage = "text"\nlengths = [1, 2, 3]',
    trivial="1 + 1",
    redefine=lambda i: f"def scale(x):\n    return x*3.6 + {i}",
    fresh=("import textwrap\ntextwrap.de", "dedent"),
    complete=lambda i: [("os.path.isf", "isfile"), ("mess", "message"), ("textwrap.fi", "fill"), ("os.getc", "getcwd")][i % 4],
    busy='print("started", flush=True)\nwhile True:\n    pass',
    megabyte='print("x" * 999_999)',
    lines='for i in range(50_000):\n    print("line", i)',
)
