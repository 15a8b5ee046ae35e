"""Writes golden.jsonl: Avro records as fastavro writes them, framed as confluent-kafka's serializer does, with what fastavro reads from them.

Run with the tests' environment: .venv/bin/python codec/avro/testdata/golden.py
"""

import base64
import datetime
import decimal
import io
import json
import pathlib
import random
import uuid

import fastavro
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

UTC = datetime.timezone.utc

LOGICAL = {
    "type": "record", "name": "Logical", "namespace": "race", "fields": [
        {"name": "at_ms", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "at_us", "type": {"type": "long", "logicalType": "timestamp-micros"}},
        {"name": "day", "type": {"type": "int", "logicalType": "date"}},
        {"name": "id", "type": {"type": "string", "logicalType": "uuid"}},
        {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 8, "scale": 2}},
        {"name": "exact", "type": {"type": "bytes", "logicalType": "decimal", "precision": 30, "scale": 4}},
        {"name": "cost", "type": {"type": "fixed", "name": "Cost", "size": 6, "logicalType": "decimal", "precision": 12, "scale": 3}},
    ],
}

SHAPES = {
    "type": "record", "name": "Shapes", "fields": [
        {"name": "ok", "type": "boolean"},
        {"name": "small", "type": "int"},
        {"name": "big", "type": "long"},
        {"name": "f", "type": "float"},
        {"name": "d", "type": "double"},
        {"name": "s", "type": "string"},
        {"name": "b", "type": "bytes"},
        {"name": "fix", "type": {"type": "fixed", "name": "Four", "size": 4}},
        {"name": "e", "type": {"type": "enum", "name": "Suit", "symbols": ["SPADES", "HEARTS", "CLUBS"]}},
        {"name": "maybe", "type": ["null", "double"]},
        {"name": "late", "type": ["string", "null"]},
        {"name": "either", "type": ["null", "long", "string", {"type": "array", "items": "int"}]},
        {"name": "number", "type": ["int", "double"]},
        {"name": "list", "type": {"type": "array", "items": ["null", "long"]}},
        {"name": "map", "type": {"type": "map", "values": "string"}},
        {"name": "engine", "type": {"type": "record", "name": "Engine", "fields": [
            {"name": "rpm", "type": "int"},
            {"name": "oil", "type": ["null", {"type": "record", "name": "Oil", "fields": [{"name": "bar", "type": "double"}, {"name": "grade", "type": "Suit"}]}]},
        ]}},
        {"name": "laps", "type": {"type": "array", "items": {"type": "record", "name": "Lap", "fields": [{"name": "n", "type": "int"}, {"name": "ms", "type": "long"}]}}},
        {"name": "tree", "type": ["null", {"type": "record", "name": "Tree", "fields": [{"name": "v", "type": "int"}, {"name": "next", "type": ["null", "Tree"]}]}]},
    ],
}

OLD = {
    "type": "record", "name": "Car", "fields": [
        {"name": "nr", "type": "int"},
        {"name": "speed", "type": "int"},
        {"name": "gone", "type": {"type": "array", "items": "string"}},
        {"name": "gear", "type": {"type": "enum", "name": "Gear", "symbols": ["N", "D", "X"]}},
        {"name": "name", "type": "bytes"},
        {"name": "pos", "type": {"type": "record", "name": "Pos", "fields": [{"name": "y", "type": "float"}, {"name": "x", "type": "float"}]}},
    ],
}

NEW = {
    "type": "record", "name": "Car", "fields": [
        {"name": "car", "type": "long", "aliases": ["nr"]},
        {"name": "speed", "type": ["null", "double"], "default": None},
        {"name": "gear", "type": {"type": "enum", "name": "Gear", "symbols": ["N", "D", "OTHER"], "default": "OTHER"}},
        {"name": "name", "type": "string"},
        {"name": "team", "type": "string", "default": "none"},
        {"name": "since", "type": {"type": "long", "logicalType": "timestamp-millis"}, "default": 1000},
        {"name": "tags", "type": {"type": "array", "items": "string"}, "default": ["a", "b"]},
        {"name": "pos", "type": {"type": "record", "name": "Pos", "fields": [{"name": "x", "type": "double"}, {"name": "y", "type": "double"}, {"name": "z", "type": "double", "default": -1.5}]}},
        {"name": "box", "type": {"type": "record", "name": "Box", "fields": [{"name": "w", "type": "int"}, {"name": "note", "type": "string", "default": "n"}]}, "default": {"w": 7}},
    ],
}


def words(rng):
    return "".join(rng.choice("abc äöü€😀\"\\\n") for _ in range(rng.randrange(6)))


def long(rng):
    return rng.choice([0, -1, 1, 63, -64, 64, 2**31, -(2**63), 2**63 - 1, rng.getrandbits(53), -rng.getrandbits(20)])


def double(rng):
    return rng.choice([0.0, -0.0, 1.5, -2.25, 1e300, 5e-324, rng.uniform(-1e6, 1e6)])


