"""What a cell may do to its process, and what the user then reads."""
import os
import signal
import subprocess
import sys
import time

import pytest
from conftest import text
from test_protocol import gone


def died(kernel, code):
    """Runs a cell that takes the worker away; gives what the user reads."""
    reply, out = kernel.run(code, timeout=20)
    content = reply["content"]
    assert (content["status"], content["ename"]) == ("error", "WorkerDied")
    shown = "\n".join(content["traceback"])
    assert "variables and functions of earlier cells are gone" in shown
    assert "goroutine" not in shown and "runtime." not in shown
    assert "goroutine" not in text(out, "stderr"), "the raw dump must not reach the cell"
    return shown, out


def test_panic_in_a_goroutine(shared):
    shown, out = died(shared, "print before\ncrash boom")
    assert shown.startswith("panic: boom\n") and "echo.crash" in shown and "exit code 2" in shown
    assert text(out) == "before\n"


def test_exit(shared):
    shown, _ = died(shared, "fd2 a last word\nexit 3")
    assert "exit code 3, as by os.Exit(3)" in shown and "a last word" in shown


def test_killed(shared):
    assert "killed by signal 9, most often because the machine ran out of memory" in died(shared, f"signal {int(signal.SIGKILL)}")[0]


def test_unbounded_recursion(shared):
    assert died(shared, "deep")[0].startswith("fatal error: stack overflow")


def test_panic_of_the_evaluator_costs_the_cell_only(shared):
    shared.run("set kept yes")
    reply, _ = shared.run("panic inside")
    assert reply["content"]["ename"] == "panic" and reply["content"]["traceback"][0] == "panic: inside"
    assert text(shared.run("get kept")[1]) == "yes\n"


def test_the_next_cell_gets_a_new_worker(shared):
    shared.run("set x 1")
    before = shared.run("x")[0]["content"]["execution_count"]
    died(shared, "exit 1")
    reply, out = shared.run("get x")
    assert "A new worker was started" in text(out, "stderr")
    assert reply["content"]["evalue"] == 'no variable "x"'
    assert reply["content"]["execution_count"] == before + 2
    shared.run("set x 2")
    reply, out = shared.run("get x")
    assert (text(out), text(out, "stderr")) == ("2\n", "")


def test_death_between_cells_is_told_below_the_last_one(shared):
    ident = shared.client.execute("after sudden")
    shared.reply(ident)
    told, deadline = "", time.monotonic() + 5
    while "variables and functions" not in told and time.monotonic() < deadline:
        m = shared.client.get_iopub_msg(timeout=5)
        if m["msg_type"] == "stream" and m["parent_header"]["msg_id"] == ident:
            told += m["content"]["text"]
    assert told.startswith("panic: sudden\n") and "goroutine" not in told
    assert shared.run("fine")[0]["content"]["status"] == "ok"


def test_a_line_like_a_panic_is_only_text(shared):
    _, out = shared.run("fd2 panic: says the user")
    assert text(out, "stderr") == "panic: says the user\n"


def test_what_waits_for_a_dead_worker_is_aborted(shared):
    idents = [shared.client.execute(c) for c in ("exit 1", "a", "b")]
    assert [shared.reply(i)["content"]["status"] for i in idents] == ["error", "aborted", "aborted"]


def test_a_cell_that_ignores_the_interrupt_loses_its_worker(start):
    k = start(args=["-grace", "300ms"])
    ident = k.client.execute("print started\nhang")
    while k.client.get_iopub_msg(timeout=5)["msg_type"] != "stream":
        pass
    k.manager.interrupt_kernel()
    content = k.reply(ident)["content"]
    assert content["ename"] == "Interrupted" and "did not stop within 300ms" in content["evalue"]
    assert k.run("fine")[0]["content"]["status"] == "ok"


@pytest.mark.parametrize("busy", ["hang", "spew text"])
@pytest.mark.parametrize("end", ["shutdown", "SIGTERM", "SIGKILL"])
def test_nothing_outlives_the_kernel(start, end, busy):
    k = start()
    child = int(text(k.run("child")[1]))
    worker = int(open(f"/proc/{child}/stat").read().rsplit(")", 1)[1].split()[1])
    k.client.execute(busy)
    if end == "shutdown":
        k.client.shutdown()
    else:
        os.kill(k.pid, getattr(signal, end))
    assert gone(k.pid, 3) and gone(worker, 3) and gone(child, 3)


def test_children_end_with_their_worker(shared):
    child = int(text(shared.run("child")[1]))
    died(shared, "exit 1")
    assert gone(child, 3)


def test_the_kernel_ends_with_its_server(tmp_path):
    server = """
import sys, time
sys.path.insert(0, {directory!r})
from pathlib import Path
from conftest import Kernel, text
k = Kernel(Path({place!r}))
print(k.pid, text(k.run("child")[1]), flush=True)
time.sleep(60)
""".format(directory=os.path.dirname(__file__), place=str(tmp_path))
    process = subprocess.Popen([sys.executable, "-c", server], stdout=subprocess.PIPE, text=True)
    kernel, child = map(int, process.stdout.readline().split())
    process.kill()
    process.wait()
    assert gone(kernel, 5) and gone(child, 5)
