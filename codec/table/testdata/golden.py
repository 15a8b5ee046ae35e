"""Writes polars.parquet and polars.jsonl, the same rows by Polars. Run with the tests' environment."""

import datetime
import decimal
import json
import pathlib

import polars as pl

HERE = pathlib.Path(__file__).parent
UTC = datetime.timezone.utc


def main():
    n = 300
    at = datetime.datetime(2026, 1, 5, 8, 0, 0, 123456, tzinfo=UTC)
    df = pl.DataFrame({
        "car": [None if i % 7 == 0 else f"c{i % 3}ä" for i in range(n)],
        "speed": [None if i % 5 == 0 else i * 0.5 for i in range(n)],
        "gear": pl.Series([i % 8 for i in range(n)], dtype=pl.Int8),
        "big": [2**63 - 1 - i for i in range(n)],
        "u": pl.Series([2**32 - 1 - i for i in range(n)], dtype=pl.UInt32),
        "f": pl.Series([i * 0.25 for i in range(n)], dtype=pl.Float32),
        "ok": [i % 2 == 0 if i % 3 else None for i in range(n)],
        "raw": [bytes([i % 256]) for i in range(n)],
        "us": [at + datetime.timedelta(microseconds=i) for i in range(n)],
        "ms": pl.Series([at + datetime.timedelta(milliseconds=i) for i in range(n)], dtype=pl.Datetime("ms", "UTC")),
        "day": [datetime.date(2026, 1, 1) + datetime.timedelta(days=i) for i in range(n)],
        "price": pl.Series([decimal.Decimal(i).scaleb(-2) for i in range(n)], dtype=pl.Decimal(10, 2)),
        "list": [None if i % 11 == 0 else [None if k == 2 else k for k in range(i % 4)] for i in range(n)],
        "engine": [{"rpm": i, "oil": {"bar": i / 2}} for i in range(n)],
        "laps": [[{"n": i}] for i in range(n)],
    })
    df.write_parquet(HERE / "polars.parquet", row_group_size=120, compression="zstd")
    with open(HERE / "polars.jsonl", "w") as f:
        for row in df.iter_rows(named=True):
            engine = row.pop("engine")
            row.pop("laps")
            row["engine.rpm"], row["engine.oil.bar"] = engine["rpm"], engine["oil"]["bar"]
            row["raw"] = row["raw"].hex()
            row["price"] = float(row["price"])
            for k in ("us", "ms"):
                row[k] = int(row[k].timestamp() * 1000)
            row["day"] = (row["day"] - datetime.date(1970, 1, 1)).days
            f.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
