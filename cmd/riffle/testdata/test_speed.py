"""How long things take that people wait for."""
import time

# The figures are printed and the goals stand in the tests; only ten times a goal fails, since other tests share the machine.
BUSY = 10


def test_start_to_first_reply(start):
    times = [start().started for _ in range(5)]
    print("start to the reply of the first cell:", [f"{t * 1000:.0f} ms" for t in times])
    assert min(times) < BUSY * 0.4


def test_trivial_cell(shared):
    t = shared.median("1+1")
    print(f"trivial cell: {t * 1000:.1f} ms")
    assert t < BUSY * 0.02


def test_redefinition(shared):
    t = shared.median("func f(x float64) float64 { return x + 1 }")
    print(f"redefinition of a function: {t * 1000:.1f} ms")
    assert t < BUSY * 0.02


def test_first_completion(start):
    kernel = start()
    began = time.monotonic()
    kernel.client.complete("import \"strings\"\nstrings.To", 26)
    reply = kernel.client.get_shell_msg(timeout=10)
    took = time.monotonic() - began
    print(f"first completion: {took * 1000:.0f} ms")
    assert "strings.ToUpper" in str(reply["content"]["matches"]) or "ToUpper" in reply["content"]["matches"]
    assert took < BUSY * 0.1


def test_table_of_fifty_thousand_rows(start):
    kernel = start()
    pinned = kernel.run('cars := Topic("car-telemetry", Time("ts"))\nSample(cars, Last(50_000))')
    assert "rows of car-telemetry" in pinned.text, pinned.text + pinned.traceback
    cell = ('cars.With("kmh = speed * 3.6").Where("gear in [7, 8]").GroupBy("car").Tumbling("10s").'
            'Agg("avg = mean(kmh)", "max(kmh)", "n = count()")')
    first = kernel.run(cell)
    assert first.error is None, first.traceback
    later = kernel.median(cell, 5)
    built = kernel.median('df := cars.With("kmh = speed * 3.6").Where("gear in [7, 8]")')
    began = time.monotonic()
    kernel.client.complete('df.Where("km', 12)
    matches = kernel.client.get_shell_msg(timeout=10)["content"]["matches"]
    completed = time.monotonic() - began
    print(f"a cell that builds and checks a frame: {built * 1000:.1f} ms; completion in its string: {completed * 1000:.1f} ms")
    assert matches == ["kmh"]
    assert built < BUSY * 0.02 and completed < BUSY * 0.1
    print(f"sample of 50,000 rows: {pinned.seconds * 1000:.0f} ms; its table: first {first.seconds * 1000:.0f} ms, then {later * 1000:.0f} ms")
    assert first.seconds < BUSY * 0.3
