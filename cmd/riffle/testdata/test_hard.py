"""What a cell may do to the kernel: each time the kernel goes on, or says why the variables are gone."""
import os
import signal
import time

import pytest

GONE = "variables and functions of earlier cells are gone"


def goes_on(kernel):
    """The next cell runs, in a new worker if need be."""
    assert kernel.good("2+2").strip().endswith("4")


def test_exit_ends_the_cell_only(shared):
    shared.good("kept := 5")
    got = shared.run('import "os"\nos.Exit(3)')
    assert "exit status 3" in got.traceback, got.traceback
    assert shared.good("kept").strip() == "5"


def test_panic_in_a_goroutine(shared):
    shared.good("kept := 6")
    got = shared.run('import "time"\ngo func() { panic("in the back") }()\ntime.Sleep(100 * time.Millisecond)')
    assert "in the back" in got.text + got.traceback
    assert shared.good("kept").strip() == "6"


def test_recursion_without_end(shared):
    shared.good("kept := 7")
    got = shared.run("func down(n int) int { return down(n+1) + 1 }\ndown(0)")
    assert "stack overflow" in got.traceback, got.traceback
    assert got.seconds < 10
    goes_on(shared)
    assert shared.good("kept").strip() == "7"


def test_mutual_recursion_in_a_filter(shared):
    got = shared.run('func ping(n int) int { return pong(n+1) }\nfunc pong(n int) int { return ping(n+1) }\n'
                     'Topic("car-telemetry").Filter(func(r Row) bool { return ping(0) > 0 }).Head(1)')
    assert "stack overflow" in got.traceback, got.traceback
    goes_on(shared)


def test_busy_loop_is_interrupted(shared):
    shared.good("kept := 8")
    ident = shared.client.execute('println("busy")\nfor { }')
    shared.wait_for(ident, "busy")
    began = time.monotonic()
    shared.manager.interrupt_kernel()
    got = shared.finish(ident)
    assert time.monotonic() - began < 1
    assert "interrupted" in got.traceback, got.traceback
    assert shared.good("kept").strip() == "8"


def test_busy_function_over_rows_is_interrupted(shared):
    ident = shared.client.execute('Topic("car-telemetry").Filter(func(r Row) bool { println("busy"); for { } })')
    shared.wait_for(ident, "busy")
    began = time.monotonic()
    shared.manager.interrupt_kernel()
    got = shared.finish(ident)
    assert time.monotonic() - began < 1
    assert "interrupted" in got.traceback, got.traceback
    goes_on(shared)


def test_allocation_beyond_all_memory(start):
    kernel = start()
    kernel.good("n := 1 << 42")
    got = kernel.run("b := make([]byte, n)\nb[len(b)-1] = 1\nlen(b)")
    assert got.status == "error", got.text
    assert "out of memory" in got.traceback or "out of range" in got.traceback, got.traceback
    goes_on(kernel)


def test_memory_that_grows_without_end(start):
    kernel = start()
    got = kernel.run("var all [][]byte\nfor {\n\tb := make([]byte, 1<<28)\n\tfor i := 0; i < len(b); i += 1<<22 {\n\t\tb[i] = 1\n\t}\n\tall = append(all, b)\n}")
    assert got.status == "error"
    assert "memory" in got.traceback, got.traceback
    assert GONE in got.traceback, got.traceback
    goes_on(kernel)


def test_worker_killed_in_the_middle_of_a_cell(start):
    kernel = start()
    kernel.good("kept := 9")
    pid = kernel.worker()
    ident = kernel.client.execute('import "time"\nprintln("busy")\ntime.Sleep(time.Minute)')
    kernel.wait_for(ident, "busy")
    os.kill(pid, signal.SIGKILL)
    got = kernel.finish(ident)
    assert GONE in got.traceback, got.traceback
    after = kernel.run("kept")
    assert "undefined: kept" in after.traceback
    assert kernel.worker() != pid


def test_worker_killed_between_cells(start):
    kernel = start()
    kernel.good('kept := 9\ncars := Topic("car-telemetry")\nSample(cars, Last(100))')
    os.kill(kernel.worker(), signal.SIGKILL)
    time.sleep(0.2)
    got = kernel.run('Sample(Topic("car-telemetry"))')
    assert got.error is None, got.traceback
    assert "gone" in got.text and "pinned before" in got.text, got.text


def test_concurrent_map_writes(start):
    kernel = start()
    got = kernel.run("""import "time"
m := map[int]int{}
for range 8 {
	go func() {
		for i := 0; i < 1_000_000; i++ {
			m[i%7] = i
		}
	}()
}
time.Sleep(2 * time.Second)""")
    # The interpreter may or may not write at the same moment; if it does, the process is lost and says why.
    if got.error is not None:
        assert GONE in got.traceback, got.traceback
    goes_on(kernel)


def test_two_notebooks_at_once(start):
    one, two = start(), start()
    one.good("x := 1")
    two.good("x := 2")
    cell = 'cars := Topic("car-telemetry", Time("ts"))\ncars.GroupBy("car").Tumbling("5s").Agg("n = count()")'
    first, second = one.client.execute(cell), two.client.execute(cell)
    a, b = one.finish(first), two.finish(second)
    assert a.error is None and b.error is None, a.traceback + b.traceback
    assert a.text == b.text
    assert (one.good("x").strip(), two.good("x").strip()) == ("1", "2")


def test_a_dead_kernel_leaves_no_worker(start):
    kernel = start()
    pid = kernel.worker()
    os.kill(kernel.manager.provisioner.pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        state = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0]
        if state == "Z":
            return
        time.sleep(0.02)
    pytest.fail("the worker outlives the kernel")
