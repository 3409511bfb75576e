"""The course as a book of HTML pages: Sphinx, with MyST-NB for the notebooks.

The notebooks are stored with their outputs, so nothing is executed here. Nothing
is fetched either, now or by the pages: formulas become MathML, which browsers
draw themselves. What Sphinx warns of, a link that leads nowhere or a formula
that it cannot read, ends make book with an error.
"""

import re

from docutils import nodes
from docutils.utils.math import MathError, latex2mathml
from sphinx.parsers import Parser
from sphinx.util.logging import getLogger

logger = getLogger(__name__)

CONTENTS = """

```{toctree}
:hidden:
:glob:

[0-9]*
CHEATSHEET
TEACHING
```

```{toctree}
:hidden:
:titlesonly:
:caption: Beside the course

../docs/gallery
../docs/departures
../docs/segmentation
```
"""

project = "White-box transformers"
html_title = "White-box transformers on a laptop"

root_doc = "notebooks/README"
include_patterns = ["notebooks/*.ipynb", "notebooks/*.md", "docs/*.md", "crate/*.go", "datasets/*.go", "plots/*.go", "segment/*.go"]
exclude_patterns = ["docs/ARCHITECTURE.md", "**/*_test.go", "build", "bin", "**/.*"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb", ".go": "go"}

extensions = ["myst_nb"]
nb_execution_mode = "off"
nb_merge_streams = True
suppress_warnings = ["mystnb.unknown_mime_type"]  # an interactive chart, which has a picture beside it
myst_enable_extensions = ["dollarmath", "html_image"]

html_theme = "furo"
html_static_path = ["static", "../../../build/book-font"]
html_css_files = ["book.css"]
html_math_renderer = "mathml"
html_additional_pages = {"index": "to_first_page.html"}
templates_path = ["."]
html_copy_source = html_show_sourcelink = html_show_copyright = False


class GoFile(Parser):
    """A file of Go as a page of its own, for the links to what to read next."""

    supported = ("go",)

    def parse(self, text, document):
        env = document.settings.env
        env.metadata[env.docname]["orphan"] = True
        page = nodes.section("", nodes.title(text=env.docname + ".go"), ids=["file"], names=["file"])
        page += nodes.literal_block(text, text, language="go")
        document += page


def add_contents(app, docname, source):
    if docname == root_doc:
        source[0] += CONTENTS


def mathml(block):
    def visit(writer, node):
        try:
            formula = latex2mathml.tex2mathml(spelled_out(node.astext()), as_block=block)
            writer.body.append(AFTER_NAME.sub('<mspace width="0.17em"/>', formula))
        except MathError as error:
            logger.warning("in the formula %s: %s", node.astext(), error, location=node)
        raise nodes.SkipNode

    return visit, None


# A thin space belongs between the name of a function and an argument without brackets.
AFTER_NAME = re.compile(r"<mo>&ApplyFunction;</mo>(?=\s*<m[in]>)")


def spelled_out(tex):
    """What docutils does not know, in terms that it does: it takes \\frac12 for a
    fraction over whatever follows the number 12."""
    tex = tex.replace(r"\dots", r"\ldots")
    return re.sub(r"frac(\d)(\d)", r"frac{\1}{\2}", tex)


def setup(app):
    app.add_source_parser(GoFile)
    app.connect("source-read", add_contents)
    app.add_html_math_renderer("mathml", inline_renderers=mathml(False), block_renderers=mathml(True))
