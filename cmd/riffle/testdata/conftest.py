"""The riffle kernel behind a real jupyter_client."""
import os
import statistics
import time

import jupyter_client
import pytest
from jupyter_client.kernelspec import KernelSpec

RIFFLE = os.environ["RIFFLE"]
TIMEOUT = 60


class Kernel:
    """A kernel in a folder of its own, and one client of it."""

    def __init__(self, directory):
        self.directory = directory
        self.manager = jupyter_client.KernelManager(kernel_name="riffle")
        self.manager._kernel_spec = KernelSpec(argv=[RIFFLE, "kernel", "--connection-file", "{connection_file}"], interrupt_mode="message")
        self.log = open(directory / "kernel.log", "w+")
        began = time.monotonic()
        self.manager.start_kernel(stderr=self.log, cwd=str(directory))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=TIMEOUT)
        self.run("1+1")
        self.started = time.monotonic() - began

    def run(self, code, timeout=TIMEOUT):
        """Executes a cell and gives what became of it."""
        return self.finish(self.client.execute(code), timeout)

    def finish(self, ident, timeout=TIMEOUT):
        began, text, error = time.monotonic(), "", None
        while True:
            message = self.client.get_iopub_msg(timeout=timeout)
            if message["parent_header"].get("msg_id") != ident:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "stream":
                text += content["text"]
            elif kind in ("display_data", "execute_result", "update_display_data"):
                text += content["data"].get("text/plain", "") + "\n"
            elif kind == "error":
                error = content
            elif kind == "status" and content["execution_state"] == "idle":
                break
        while True:
            reply = self.client.get_shell_msg(timeout=timeout)
            if reply["parent_header"].get("msg_id") == ident:
                return Outcome(text, error, reply["content"]["status"], time.monotonic() - began)

    def good(self, code):
        """Executes a cell that has to go well, and gives what it shows."""
        got = self.run(code)
        assert got.error is None, got.traceback
        return got.text

    def wait_for(self, ident, word):
        """Waits until a running cell prints a word."""
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") == ident and word in message["content"].get("text", ""):
                return

    def median(self, code, times=15):
        """The median of how long a cell takes, in seconds."""
        return statistics.median(self.run(code).seconds for _ in range(times))

    def worker(self):
        """The process that runs the cells."""
        return int(self.good("import \"os\"\nos.Getpid()"))

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=False)
        self.manager.cleanup_resources()
        self.log.close()


class Outcome:
    def __init__(self, text, error, status, seconds):
        self.text, self.error, self.status, self.seconds = text, error, status, seconds

    @property
    def traceback(self):
        return "\n".join(self.error["traceback"]) if self.error else ""


@pytest.fixture
def start(tmp_path):
    """Starts kernels that end with the test."""
    kernels = []

    def start():
        directory = tmp_path / f"k{len(kernels)}"
        directory.mkdir()
        kernels.append(Kernel(directory))
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
