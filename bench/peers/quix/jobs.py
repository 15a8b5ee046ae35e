"""The jobs on Quix Streams, as its documentation writes such programs. Exactly once, with the commit interval that it has by default, 5 s.

The first argument is the job; the rest comes from the environment, as for the other programs.
"""
import logging
import math
import os
import sys

from quixstreams import Application
from quixstreams.dataframe.windows.aggregations import Count, Max, Mean, Min


def event_time(value, headers, timestamp, timestamp_type):
    return value["ts"]


def metres(frame):
    frame = frame.apply(lambda r: {"car": r["car"], "ts": r["ts"], "lap": r["lap"], "speed_ms": r["speed"] / 3.6})
    return frame.filter(lambda r: r["speed_ms"] > 50)


def tumbling(frame):
    windows = frame.tumbling_window(duration_ms=10_000, grace_ms=0)
    closed = windows.agg(mean=Mean("speed"), min=Min("speed"), max=Max("speed"), n=Count()).final()
    return closed.apply(named, metadata=True)


def hopping(frame):
    windows = frame.hopping_window(duration_ms=10_000, step_ms=1_000, grace_ms=0)
    return windows.agg(mean=Mean("speed"), n=Count()).final().apply(named, metadata=True)


def named(window, key, timestamp, headers):
    del window["end"]
    window["car"] = key
    return window


def haversine(lat1, lon1, lat2, lon2):
    rad = math.pi / 180
    y, x = math.sin((lat2 - lat1) * rad / 2), math.sin((lon2 - lon1) * rad / 2)
    return 2 * 6371000 * math.asin(math.sqrt(y * y + math.cos(lat1 * rad) * math.cos(lat2 * rad) * x * x))


def distance(row, state):
    way = state.get("way")
    dist = way[2] + haversine(way[0], way[1], row["lat"], row["lon"]) if way else 0.0
    state.set("way", [row["lat"], row["lon"], dist])
    return {"car": row["car"], "ts": row["ts"], "dist": dist}


def placed(force, place):
    return {"car": force["car"], "ts": force["ts"], "glat": force["glat"], "glon": force["glon"], "lat": place["lat"], "lon": place["lon"]}


def main(job):
    app = Application(
        broker_address=os.environ["BOOTSTRAP"],
        consumer_group=os.environ["GROUP"],
        auto_offset_reset="earliest",
        processing_guarantee="exactly-once",
        state_dir=os.environ["STATE_DIR"],
        loglevel=logging.WARNING,
    )

    def frame(name):
        return app.dataframe(app.topic(name, key_deserializer="str", timestamp_extractor=event_time))

    name = os.environ["IN"]
    if job == "j1":
        rows = metres(frame(name))
    elif job == "j2":
        rows = tumbling(frame(name))
    elif job == "j3":
        rows = hopping(frame(name))
    elif job == "j4":
        rows = frame(name).apply(distance, stateful=True)
    else:
        rows = frame(name + "-g").join_asof(frame(name + "-gps"), how="inner", on_merge=placed, grace_ms=10_000)
    rows.to_topic(app.topic(os.environ["OUT"], key_serializer="str"))
    app.run()


if __name__ == "__main__":
    main(sys.argv[1])
