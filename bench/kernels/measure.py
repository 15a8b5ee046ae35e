"""Riffle beside other Jupyter kernels: python measure.py RIFFLE RESULTS [ROUNDS].

Each round starts every kernel anew, in an order that rotates, and takes every figure of it.
"""
import os
import statistics
import sys
import time
from dataclasses import dataclass, field

from jupyter_client.kernelspec import KernelSpecManager

import languages
import report
from client import Kernel

CELLS, COMPLETIONS = 60, 40  # a round's figure is the median of so many


@dataclass
class Spec:
    name: str
    argv: list
    language: languages.Language
    interrupt: str = "signal"
    env: dict = field(default_factory=dict)


def specs(riffle):
    """Riffle, and the others as their own kernelspecs start them."""
    found = [Spec("riffle", [os.path.abspath(riffle), "kernel", "--connection-file", "{connection_file}"], languages.GO, "message")]
    for title, name in (("ipykernel", "python3"), ("xeus-python", "xpython")):
        s = KernelSpecManager().get_kernel_spec(name)
        argv = [sys.executable, *s.argv[1:]]  # kernelspecs say "python", and mean the one they stand in
        found.append(Spec(title, argv, languages.PYTHON, s.interrupt_mode, s.env))
    return found


def session(spec):
    """All figures of one kernel, in milliseconds, and the lines it lost."""
    k, code = Kernel(spec), spec.language
    try:
        figures = {"start to the first reply": k.ready()}
        figures["first completion"] = completion(k, *code.fresh)
        k.run(code.trivial)
        figures["start to the first cell's result, a completion before it"] = time.perf_counter() - k.began
        k.run(code.prepare)
        trivial = [k.run(code.trivial)[1:] for _ in range(CELLS)]
        figures["trivial cell, to its reply"] = statistics.median(t[0] for t in trivial)
        figures["trivial cell, to idle"] = statistics.median(t[1] for t in trivial)
        figures["redefining a function"] = statistics.median(k.run(code.redefine(i))[1] for i in range(CELLS))
        figures["later completions"] = statistics.median(completion(k, *code.complete(i)) for i in range(COMPLETIONS))
        text, _, figures["1 MB of output"] = k.run(code.megabyte)
        assert len(text) == 1_000_000, f"{spec.name}: {len(text)} of 1000000 bytes"
        text, _, figures["50,000 lines of output"] = k.run(code.lines)
        lost = 50_000 - len(set(text.splitlines()) & {f"line {i}" for i in range(50_000)})
        figures["interrupt of a busy loop"] = interrupt(k)  # last: not every kernel survives it
        return {name: t and 1000 * t for name, t in figures.items()}, lost
    finally:
        k.close()


def completion(k, code, expected):
    reply, took = k.ask("complete_request", {"code": code, "cursor_pos": len(code)})
    assert any(expected in m for m in reply["matches"]), f"{k.spec.name}: {code!r}: {reply}"
    return took


def interrupt(k):
    """Seconds until the reply to a cell that was interrupted; None if the kernel ends instead."""
    ident = k.start(k.spec.language.busy)
    while k.receive(k.iopub, ident)[0] != "stream":
        pass
    time.sleep(0.1)
    began = time.perf_counter()
    k.interrupt()
    while not k.shell.poll(100):
        if k.process.poll() is not None:
            return None
    _, reply = k.receive(k.shell, ident)
    took = time.perf_counter() - began
    assert reply["status"] == "error", reply
    k.run(k.spec.language.trivial)
    return took


def main(riffle, results, rounds="7"):
    kernels = specs(riffle)
    taken, loads = {s.name: [] for s in kernels}, []
    for s in kernels:  # once for the caches of the machine
        session(s)
    for n in range(int(rounds)):
        loads.append(report.load())
        for s in kernels[n % 3:] + kernels[:n % 3]:
            taken[s.name].append(session(s))
        print(f"round {n + 1} of {rounds}, load {loads[-1]:.1f}", flush=True)
    text = report.section(taken, loads)
    print(text)
    with open(results, "a") as f:
        f.write("\n" + text)


if __name__ == "__main__":
    main(*sys.argv[1:])
