"""The Jupyter project's own test of kernels, with a cell for each thing that it
can test: one that had no cell would be skipped."""

import jupyter_kernel_test

from session import KERNEL


class Conformance(jupyter_kernel_test.KernelTests):
    kernel_name = KERNEL
    language_name = "go"
    file_extension = ".go"

    code_hello_world = 'fmt.Println("hello, world")'
    code_stderr = 'fmt.Fprintln(os.Stderr, "test")'
    completion_samples = [
        {"text": "strings.ToUpp", "matches": {"ToUpper", "ToUpperSpecial"}},
        {"text": "math.Sqr", "matches": {"Sqrt", "SqrtPi", "SqrtPhi", "SqrtE", "Sqrt2"}},
    ]
    complete_code_samples = [
        "1 + 1",
        "x := 5",
        'fmt.Println("a")',
        "func add(a, b int) int { return a + b }",
        "type T struct {\n\tA int\n}",
        "for i := 0; i < 3; i++ {\n\t_ = i\n}",
        "// only a comment",
        "s := `two\nlines`",
    ]
    incomplete_code_samples = [
        "func add(a, b int) int {",
        "for i := 0; i < 3; i++ {",
        "x := []int{1,",
        "fmt.Println(",
        "s := `one line",
        "if true {\n\tx := 1",
        "/* a comment",
    ]
    invalid_code_samples = ["func )(", "x = = 3", "}", 's := "one line']
    code_generate_error = "undefinedName + 1"
    code_execute_result = [
        {"code": "1+2+3", "result": "6"},
        {"code": '"a" + "b"', "mime": "text/plain"},
        {"code": "[]int{1, 2}", "mime": "text/plain"},
        {"code": 'display.HTML("<b>x</b>")', "mime": "text/html"},
    ]
    code_display_data = [
        {"code": 'display.Show(display.HTML("<b>x</b>"))', "mime": "text/html"},
        {"code": 'display.Show(display.Markdown("**x**"))', "mime": "text/markdown"},
        {"code": 'display.Show(display.Math("x^2"))', "mime": "text/latex"},
        {"code": 'p := plot.New()\np.Title.Text = "t"\ndisplay.Show(p)', "mime": "image/png"},
    ]
    code_history_pattern = "1?2*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "fmt.Println"
    code_page_something = 'display.Page("a long text")'
    code_clear_output = "display.Clear(false)"


class Welcome(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = KERNEL
    support_iopub_welcome = True
