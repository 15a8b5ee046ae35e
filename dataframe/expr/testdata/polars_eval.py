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
    return str(value)


def py(dtype, f, *columns):
    """Python's word, row by row, where Polars has none or another; null if an argument is."""
    rows = pl.struct([c.alias(str(i)) for i, c in enumerate(columns)])

    def one(row):
        values = list(row.values())
        return None if None in values else f(*values)

    return rows.map_elements(one, return_dtype=dtype, skip_nulls=False)


def both(a, b, value):
    return pl.when(a.is_null() | b.is_null()).then(None).otherwise(value)


def modulo(a, b):
    return math.nan if b == 0 or math.isinf(a) else a % b


def power(a, b):
    odd = b == int(b) and int(b) % 2 == 1 if math.isfinite(b) else False
    try:
        return math.pow(a, b)
    except OverflowError:
        return -math.inf if a < 0 and odd else math.inf
    except ValueError:  # where C gives an infinity, or NaN
        return (math.copysign(math.inf, a) if odd else math.inf) if a == 0 else math.nan


def truncated(x):
    return x if math.isinf(x) or math.isnan(x) else math.copysign(math.trunc(x), x)


def formatted(s, x):
    return f"{s}|" + {"inf": "+Inf", "-inf": "-Inf", "nan": "NaN"}.get(str(x), f"{x:.1f}")


def main():
    task = json.load(sys.stdin)
    frame = pl.DataFrame(
        {
            c["name"]: pl.Series([read(c["kind"], v) for v in c["values"]], dtype=TYPES[c["kind"]])
            for c in task["columns"]
        }
    )
    names = {"pl": pl, "datetime": datetime, "timedelta": timedelta, "UTC": UTC, "math": math, "py": py, "both": both, "modulo": modulo}
    names |= {"power": power, "truncated": truncated, "formatted": formatted}
    results = []
    for text in task["exprs"]:
        try:
            column = frame.select(eval(text, names).alias("x"))["x"]
            if column.dtype in (pl.Datetime, pl.Duration):  # Python's end at the year 9999
                column = column.dt.cast_time_unit("us").to_physical()
            values = column.to_list()
            if len(values) == 1:  # a constant
                values *= frame.height
            results.append({"values": [write(v) for v in values]})
        except Exception as e:  # the case is reported by the test
            results.append({"error": f"{type(e).__name__}: {e}"[:300]})
    json.dump({"version": pl.__version__, "results": results}, sys.stdout)


main()
