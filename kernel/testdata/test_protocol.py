"""The Jupyter protocol as clients see it."""
import os
import signal
import time

import pytest
from conftest import kinds, text


def test_execute(shared):
    reply, out = shared.run("hello")
    assert reply["content"]["status"] == "ok"
    assert reply["content"]["payload"] == [] and reply["content"]["user_expressions"] == {}
    assert kinds(out) == ["status", "execute_input", "execute_result", "status"]
    assert out[2]["content"]["data"] == {"text/plain": "hello"}
    assert out[1]["content"]["execution_count"] == out[2]["content"]["execution_count"] == reply["content"]["execution_count"]
    assert all(m["header"]["version"] == "5.4" for m in [reply, *out])


def test_counts(start):
    k = start()
    count = lambda code, **options: k.run(code, **options)[0]["content"]["execution_count"]
    assert [count("a"), count("b"), count("c", store_history=False), count("d", silent=True), count("  "), count("e")] == [1, 2, 2, 2, 2, 3]
    assert [h[2] for h in history(k, hist_access_type="tail", n=9)] == ["a", "b", "e"]


def history(k, **options):
    return k.reply(k.client.history(**options))["content"]["history"]


def test_history(start, tmp_path):
    args = ["-history", str(tmp_path / "history.jsonl")]
    old = start(args=args)
    old.run("first")
    old.run("a/b")
    k = start(args=args)
    k.run("second")
    k.run("second")
    assert history(k, hist_access_type="tail", n=3) == [[1, 2, "a/b"], [2, 1, "second"], [2, 2, "second"]]
    assert history(k, hist_access_type="tail", n=1, output=True) == [[2, 2, ["second", "second"]]]
    assert history(k, hist_access_type="range", session=-1, start=1, stop=2) == [[1, 1, "first"]]
    assert history(k, hist_access_type="range", session=0, start=2, stop=None) == [[2, 2, "second"]]
    assert history(k, hist_access_type="search", pattern="a*b") == [[1, 2, "a/b"]]
    assert history(k, hist_access_type="search", pattern="s*", unique=True) == [[2, 2, "second"]]


def test_silent(shared):
    reply, out = shared.run("print x\nvalue", silent=True)
    assert reply["content"]["status"] == "ok"
    assert kinds(out) == ["status", "status"]


def test_user_expressions(shared):
    reply, _ = shared.run("x", user_expressions={"a": "one", "b": "fail two"})
    values = reply["content"]["user_expressions"]
    assert values["a"] == {"status": "ok", "data": {"text/plain": "one"}, "metadata": {}}
    assert values["b"]["status"] == "error" and values["b"]["evalue"] == "two"


def test_streams_are_joined_and_keep_their_order(shared):
    _, out = shared.run("print a\nprint b\neprint c\nprint d\nshow e\nprint f")
    shown = [(m["content"].get("name"), m["content"].get("text")) for m in out if m["msg_type"] in ("stream", "display_data")]
    assert shown == [("stdout", "a\nb\n"), ("stderr", "c\n"), ("stdout", "d\n"), (None, None), ("stdout", "f\n")]


def test_flood_loses_no_line(shared):
    _, out = shared.run("flood 50000", timeout=30)
    assert text(out) == "".join(f"line {i}\n" for i in range(50000))
    assert kinds(out).count("stream") < 200


def test_descriptors_of_the_worker_reach_the_cell(shared):
    for _ in range(20):
        _, out = shared.run("fd1 one é\nfd2 two")
        assert (text(out), text(out, "stderr")) == ("one é\n", "two\n")


def test_late_output_belongs_to_its_cell(shared):
    first = shared.client.execute("late from the first")
    shared.reply(first)
    shared.run("another")
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        m = shared.client.get_iopub_msg(timeout=5)
        if m["msg_type"] == "stream":
            break
    assert m["content"]["text"] == "from the first\n" and m["parent_header"]["msg_id"] == first


def test_display_update_clear(shared):
    _, out = shared.run("show one\nupdate two\nclear wait\nclear")
    assert kinds(out)[2:-1] == ["display_data", "update_display_data", "clear_output", "clear_output"]
    assert out[2]["content"]["transient"] == out[3]["content"]["transient"] == {"display_id": "d1"}
    assert [m["content"]["wait"] for m in out[4:6]] == [True, False]


def test_error(shared):
    reply, out = shared.run("fail why")
    assert kinds(out) == ["status", "execute_input", "error", "status"]
    for content in (reply["content"], out[2]["content"]):
        assert (content["ename"], content["evalue"], content["traceback"]) == ("Failed", "why", ["Failed: why"])


