"""jupyter_kernel_test, whole."""
import jupyter_kernel_test


class Echo(jupyter_kernel_test.KernelTests):
    kernel_name = "echo"
    language_name = "go"
    file_extension = ".go"
    code_hello_world = "print hello, world"
    code_stderr = "eprint error"
    completion_samples = [{"text": "upd", "matches": ["update"]}]
    complete_code_samples = ["f()"]
    incomplete_code_samples = ["f("]
    invalid_code_samples = ["f)"]
    code_page_something = "page help"
    code_generate_error = "fail"
    code_execute_result = [{"code": "6*7", "result": "6*7"}, {"code": "value", "result": "value"}]
    code_display_data = [{"code": "show x", "mime": "text/plain"}]
    code_history_pattern = "6*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "print"
    code_clear_output = "clear"


class Welcome(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "echo"
    support_iopub_welcome = True


del jupyter_kernel_test.KernelTests, jupyter_kernel_test.IopubWelcomeTests
