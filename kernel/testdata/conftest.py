"""A kernel of the test's own behind a real jupyter_client."""
import os
import queue
import time

import jupyter_client
import pytest
from jupyter_client.kernelspec import KernelSpec

KERNEL = os.environ["ECHOKERNEL"]
TIMEOUT = 10


class Kernel:
    """The echo kernel and one client of it."""

    def __init__(self, directory, transport="tcp", args=()):
        self.manager = jupyter_client.KernelManager(kernel_name="echo", transport=transport)
        if transport == "ipc":
            self.manager.ip = str(directory / "k")
        self.manager._kernel_spec = KernelSpec(argv=[KERNEL, "-connection-file", "{connection_file}", *args], interrupt_mode="message")
        self.log = open(directory / "kernel.log", "w+")
        self.manager.start_kernel(stderr=self.log, cwd=str(directory))
        self.client = self.connect()

    def connect(self):
        client = self.manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=TIMEOUT)
        return client

    def run(self, code, client=None, timeout=TIMEOUT, **options):
        """Executes a cell; gives the reply and what came on iopub until idle."""
        client = client or self.client
        ident = client.execute(code, **options)
        return self.reply(ident, client, timeout), self.outputs(ident, client, timeout)

    def reply(self, ident, client=None, timeout=TIMEOUT):
        client = client or self.client
        deadline = time.monotonic() + timeout
        while True:
            message = client.get_shell_msg(timeout=max(0.01, deadline - time.monotonic()))
            if message["parent_header"].get("msg_id") == ident:
                return message

    def outputs(self, ident, client=None, timeout=TIMEOUT):
        client = client or self.client
        found, deadline = [], time.monotonic() + timeout
        while True:
            message = client.get_iopub_msg(timeout=max(0.01, deadline - time.monotonic()))
            if message["parent_header"].get("msg_id") != ident:
                continue
            found.append(message)
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return found

    def quiet(self, client=None):
        """Drops what is still on its way."""
        client = client or self.client
        for channel in (client.shell_channel, client.iopub_channel):
            while channel.msg_ready():
                try:
                    channel.get_msg(timeout=0)
                except queue.Empty:
                    break

    def stderr(self):
        self.log.seek(0)
        return self.log.read()

    @property
    def pid(self):
        return self.manager.provisioner.pid

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()
        self.log.close()


def text(messages, name="stdout"):
    return "".join(m["content"]["text"] for m in messages if m["msg_type"] == "stream" and m["content"]["name"] == name)


def kinds(messages):
    return [m["msg_type"] for m in messages]


@pytest.fixture
def start(tmp_path):
    """Starts kernels that end with the test."""
    kernels = []

    def start(transport="tcp", args=()):
        directory = tmp_path / f"k{len(kernels)}"
        directory.mkdir()
        kernels.append(Kernel(directory, transport, args))
        return kernels[-1]

    yield start
    for kernel in kernels:
        kernel.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One kernel for tests that leave nothing behind in it."""
    kernel = Kernel(tmp_path_factory.mktemp("shared"))
    yield kernel
    kernel.close()