def test_stop_on_error_aborts_what_is_queued(shared):
    idents = [shared.client.execute(code, **options) for code, options in (("fail", {}), ("a", {}), ("b", {}))]
    assert [shared.reply(i)["content"]["status"] for i in idents] == ["error", "aborted", "aborted"]
    assert shared.run("c")[0]["content"]["status"] == "ok"
    idents = [shared.client.execute("fail", stop_on_error=False), shared.client.execute("a")]
    assert [shared.reply(i)["content"]["status"] for i in idents] == ["error", "ok"]


def test_requests_that_are_no_cells_survive_an_error(shared):
    failing, info = shared.client.execute("fail"), shared.client.kernel_info()
    assert shared.reply(failing)["content"]["status"] == "error"
    assert shared.reply(info)["content"]["status"] == "ok"


def test_input(shared):
    ident = shared.client.execute("input name?", allow_stdin=True)
    asked = shared.client.get_stdin_msg(timeout=5)
    assert asked["content"] == {"prompt": "name?", "password": False}
    assert asked["parent_header"]["msg_id"] == ident
    shared.client.input("Ada")
    assert shared.reply(ident)["content"]["status"] == "ok"
    assert text(shared.outputs(ident)) == "got Ada\n"


def test_input_where_nobody_can_answer(shared):
    reply, _ = shared.run("input name?", allow_stdin=False)
    assert reply["content"]["status"] == "error" and "cannot ask for input" in reply["content"]["evalue"]


def test_input_goes_to_the_client_that_runs_the_cell(shared):
    other = shared.connect()  # with the same session, so the same routing identity
    for client, bystander in ((other, shared.client), (shared.client, other)):
        ident = client.execute("input name?", allow_stdin=True)
        assert client.get_stdin_msg(timeout=5)["parent_header"]["msg_id"] == ident
        assert not bystander.stdin_channel.msg_ready()
        client.input("Ada")
        assert shared.reply(ident, client)["content"]["status"] == "ok"
    other.stop_channels()


def test_interrupt_while_asking(shared):
    ident = shared.client.execute("pass word?", allow_stdin=True)
    assert shared.client.get_stdin_msg(timeout=5)["content"]["password"] is True
    shared.manager.interrupt_kernel()
    assert shared.reply(ident)["content"]["ename"] == "Interrupted"


def test_complete(shared):
    content = shared.reply(shared.client.complete("é upd", 5))["content"]
    assert (content["matches"], content["cursor_start"], content["cursor_end"]) == (["update"], 2, 5)
    assert content["metadata"]["_jupyter_types_experimental"][0]["type"] == "function"


def test_inspect(shared):
    content = shared.reply(shared.client.inspect("print"))["content"]
    assert content["found"] and content["data"] == {"text/plain": "print is a command"}
    assert shared.reply(shared.client.inspect("nothing"))["content"]["found"] is False


def test_is_complete(shared):
    ask = lambda code: shared.reply(shared.client.is_complete(code))["content"]
    assert ask("f()") == {"status": "complete"}
    assert ask("f(") == {"status": "incomplete", "indent": "\t"}
    assert ask("f)") == {"status": "invalid"}


def test_comms(shared):
    send = lambda kind, content: shared.client.shell_channel.send(shared.client.session.msg(kind, content))
    ask = lambda: shared.reply(shared.client.comm_info("echo"))["content"]["comms"]
    shared.quiet()
    send("comm_open", {"comm_id": "w1", "target_name": "echo", "data": {}})
    send("comm_msg", {"comm_id": "w1", "data": {"x": 1}})
    assert ask() == {"w1": {"target_name": "echo"}}
    send("comm_close", {"comm_id": "w1", "data": {}})
    send("comm_open", {"comm_id": "w2", "target_name": "unknown", "data": {}})
    assert ask() == {}
    found = []
    while len(found) < 2:
        m = shared.client.get_iopub_msg(timeout=5)
        if m["msg_type"].startswith("comm"):
            found.append((m["msg_type"], m["content"]["comm_id"], m["content"]["data"]))
    assert found == [("comm_msg", "w1", {"x": 1}), ("comm_close", "w2", {})]


def test_control_is_answered_while_a_cell_runs(shared):
    ident = shared.client.execute("sleep 30s")
    control = shared.client.control_channel
    for kind in ("kernel_info_request", "comm_info_request"):
        began = time.monotonic()
        control.send(shared.client.session.msg(kind, {}))
        assert control.get_msg(timeout=5)["content"]["status"] == "ok"
        assert time.monotonic() - began < 0.5
    shared.manager.interrupt_kernel()
    assert shared.reply(ident)["content"]["ename"] == "Interrupted"


def test_interrupt_by_signal(shared):
    os.kill(shared.pid, signal.SIGINT)  # harmless between cells
    ident = shared.client.execute("print started\nsleep 30s")
    while shared.client.get_iopub_msg(timeout=5)["msg_type"] != "stream":
        pass
    began = time.monotonic()
    os.kill(shared.pid, signal.SIGINT)
    assert shared.reply(ident)["content"]["ename"] == "Interrupted"
    assert time.monotonic() - began < 0.5


