"""Charts that answer the pointer, in JupyterLab and without a kernel: the slider
of an animation, and the numbers of a mark."""

import json
import urllib.request

import hands

NAME = "charts.ipynb"
CELLS = ["""var frames []*plots.Figure
for l := range 3 {
    Z := mat.NewDense(4, 6, nil)
    Z.Set(l, l, 0.25)
    frames = append(frames, plots.Heatmap("Z", Z).WithTitle(fmt.Sprintf("Layer %d", l+1)))
}
plots.Animate(frames...).Interactive("layer")"""]


def stop_kernels(lab):
    """Shuts down all kernels."""
    def ask(method, path):
        request = urllib.request.Request(lab.base + path, method=method, headers={"Authorization": "token " + lab.token})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()
    for session in json.loads(ask("GET", "/api/sessions")):
        ask("DELETE", "/api/sessions/" + session["id"])
    assert json.loads(ask("GET", "/api/kernels")) == [], "a kernel is left"


def tooltip(page, canvas):
    """Moves over the chart until it tells something."""
    box = canvas.bounding_box()
    for x in range(10, 95, 4):
        for y in range(10, 80, 4):
            page.mouse.move(box["x"] + box["width"] * x / 100, box["y"] + box["height"] * y / 100)
            told = page.locator("#vg-tooltip-element.visible")
            if told.count():
                return told.inner_text()
    return ""


def work(page, lab, directory):
    (lab.work / NAME).write_text(json.dumps(hands.notebook(CELLS)))
    page.goto(lab.url(NAME))
    hands.wait_for_kernel(page)
    h = hands.Hands(page, directory)
    h.run(0)
    canvas = h.cell(0).locator("canvas")
    canvas.wait_for(timeout=30_000)
    stop_kernels(lab)
    slider = h.cell(0).locator("input[type=range]")
    first = canvas.evaluate("canvas => canvas.toDataURL()")
    slider.press("End")
    page.wait_for_function("([canvas, was]) => canvas.toDataURL() !== was", arg=[canvas.element_handle(), first], timeout=10_000)
    told = " ".join(tooltip(page, canvas).split())
    assert "row:" in told and "column:" in told and "value:" in told, f"the chart tells {told!r}"
    h.shoot("charts")
    return f"A chart without a kernel: its slider moves it, and it tells {told!r}"
