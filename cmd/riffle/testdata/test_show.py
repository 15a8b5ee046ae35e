"""What cells show and ask, as a client of Jupyter gets it."""
import queue

WAIT = 30


def messages(kernel, code, answers=(), **options):
    """Runs a cell and gives its messages; questions get the answers, in order."""
    client, answers, asked = kernel.client, list(answers), []
    ident = client.execute(code, allow_stdin=bool(answers), **options)
    while bool(answers):
        try:
            question = client.get_stdin_msg(timeout=WAIT)
        except queue.Empty:
            break
        asked.append((question["content"]["prompt"], question["content"]["password"]))
        client.input(answers.pop(0))
    out = []
    while True:
        m = client.get_iopub_msg(timeout=WAIT)
        if m["parent_header"].get("msg_id") != ident:
            continue
        if m["msg_type"] == "status" and m["content"]["execution_state"] == "idle":
            break
        out.append(m)
    reply = client.get_shell_msg(timeout=WAIT)
    while reply["parent_header"].get("msg_id") != ident:
        reply = client.get_shell_msg(timeout=WAIT)
    return out, asked, reply["content"]


def of(out, kind):
    return [m["content"] for m in out if m["msg_type"] == kind]


def test_the_last_expression_is_the_result(shared):
    shared.good("type Lap struct { car string; n int }")
    out, _, reply = messages(shared, '[]Lap{{"44<b>", 7}}')
    (result,) = of(out, "execute_result")
    assert result["execution_count"] == reply["execution_count"]
    assert "44<b>" in result["data"]["text/plain"] and "44&lt;b&gt;" in result["data"]["text/html"]
    assert not of(out, "display_data")


def test_frames_and_charts_are_results_too(shared):
    shared.good('cars := Topic("car-telemetry", Time("ts"))\nSample(cars, Last(200))')
    for code, mime in (("cars.Head(2)", "text/html"), ('Line(cars, "ts", "speed", "car")', "image/svg+xml")):
        out, _, _ = messages(shared, code)
        (result,) = of(out, "execute_result")
        assert mime in result["data"] and result["data"]["text/plain"]


def test_display_works_in_loops_and_functions(shared):
    shared.good('cars := Topic("car-telemetry", Time("ts"))\nSample(cars, Last(200))\nfunc look(f Frame) { Display(f.Head(1)) }')
    out, _, _ = messages(shared, "for range 3 { look(cars) }")
    assert len(of(out, "display_data")) == 3


def test_markup_and_pictures(shared):
    shared.good('import ("bytes"; "image"; "image/jpeg")\nvar file bytes.Buffer\njpeg.Encode(&file, image.NewGray(image.Rect(0, 0, 4, 3)), nil)')
    for code, mime in (('HTML("<b>x</b>")', "text/html"), ('Markdown("*x*")', "text/markdown"), ('SVG("<svg/>")', "image/svg+xml"),
                       ("JPEG(file.Bytes())", "image/jpeg"), ("image.NewGray(image.Rect(0, 0, 4, 3))", "image/png")):
        out, _, _ = messages(shared, code)
        (result,) = of(out, "execute_result")
        assert mime in result["data"], (code, result)
    out, _, _ = messages(shared, 'ShowJSON(map[string]int{"a": 1})')
    assert of(out, "display_data")[0]["data"]["application/json"] == {"a": 1}


def test_a_loop_has_one_bar(shared):
    out, _, _ = messages(shared, 'import "time"\nfor range Progress(5, "laps") { time.Sleep(110 * time.Millisecond) }')
    (first,) = of(out, "display_data")
    moves = of(out, "update_display_data")
    assert moves and all(m["transient"] == first["transient"] for m in moves)
    assert "5 of 5" in moves[-1]["data"]["text/plain"] and "<progress" in moves[-1]["data"]["text/html"]


def test_questions(shared):
    out, asked, _ = messages(shared, 'Input("name?") + "/" + Password("word?")', ["Ada", "secret"])
    assert asked == [("name?", False), ("word?", True)]
    assert of(out, "execute_result")[0]["data"]["text/plain"] == "Ada/secret"
    out, asked, _ = messages(shared, 'import "fmt"\nvar a, b int\nfmt.Scanln(&a, &b)\na * b', ["6 7"])
    assert asked == [("", False)] and of(out, "execute_result")[0]["data"]["text/plain"] == "42"
    out, _, reply = messages(shared, 'Input("name?")')
    assert reply["status"] == "error" and "cannot ask for input" in reply["evalue"]


def test_magics_between_statements(shared):
    out, _, reply = messages(shared, 'import "fmt"\nfmt.Println("one")\n!echo two; echo three >&2\n%time fmt.Println("four")\n5')
    text = "".join(s["text"] for s in of(out, "stream") if s["name"] == "stdout")
    assert text.startswith("one\ntwo\nfour\n") and " CPU " in text
    assert [s["text"] for s in of(out, "stream") if s["name"] == "stderr"] == ["three\n"]
    assert of(out, "execute_result")[0]["data"]["text/plain"] == "5"
    _, _, reply = messages(shared, "!exit 4")
    assert reply["status"] == "error" and "exit status 4" in reply["evalue"]
