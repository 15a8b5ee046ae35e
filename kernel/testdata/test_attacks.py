"""Hostile peers on raw sockets, while a client is served. Whatever they do, the kernel stays up and others are answered within a second."""
import os
import socket
import struct
import time

import pytest
import zmq
from conftest import text


LIMIT = 3.0  # seconds, to an answer; the goal is one, and other tests may share the machine


@pytest.fixture(scope="module", autouse=True)
def alive_at_the_end(shared):
    shared.limit = max(LIMIT, 10 * max(seconds_to_answer(shared) for _ in range(10)))  # a machine may be busy with other things
    before = descriptors(shared)
    yield
    assert_served(shared)
    deadline = time.monotonic() + 5
    while descriptors(shared) > before + 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert descriptors(shared) <= before + 2, "connections of attackers were not closed"


def descriptors(kernel):
    return len(os.listdir(f"/proc/{kernel.pid}/fd"))


def assert_served(kernel, newcomer=True):
    assert seconds_to_answer(kernel, newcomer) < kernel.limit


def seconds_to_answer(kernel, newcomer=True):
    """Seconds until a cell is answered, to the old client and to one that connects now."""
    slowest = 0.0
    for client in (kernel.client, None) if newcomer else (kernel.client,):
        began = time.monotonic()
        if client is None:
            probe(kernel)
        else:
            assert kernel.run("alive", client)[0]["content"]["status"] == "ok"
        slowest = max(slowest, time.monotonic() - began)
    return slowest


def probe(kernel):
    """Asks for kernel_info over a connection made now."""
    shell = kernel.client.context.socket(zmq.DEALER)
    shell.linger = 0
    shell.connect(kernel.client._make_url("shell"))
    session = kernel.client.session.clone()
    session.send(shell, "kernel_info_request", {})
    assert shell.poll(5000), "a new client was not served"
    shell.recv_multipart()
    shell.close()


def connect(kernel, channel="shell"):
    return socket.create_connection((kernel.client.ip, getattr(kernel.client, channel + "_port")), 5)


GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00NULL".ljust(23, b"\0") + bytes(32)
GREETING = GREETING[:64].ljust(64, b"\0")


def ready(kind, identity=b""):
    body = b"\x05READY\x0bSocket-Type" + struct.pack(">I", len(kind)) + kind
    if identity:
        body += b"\x08Identity" + struct.pack(">I", len(identity)) + identity
    return bytes([4, len(body)]) + body


def peer(kernel, channel="shell", kind=b"DEALER"):
    """A raw connection past its handshake."""
    s = connect(kernel, channel)
    s.sendall(GREETING + ready(kind))
    exactly(s, 64)
    read_frame(s)
    return s


def exactly(s, n):
    b = b""
    while len(b) < n:
        piece = s.recv(n - len(b))
        assert piece, "the kernel closed the connection"
        b += piece
    return b


def read_frame(s):
    flags, size = exactly(s, 2)
    if flags & 2:
        size = struct.unpack(">Q", bytes([size]) + exactly(s, 7))[0]
    return flags, exactly(s, size)


def encode(frames):
    out = b""
    for i, f in enumerate(frames):
        more = 0 if i == len(frames) - 1 else 1
        out += (bytes([more, len(f)]) if len(f) < 256 else bytes([more | 2]) + struct.pack(">Q", len(f))) + f
    return out


def closed(s, seconds):
    s.settimeout(seconds)
    try:
        while s.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        pass
    return True


@pytest.mark.parametrize("channel,kind", [("shell", b"DEALER"), ("control", b"DEALER"), ("stdin", b"DEALER"), ("hb", b"REQ"), ("iopub", b"SUB")])
@pytest.mark.parametrize("handshake", [True, False], ids=["after the handshake", "instead of it"])
def test_forged_frame_header(shared, channel, kind, handshake):
    s = peer(shared, channel, kind) if handshake else connect(shared, channel)
    if not handshake:
        s.sendall(GREETING)
    s.sendall(b"\x02" + struct.pack(">Q", 2**62))
    assert closed(s, 2)
    assert_served(shared)


def test_silent_connections(shared):
    silent = [connect(shared, channel) for channel in ("shell", "iopub", "control", "stdin", "hb") for _ in range(60)]
    assert_served(shared)
    assert all(closed(s, 4) for s in silent), "a silent connection outlived the deadline of the handshake"


def test_dribble(shared):
    s = connect(shared)
    began, alive = time.monotonic(), True
    data = GREETING + ready(b"DEALER")
    s.settimeout(0.05)
    for b in data:
        try:
            s.sendall(bytes([b]))
            time.sleep(0.05)
        except OSError:
            alive = False
            break
    assert not alive and time.monotonic() - began < 4, "one byte at a time must not hold a handshake open"
    assert_served(shared)