def test_kernel_info(shared):
    content = shared.reply(shared.client.kernel_info())["content"]
    assert content["protocol_version"] == "5.4" and content["implementation"] == "echo"
    language = content["language_info"]
    assert (language["name"], language["file_extension"], language["mimetype"]) == ("go", ".go", "text/x-go")


def test_three_clients_and_a_thousand_cells(shared):
    clients = [shared.client, shared.connect(), shared.connect()]
    sent = [(c, i, c.execute(f"cell {n} {i}")) for i in range(334) for n, c in enumerate(clients)]
    for c, i, ident in sent:
        reply = c.get_shell_msg(timeout=20)
        while reply["msg_type"] != "execute_reply":
            reply = c.get_shell_msg(timeout=20)
        assert reply["parent_header"]["msg_id"] == ident and reply["content"]["status"] == "ok"
    for c in clients:  # each sees the cells of all, in one order
        results = []
        while len(results) < len(sent):
            m = c.get_iopub_msg(timeout=20)
            if m["msg_type"] == "execute_result":
                results.append(m["content"]["execution_count"])
        assert results == list(range(results[0], results[0] + len(sent)))
    for c in clients[1:]:
        c.stop_channels()


def test_unknown_requests_are_refused(shared):
    m = shared.client.session.msg("no_such_request", {})
    shared.client.shell_channel.send(m)
    reply = shared.reply(m["header"]["msg_id"])
    assert reply["msg_type"] == "no_such_reply" and reply["content"]["status"] == "error" and "no_such_request" in reply["content"]["evalue"]
    assert shared.run("still here")[0]["content"]["status"] == "ok"


def test_malformed_content_is_an_error(shared):
    m = shared.client.session.msg("execute_request", {"code": 7})
    shared.client.shell_channel.send(m)
    content = shared.reply(m["header"]["msg_id"])["content"]
    assert content["status"] == "error" and "malformed content" in content["evalue"]


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
def test_shutdown_and_restart(start, transport):
    k = start(transport)
    k.run("set x 1")
    k.manager.restart_kernel()
    k.client.wait_for_ready(timeout=10)
    reply, _ = k.run("get x")
    assert reply["content"]["status"] == "error" and reply["content"]["execution_count"] == 1
    k.client.shutdown()
    control = k.client.control_channel.get_msg(timeout=5)
    assert control["msg_type"] == "shutdown_reply" and control["content"] == {"status": "ok", "restart": False}
    assert gone(k.pid, 3)


def gone(pid, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with open(f"/proc/{pid}/stat") as f:
                if f.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return True
        except OSError:
            return True
        time.sleep(0.01)
    return False


def test_shutdown_while_a_cell_runs(start):
    k = start()
    ident = k.client.execute("print started\nsleep 60s")
    while k.client.get_iopub_msg(timeout=5)["msg_type"] != "stream":
        pass
    began = time.monotonic()
    k.client.shutdown()
    assert k.client.control_channel.get_msg(timeout=5)["msg_type"] == "shutdown_reply"
    assert k.reply(ident)["content"]["status"] == "error"
    assert gone(k.pid, 3) and time.monotonic() - began < 2


def test_nothing_is_lost_at_shutdown(start):
    k = start()
    flood = k.client.execute("flood 5000")
    k.client.shell_channel.send(k.client.session.msg("shutdown_request", {"restart": False}))
    assert text(k.outputs(flood)).count("\n") == 5000
    assert k.reply(flood)["content"]["status"] == "ok"
    assert k.client.get_shell_msg(timeout=5)["msg_type"] == "shutdown_reply"
    assert gone(k.pid, 3)


def test_heartbeat(shared):
    import zmq
    socket = shared.client.context.socket(zmq.REQ)
    socket.linger = 0
    socket.connect(shared.client._make_url("hb"))
    for beat in (b"ping", b"", b"x" * 70000):
        socket.send(beat)
        assert socket.poll(3000) and socket.recv() == beat
    socket.close()


def test_iopub_welcome(shared):
    import zmq
    for topic in (b"", b"stream"):
        socket = shared.client.context.socket(zmq.SUB)
        socket.linger = 0
        socket.connect(shared.client._make_url("iopub"))
        socket.setsockopt(zmq.SUBSCRIBE, topic)
        assert socket.poll(3000)
        _, frames = shared.client.session.feed_identities(socket.recv_multipart())
        m = shared.client.session.deserialize(frames)
        assert m["msg_type"] == "iopub_welcome" and m["content"] == {"subscription": topic.decode()}
        socket.close()
