"""Compares the tour with pandas, on the rows of its pinned samples. Arguments: notebook, folder, riffle."""

import math
import sys

import pandas as pd
from executed import Notebook, fits, grace, same

KINDS = {"car": str, "lap": int, "speed": float, "rpm": int, "throttle": float, "brake": float, "gear": int, "lat": float, "lon": float}


def speeds(nb: Notebook, raw: list[dict]) -> None:
    rows = pd.DataFrame([r for r in raw if fits(r, {"car": str, "speed": float})])
    rows["speed"] = rows["speed"].astype(float)
    watermark = rows.groupby("_partition")["ts"].max()
    parts = []
    for k in range(10):  # a row is in ten windows
        start = (rows["ts"] // 1000 - k) * 1000
        parts.append(rows.assign(window_start=start, window_end=start + 10_000))
    every = pd.concat(parts)
    want = every.groupby(["_partition", "car", "window_start", "window_end"], as_index=False).agg(
        kmh=("speed", "mean"), top=("speed", "max"), n=("ts", "size"))
    closed = want["window_end"] + grace(nb.text("speeds.Explain")) <= want["_partition"].map(watermark)
    same(ms(nb.frame("speeds"), "window_start", "window_end"), want[closed], ["car", "window_start"], ["window_end", "top", "n"], ["kmh"])


def ms(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Times as whole milliseconds since 1970."""
    for c in columns:
        t = pd.to_datetime(frame[c], utc=True, format="ISO8601")
        frame[c] = (t - pd.Timestamp(0, tz="UTC")) // pd.Timedelta(milliseconds=1)
    return frame


def haversine(lat1, lon1, lat2, lon2) -> float:
    rad = math.pi / 180
    a = math.sin((lat2 - lat1) * rad / 2) ** 2 + math.cos(lat1 * rad) * math.cos(lat2 * rad) * math.sin((lon2 - lon1) * rad / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(a))


def driven(nb: Notebook, raw: list[dict]) -> None:
    state, want = {}, []
    for r in raw:
        if not fits(r, KINDS):
            continue
        km, last = state.get(r["car"], (0.0, None))
        if r.get("lat") is not None and r.get("lon") is not None and not (last and r["ts"] < last[2]):
            if last:
                km += haversine(last[0], last[1], r["lat"], r["lon"])
            state[r["car"]] = km, (r["lat"], r["lon"], r["ts"])
        want.append({"car": r["car"], "ts": r["ts"], "lap": r.get("lap"), "km": km})
    same(ms(nb.frame("driven"), "ts"), pd.DataFrame(want), ["car", "ts"], ["lap"], ["km"])


def placed(nb: Notebook, raw: list[dict], gps: list[dict]) -> None:
    left = pd.DataFrame([r for r in raw if fits(r, {k: KINDS[k] for k in ("car", "speed", "lat", "lon")})])
    left = left[["_partition", "car", "speed", "lat", "lon", "ts"]].sort_values("ts", kind="stable")
    right = pd.DataFrame(gps)[["car", "lat", "lon", "ts"]].sort_values("ts", kind="stable")
    right["ts_gps"] = right["ts"]
    want = pd.merge_asof(left, right, on="ts", by="car", tolerance=2000, suffixes=("", "_gps")).dropna(subset=["ts_gps"])
    got = ms(nb.frame("placed"), "ts", "ts_gps")
    # Rows at the end of the sample still wait for their partners: what is there must be right, what is not there must be at the end.
    missing = want[~want.set_index(["car", "ts"]).index.isin(got.set_index(["car", "ts"]).index)]
    assert len(missing) < len(want) * 0.05, f"{len(missing)} of {len(want)} joined rows are missing"
    assert missing["ts"].min() > want["ts"].max() - 10_000 if len(missing) else True, missing.head()
    have = want.drop(missing.index)
    same(got, have, ["car", "ts"], ["lat_gps", "lon_gps", "ts_gps", "lat", "lon"], ["speed"])


def fast(nb: Notebook, raw: list[dict]) -> None:
    rows = pd.DataFrame([r for r in raw if fits(r, KINDS)])
    throttle = rows["throttle"].astype(float)
    want = rows[rows["gear"].isin([7, 8]) & throttle.notna() & ~(throttle > 0.95)]
    got = nb.frame("fast")
    assert len(got) == len(want), f"{len(got)} rows, want {len(want)}"
    assert got["kmh"].max() == want["speed"].astype(float).max()
    assert abs(got["ms"].mean() - (want["speed"].astype(float) / 3.6).mean()) < 1e-12 * 100


def main() -> None:
    nb = Notebook(*sys.argv[1:4], frames=["fast", "speeds", "driven", "placed"])
    raw, gps = nb.raw("car-telemetry"), nb.raw("car-gps")
    bad = sum(not fits(r, KINDS) for r in raw)
    assert not bad or f"{bad} of {len(raw):,} row" in nb.text("cars.Describe"), f"{bad} bad rows, said: {nb.text('cars.Describe')}"
    fast(nb, raw)
    speeds(nb, raw)
    driven(nb, raw)
    placed(nb, raw, gps)
    wrong = next(c for c in nb.cells if "sped" in c.source).outputs[0]
    assert "no column" in "\n".join([wrong.evalue, *wrong.traceback])
    print(f"{len(raw)} rows of telemetry, {len(gps)} positions, {bad} bad: as pandas has it")


if __name__ == "__main__":
    main()
