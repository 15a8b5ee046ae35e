"""jupyter_kernel_test, whole, against the kernel that riffle install put in place."""
import jupyter_kernel_test


class Riffle(jupyter_kernel_test.KernelTests):
    kernel_name = "riffle"
    language_name = "go"
    file_extension = ".go"
    code_hello_world = 'import "fmt"\nfmt.Println("hello, world")'
    code_stderr = 'import ("fmt"; "os")\nfmt.Fprintln(os.Stderr, "error")'
    completion_samples = [
        {"text": 'import "strings"\nstrings.ToUpperS', "matches": {"ToUpperSpecial"}},
        {"text": "Tumb", "matches": set()},
    ]
    complete_code_samples = ["1 + 1", "x := 5", "func f() int {\n\treturn 1\n}\n", 'Topic("cars")']
    incomplete_code_samples = ["func f() int {", "x := (1 +", 's := `open', "for i := range 3 {\n"]
    invalid_code_samples = ["1 + )", "}"]
    code_page_something = "Live?"
    code_generate_error = "undefined_name"
    code_execute_result = [
        {"code": "1 + 2 + 3", "result": "6"},
        {"code": '"a" + "b"', "result": "ab"},
    ]
    code_display_data = [
        {"code": "Display(41 + 1)", "mime": "text/plain"},
        {"code": 'Display(HTML("<b>bold</b>"))', "mime": "text/html"},
    ]
    code_history_pattern = "1 + 2?*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Topic"
    code_clear_output = "Clear()"


class Welcome(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "riffle"
    support_iopub_welcome = True


del jupyter_kernel_test.KernelTests, jupyter_kernel_test.IopubWelcomeTests