@pytest.mark.parametrize("junk", [
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    bytes(64),
    b"\xff" * 300,
    GREETING + b"\x04\x06\x05READY\xff",
    GREETING + b"\x04\x12\x05READY\x0bSocket-Type\xff",
    GREETING + b"\x04\x16\x05READY\x0bSocket-Type\xff\xff\xff\xff",
    GREETING + ready(b"PUSH"),
    GREETING + ready(b""),
    GREETING.replace(b"NULL", b"PLAI") + ready(b"DEALER"),
    GREETING + ready(b"DEALER", b"i" * 150)[:-1] + b"",
    GREETING + b"\x00\x01a",
], ids=lambda b: repr(b[:12] if not b.startswith(GREETING) else b[64:80]))
def test_malformed_handshake(shared, junk):
    s = connect(shared)
    s.sendall(junk)
    s.shutdown(socket.SHUT_WR)
    assert closed(s, 3)
    assert_served(shared)


def test_unfinished_frames_cost_no_memory(shared):
    before = resident(shared)
    peers = [peer(shared) for _ in range(16)]
    for s in peers:
        s.sendall(b"\x02" + struct.pack(">Q", 60 << 20) + b"x")
    assert_served(shared)
    assert resident(shared) - before < 64 << 20
    for s in peers:
        s.close()


def test_half_open_connections(shared):
    """Past the handshake they fall silent, some within a message, some with the sending side shut."""
    kinds = [("shell", b"DEALER"), ("control", b"DEALER"), ("stdin", b"DEALER"), ("hb", b"REQ"), ("iopub", b"SUB")]
    silent = [peer(shared, *kinds[n % len(kinds)]) for n in range(150)]
    for n, s in enumerate(silent):
        s.sendall((b"", b"\x01", b"\x01\x05ab", b"\x01\x01a")[n % 4])
        if n % 3 == 0:
            s.shutdown(socket.SHUT_WR)
    assert_served(shared)
    for s in silent[::3]:
        assert closed(s, 4), "a connection whose other side is shut was kept"
    assert_served(shared)
    for s in silent:
        s.close()


def test_slow_message(shared):
    """A message of which a byte comes at a time is answered in the end, and holds up nobody."""
    s = peer(shared)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    data = encode(signed(shared, "comm_info_request", {}))
    for n, b in enumerate(data):
        s.sendall(bytes([b]))
        if n % 100 == 0:
            assert_served(shared, newcomer=False)
    while b"comm_info_reply" not in read_frame(s)[1]:
        pass
    s.close()


def test_huge_messages(shared):
    """As large as a message may be: one with a signature is answered, the others are dropped; a larger one ends its connection."""
    s = peer(shared)
    frames = signed(shared, "comm_info_request", {"padding": "x" * 8_000_000})
    forged = [frames[0], b"0" * 64, *frames[2:5], b"x" * 60_000_000]
    for _ in range(3):
        s.sendall(encode(forged))
    assert_served(shared)
    s.sendall(encode(frames))
    assert_served(shared)
    while b"comm_info_reply" not in read_frame(s)[1]:
        pass
    try:
        s.sendall(encode([*frames, b"x" * 64_000_000]))
    except OSError:
        pass
    assert closed(s, 4)
    assert_served(shared)


def test_thousand_messages_at_once(shared):
    s = peer(shared)
    s.sendall(b"".join(encode(signed(shared, "kernel_info_request", {})) for _ in range(1000)))
    assert_served(shared)
    answers = 0
    while answers < 1000:
        answers += b"kernel_info_reply" in read_frame(s)[1]
    s.close()
    shared.quiet()


def resident(kernel):
    with open(f"/proc/{kernel.pid}/statm") as f:
        return int(f.read().split()[1]) * 4096


def signed(kernel, kind, content):
    session = kernel.client.session
    return session.serialize(session.msg(kind, content))


def test_wrong_signature(shared):
    s = peer(shared)
    frames = signed(shared, "execute_request", {"code": "set forged yes", "silent": False})
    frames[1] = frames[1][:-1] + (b"0" if frames[1][-1:] != b"0" else b"1")
    s.sendall(encode(frames))
    frames[1] = b""
    s.sendall(encode(frames))
    assert_served(shared)
    assert shared.run("get forged")[0]["content"]["status"] == "error"
    s.close()


def test_replay(shared):
    s = peer(shared)
    frames = signed(shared, "execute_request", {"code": "set replayed 1", "silent": False, "store_history": True})
    s.sendall(encode(frames))
    while b"execute_reply" not in read_frame(s)[1]:
        pass
    assert shared.run("set replayed 2")[0]["content"]["status"] == "ok"
    s.sendall(encode(frames))
    assert_served(shared)
    assert text(shared.run("get replayed")[1]) == "2\n"
    s.close()


