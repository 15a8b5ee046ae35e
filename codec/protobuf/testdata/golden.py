"""Writes golden.jsonl: messages as Google's library writes them, framed as confluent-kafka does, with what the library's JSON says of them.

shapes.desc is what protoc makes of shapes.proto:
protoc --include_imports --descriptor_set_out=shapes.desc shapes.proto
Run with the tests' environment: .venv/bin/python codec/protobuf/testdata/golden.py
"""

import json
import pathlib
import random

from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.protobuf import ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

HERE = pathlib.Path(__file__).parent


def classes():
    pool = descriptor_pool.DescriptorPool()
    files = descriptor_pb2.FileDescriptorSet.FromString((HERE / "shapes.desc").read_bytes())
    for f in files.file:
        pool.Add(f)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("race.Shapes"))


def whole(rng, low, high):
    return rng.choice([0, 1, low, high, rng.randrange(low, high + 1)])


def words(rng):
    return "".join(rng.choice("abc äöü€😀") for _ in range(rng.randrange(6)))


def engine(rng, m):
    m.rpm = rng.randrange(20000)
    if rng.random() < 0.5:
        m.oil.bar = rng.choice([0.0, 4.5])
        if rng.random() < 0.5:
            m.oil.grade = rng.choice([0, 1])


def shapes(rng, Shapes, depth=2):
    m = Shapes(
        ok=rng.random() < 0.5, i32=whole(rng, -(2**31), 2**31 - 1), s32=whole(rng, -(2**31), 2**31 - 1), u32=whole(rng, 0, 2**32 - 1),
        f32=whole(rng, 0, 2**32 - 1), sf32=whole(rng, -(2**31), 2**31 - 1), i64=whole(rng, -(2**63), 2**63 - 1), s64=whole(rng, -(2**63), 2**63 - 1),
        u64=whole(rng, 0, 2**63 - 1), f64=whole(rng, 0, 2**63 - 1), sf64=whole(rng, -(2**63), 2**63 - 1),
        fl=rng.choice([0, 1.5, -2.25]), d=rng.choice([0, 1e300, -1.5]), s=words(rng), b=rng.randbytes(rng.randrange(4)), suit=rng.choice([0, 1, -2, 7]),
        list=[whole(rng, -(2**63), 2**63 - 1) for _ in range(rng.randrange(4))], map={words(rng): words(rng) for _ in range(rng.randrange(3))},
        words=[words(rng) for _ in range(rng.randrange(3))],
    )
    if rng.random() < 0.5:
        m.maybe = rng.choice([0.0, 2.5])
    if rng.random() < 0.7:
        m.at.FromMicroseconds(rng.choice([0, -1, 1_700_000_000_123_456, rng.randrange(-(10**15), 10**16)]))
    if rng.random() < 0.7:
        m.took.FromMicroseconds(rng.choice([0, -1, 90_500_000, rng.randrange(-(10**12), 10**12)]))
    if rng.random() < 0.5:
        m.wrapped.value = whole(rng, -(2**63), 2**63 - 1)
    if rng.random() < 0.5:
        m.word.value = words(rng)
    if rng.random() < 0.5:
        engine(rng, m.engine)
    for _ in range(rng.randrange(3)):
        engine(rng, m.engines.add())
    if rng.random() < 0.5:
        engine(rng, m.by[rng.randrange(-3, 3)])
    match rng.randrange(4):
        case 1:
            m.name = words(rng)
        case 2:
            m.number = whole(rng, -(2**63), 2**63 - 1)
        case 3:
            engine(rng, m.third)
    if rng.random() < 0.5:
        m.struct.update({"a": 1.5, "b": [True, None, "x"], "c": {"d": words(rng)}})
    if rng.random() < 0.5:
        json_format.ParseDict(rng.choice([None, 1.5, "x", [1.0, {}], {"k": False}]), m.value)
    if rng.random() < 0.5:
        json_format.ParseDict([1.5, "y"], m.values)
    if depth and rng.random() < 0.3:
        m.self.CopyFrom(shapes(rng, Shapes, depth - 1))
    return m


def main():
    rng = random.Random(20261128)
    Shapes = classes()
    client = SchemaRegistryClient.new_client({"url": "mock://shapes"})
    serialize = ProtobufSerializer(Shapes, client, {"use.deprecated.format": False})
    context = SerializationContext("shapes", MessageField.VALUE)
    with open(HERE / "golden.jsonl", "w") as f:
        for _ in range(120):
            m = shapes(rng, Shapes)
            value = serialize(m, context)
            row = json_format.MessageToDict(m, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)
            f.write(json.dumps({"hex": value.hex(), "row": row}) + "\n")
    id = int.from_bytes(value[1:5], "big")
    schema = client.get_schema(id)
    references = [{"name": r.name, "text": client.get_version(r.subject, r.version).schema.schema_str} for r in schema.references]
    (HERE / "registered.json").write_text(json.dumps({"id": id, "type": "PROTOBUF", "text": schema.schema_str, "references": references}) + "\n")


if __name__ == "__main__":
    main()
