"""Evaluates Polars expressions over columns given as JSON on stdin, and writes
one list of texts for each, or an error, as JSON to stdout."""

import json
import math
import sys
from datetime import datetime, timedelta, timezone

import polars as pl

UTC = timezone.utc
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TYPES = {
    "int": pl.Int64,
    "float": pl.Float64,
    "bool": pl.Boolean,
    "string": pl.String,
    "time": pl.Datetime("us", "UTC"),
    "duration": pl.Duration("us"),
}


def read(kind, text):
    if text is None:
        return None
    return {
        "int": int,
        "float": float,
        "bool": lambda s: s == "true",
        "string": str,
        "time": lambda s: EPOCH + timedelta(microseconds=int(s)),
        "duration": lambda s: timedelta(microseconds=int(s)),
    }[kind](text)


def write(value):
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return "nan" if math.isnan(value) else repr(value)
    if isinstance(value, datetime):
        value = value - EPOCH
    if isinstance(value, timedelta):
        return str(value // timedelta(microseconds=1))
    return str(value)


def main():
    task = json.load(sys.stdin)
    frame = pl.DataFrame(
        {
            c["name"]: pl.Series([read(c["kind"], v) for v in c["values"]], dtype=TYPES[c["kind"]])
            for c in task["columns"]
        }
    )
    names = {"pl": pl, "datetime": datetime, "timedelta": timedelta, "UTC": UTC}
    results = []
    for text in task["exprs"]:
        try:
            values = frame.select(eval(text, names).alias("x"))["x"].to_list()
            if len(values) == 1:  # a constant
                values *= frame.height
            results.append({"values": [write(v) for v in values]})
        except Exception as e:  # the case is reported by the test
            results.append({"error": f"{type(e).__name__}: {e}"[:300]})
    json.dump({"version": pl.__version__, "results": results}, sys.stdout)


main()