@pytest.mark.parametrize("frames", [
    [b""], [b"<IDS|MSG>"], [b"<IDS|MSG>", b"", b"{}"], [b"a"] * 900, [b"a"] * 5000,
    [b"<IDS|MSG>", b"x" * 64, b"{", b"{}", b"{}", b"{}"],
], ids=["empty", "delimiter", "short", "900 frames", "5000 frames", "invalid JSON"])
def test_malformed_messages(shared, frames):
    s = peer(shared)
    try:
        s.sendall(encode(frames))
    except OSError:
        pass  # closed in the middle, as it should be for too many frames
    assert_served(shared)
    s.close()


def test_signed_nonsense(shared):
    session = shared.client.session
    for parts in ([b"{"] * 4, [b"null"] * 4, [b"[]"] * 4, [b'{"msg_type":7}', b"{}", b"{}", b"{}"], [b"[" * 9000 + b"]" * 9000, b"{}", b"{}", b"{}"]):
        s = peer(shared)
        s.sendall(encode([b"<IDS|MSG>", session.sign(parts), *parts]))
        assert_served(shared, newcomer=False)
        s.close()


def test_flood_of_messages(shared):
    s = peer(shared)
    good = encode(signed(shared, "comm_info_request", {}))
    forged = encode([b"<IDS|MSG>", b"0" * 64, b"{}", b"{}", b"{}", b"{}"])
    s.sendall(good + forged * 10000)
    assert_served(shared)
    s.close()


def test_ping_is_answered_while_a_cell_runs(shared):
    ident = shared.client.execute("sleep 30s")
    for channel, kind in (("shell", b"DEALER"), ("control", b"DEALER"), ("stdin", b"DEALER"), ("hb", b"REQ"), ("iopub", b"SUB")):
        s = peer(shared, channel, kind)
        s.sendall(b"\x04\x0b\x04PING\x00\x64abcd")
        assert read_frame(s) == (4, b"\x04PONGabcd")
        s.close()
    shared.manager.interrupt_kernel()
    assert shared.reply(ident)["content"]["status"] == "error"


def test_subscriber_that_never_reads(shared):
    stalled = [peer(shared, "iopub", b"SUB") for _ in range(3)]
    for s in stalled:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        s.sendall(b"\x00\x01\x01")
    for _ in range(4):
        _, out = shared.run("big 10000000", timeout=20)
        assert len(text(out)) == 10_000_000
    assert_served(shared)
    for s in stalled:
        s.close()


def test_clients_that_read_no_big_reply(shared):
    """Together the replies fill every buffer on the way, and what is kept for a client has a bound."""
    deaf = [peer(shared) for _ in range(3)]
    for s in deaf:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    content = {"code": "", "silent": True, "user_expressions": {"big": "x" * 200_000}}
    for n in range(100):
        for s in deaf:
            s.sendall(encode(signed(shared, "execute_request", content)))
        if n % 25 == 0:
            assert_served(shared)
    assert_served(shared)
    assert resident(shared) < 1 << 30
    for s in deaf:
        s.close()


def test_client_that_reads_no_reply(shared):
    s = peer(shared)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    for _ in range(500):
        s.sendall(encode(signed(shared, "comm_info_request", {})))
    assert_served(shared)
    s.close()


def test_two_clients_with_one_identity(shared):
    dealers = []
    for _ in range(2):
        d = shared.client.context.socket(zmq.DEALER)
        d.linger, d.identity = 0, b"twin"
        d.connect(shared.client._make_url("shell"))
        dealers.append(d)
    session = shared.client.session.clone()
    for _ in range(5):
        for asker, other in (dealers, dealers[::-1]):
            session.send(asker, "kernel_info_request", {})
            assert asker.poll(3000), "the one who asks has no answer"
            asker.recv_multipart()
            assert not other.poll(20), "an answer went to the other one"
    for d in dealers:
        d.close()


def test_random_streams(shared):
    import random
    seed = int(os.environ.get("SEED") or time.time())
    print("seed", seed)
    rnd = random.Random(seed)
    channels = [("shell", b"DEALER"), ("iopub", b"SUB"), ("hb", b"REQ"), ("control", b"DEALER"), ("stdin", b"DEALER")]
    tails = [lambda: bytes([rnd.randrange(8), rnd.randrange(40)]) + rnd.randbytes(rnd.randrange(40)), lambda: b"\x04\x0b\x04PING\0\x01abcd",
             lambda: b"\x04\x0b\x09SUBSCRIBE"[:rnd.randrange(14)], lambda: b"\x02" + rnd.randbytes(8), lambda: b"\x00\x03\x01ab", lambda: b"\x01\x00" * 50]
    for _ in range(400):
        channel, kind = rnd.choice(channels)
        data = bytearray(GREETING + ready(kind) + b"".join(rnd.choice(tails)() for _ in range(rnd.randrange(8))))
        for _ in range(rnd.choice((0, 0, 1, 3))):
            data[rnd.randrange(len(data))] = rnd.randrange(256)
        if rnd.random() < 0.3:
            data = data[:rnd.randrange(1, len(data) + 1)]
        s = connect(shared, channel)
        try:
            s.sendall(bytes(data))
        except OSError:
            pass
        s.close()
    assert_served(shared)