def logical(rng):
    us = rng.choice([0, -1, 1_700_000_000_123_456, rng.randrange(-(10**15), 10**16)])
    at = datetime.datetime(1970, 1, 1, tzinfo=UTC) + datetime.timedelta(microseconds=us)
    return {
        "at_ms": at.replace(microsecond=at.microsecond // 1000 * 1000), "at_us": at, "day": at.date(), "id": uuid.UUID(int=rng.getrandbits(128)),
        "price": decimal.Decimal(rng.randrange(-99_999_999, 99_999_999)).scaleb(-2),
        "exact": decimal.Decimal(rng.randrange(-(10**30) + 1, 10**30)).scaleb(-4, decimal.Context(prec=40)),
        "cost": decimal.Decimal(rng.randrange(-(10**12) + 1, 10**12)).scaleb(-3),
    }


def tree(rng, depth):
    return None if depth == 0 else {"v": rng.randrange(-9, 9), "next": tree(rng, depth - 1)}


def shapes(rng):
    return {
        "ok": rng.random() < 0.5, "small": rng.choice([0, -(2**31), 2**31 - 1, 7]), "big": long(rng), "f": rng.choice([0.0, 1.5, -2.25, 65504.0]),
        "d": double(rng), "s": words(rng), "b": rng.randbytes(rng.randrange(4)), "fix": rng.randbytes(4), "e": rng.choice(["SPADES", "HEARTS", "CLUBS"]),
        "maybe": rng.choice([None, 2.5]), "late": rng.choice([None, "x", ""]), "either": rng.choice([None, long(rng), words(rng), [1, 2, 3], []]),
        "number": rng.choice([1, 2.5]), "list": [rng.choice([None, long(rng)]) for _ in range(rng.randrange(4))],
        "map": {k: words(rng) for k in ["k", "€"][: rng.randrange(3)]},
        "engine": {"rpm": rng.randrange(20000), "oil": rng.choice([None, {"bar": 4.5, "grade": "HEARTS"}])},
        "laps": [{"n": i, "ms": long(rng)} for i in range(rng.randrange(3))], "tree": tree(rng, rng.randrange(4)),
    }


def old(rng):
    return {"nr": rng.randrange(99), "speed": rng.randrange(400), "gone": ["x"] * rng.randrange(3), "gear": rng.choice("NDX"),
            "name": words(rng).encode(), "pos": {"y": 1.5, "x": -2.25}}


def plain(v):
    """What fastavro reads, as JSON has it in Riffle."""
    if isinstance(v, datetime.datetime):
        text = v.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f").rstrip("0").rstrip(".")
        return text.rjust(len(text) + 4 - len(text.split("-")[0]), "0") + "Z"
    if isinstance(v, datetime.date):
        return v.isoformat() + "T00:00:00Z"
    if isinstance(v, (decimal.Decimal, uuid.UUID)):
        return str(v) if isinstance(v, uuid.UUID) else format(v, "f")
    if isinstance(v, bytes):
        return base64.b64encode(v).decode()
    if isinstance(v, dict):
        return {k: plain(x) for k, x in v.items()}
    if isinstance(v, (list, tuple)):
        return [plain(x) for x in v]
    return v


def case(name, schema, rows, reader=None):
    client = SchemaRegistryClient.new_client({"url": "mock://" + name})
    serialize = AvroSerializer(client, json.dumps(schema))
    context = SerializationContext(name, MessageField.VALUE)
    parsed, read = fastavro.parse_schema(schema), reader and fastavro.parse_schema(reader)
    out = {"name": name, "schema": json.dumps(schema), "reader": json.dumps(reader) if reader else "", "records": []}
    for row in rows:
        value = serialize(row, context)
        body = io.BytesIO()
        fastavro.schemaless_writer(body, parsed, row)
        assert value[5:] == body.getvalue(), name
        got = fastavro.schemaless_reader(io.BytesIO(value[5:]), parsed, read)
        if "since" in got:  # fastavro leaves defaults of logical types as they are stored
            got["since"] = datetime.datetime.fromtimestamp(got["since"] / 1000, UTC)
        out["id"] = int.from_bytes(value[1:5], "big")
        out["records"].append({"hex": value.hex(), "row": plain(got)})
    return out


def main():
    rng = random.Random(20261128)
    cases = [
        case("logical", LOGICAL, [logical(rng) for _ in range(40)]),
        case("shapes", SHAPES, [shapes(rng) for _ in range(60)]),
        case("resolution", OLD, [old(rng) for _ in range(20)], NEW),
    ]
    single = {"name": "single", "schema": json.dumps(OLD), "reader": "", "id": 0, "records": []}
    for row in (old(rng) for _ in range(5)):
        body = io.BytesIO()
        fastavro.schemaless_writer(body, fastavro.parse_schema(OLD), row)
        canonical = fastavro.schema.to_parsing_canonical_form(OLD)
        mark = bytes.fromhex(fastavro.schema.fingerprint(canonical, "CRC-64-AVRO"))
        single["records"].append({"hex": (b"\xc3\x01" + mark + body.getvalue()).hex(), "row": plain(row)})
    cases.append(single)
    with open(pathlib.Path(__file__).with_name("golden.jsonl"), "w") as f:
        for c in cases:
            f.write(json.dumps(c) + "\n")


if __name__ == "__main__":
    main()
