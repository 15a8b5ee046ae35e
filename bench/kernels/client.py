"""A Jupyter client that costs next to nothing, so that what is measured is the kernel."""
import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import uuid

import zmq

PATIENCE = 15  # seconds, after which what a kernel has not sent counts as lost
DELIMITER = b"<IDS|MSG>"


class Kernel:
    """A kernel that was just started, as its kernelspec says, and the one client of it."""

    def __init__(self, spec):
        self.spec, self.directory = spec, tempfile.TemporaryDirectory()
        self.key = uuid.uuid4().hex.encode()
        ports = free_ports(5)
        names = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
        self.ports = dict(zip(names, ports))
        connection = {**self.ports, "ip": "127.0.0.1", "transport": "tcp", "key": self.key.decode(),
                      "signature_scheme": "hmac-sha256", "kernel_name": spec.name}
        file = os.path.join(self.directory.name, "connection.json")
        with open(file, "w") as f:
            json.dump(connection, f)
        self.shell, self.control = self.connect(zmq.DEALER, "shell_port"), self.connect(zmq.DEALER, "control_port")
        self.iopub = self.connect(zmq.SUB, "iopub_port")
        self.iopub.setsockopt(zmq.SUBSCRIBE, b"")
        argv = [a.replace("{connection_file}", file) for a in spec.argv]
        self.began = time.perf_counter()
        self.process = subprocess.Popen(argv, cwd=self.directory.name, env={**os.environ, **spec.env},
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
                                        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))  # a job in the background ignores it

    def connect(self, kind, port):
        s = zmq.Context.instance().socket(kind)
        s.linger, s.reconnect_ivl = 0, 1
        s.connect(f"tcp://127.0.0.1:{self.ports[port]}")
        return s

    def send(self, kind, content, channel=None):
        ident = uuid.uuid4().hex
        header = {"msg_id": ident, "session": self.key.decode(), "username": "bench", "msg_type": kind, "version": "5.4",
                  "date": "2026-01-01T00:00:00.000000Z"}
        parts = [json.dumps(p).encode() for p in (header, {}, {}, content)]
        digest = hmac.new(self.key, digestmod=hashlib.sha256)
        for p in parts:
            digest.update(p)
        (channel or self.shell).send_multipart([DELIMITER, digest.hexdigest().encode(), *parts])
        return ident

    def receive(self, channel, ident):
        """The next message on a channel that answers ident: its type and content."""
        return next((kind, content) for at, kind, content in self.answers(ident, channel))

    def answers(self, ident, *channels):
        """The messages that answer ident: channel, type and content. Both channels are read, as clients do; a
        kernel that says nothing for long ends it."""
        poller = zmq.Poller()
        for c in channels:
            poller.register(c, zmq.POLLIN)
        while ready := poller.poll(PATIENCE * 1000):
            for channel, _ in ready:
                frames = channel.recv_multipart()
                at = frames.index(DELIMITER)
                if (json.loads(frames[at + 3]) or {}).get("msg_id") == ident:
                    yield channel, json.loads(frames[at + 2])["msg_type"], json.loads(frames[at + 5])

    def ask(self, kind, content):
        """The reply to a request, and the seconds it took."""
        began = time.perf_counter()
        _, reply = self.receive(self.shell, self.send(kind, content))
        return reply, time.perf_counter() - began

    def ready(self):
        """Waits for the answer to kernel_info and for iopub; gives the seconds since the start."""
        self.receive(self.shell, self.send("kernel_info_request", {}))
        took = time.perf_counter() - self.began
        while not self.iopub.poll(10):  # a client that subscribed too late asks again
            self.receive(self.shell, self.send("kernel_info_request", {}))
        return took

    def start(self, code):
        return self.send("execute_request", {"code": code, "silent": False, "store_history": True, "user_expressions": {},
                                             "allow_stdin": False, "stop_on_error": True})

    def run(self, code):
        """Runs a cell that has to go well: what it showed, seconds to its reply, and to the last of it."""
        began = time.perf_counter()
        text, replied, last, idle = [], None, None, False
        for channel, kind, content in self.answers(self.start(code), self.shell, self.iopub):
            last = time.perf_counter() - began
            if channel is self.shell:
                replied = last
                assert content["status"] == "ok", f"{self.spec.name}: {code!r}: {content}"
            elif kind == "stream":
                text.append(content["text"])
            elif kind == "execute_result":
                text.append(content["data"]["text/plain"])
            idle = idle or kind == "status" and content["execution_state"] == "idle"
            if idle and replied:
                break
        assert replied, f"{self.spec.name} has no reply to {code!r}"
        return "".join(text), replied, last

    def interrupt(self):
        if self.spec.interrupt == "message":
            self.send("interrupt_request", {}, self.control)
        else:
            os.killpg(self.process.pid, signal.SIGINT)

    def close(self):
        self.send("shutdown_request", {"restart": False}, self.control)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for s in (self.shell, self.control, self.iopub):
            s.close()
        self.directory.cleanup()


def free_ports(n):
    taken = [socket.socket() for _ in range(n)]
    for s in taken:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in taken]
    for s in taken:
        s.close()
    return ports
