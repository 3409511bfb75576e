"""Parameters of papermill as Go.

Papermill finds translators in its own code only, but loads the engines of
other packages when it starts. This module is such an engine: one that runs
notebooks as papermill's own does, and whose import makes the translator known."""

import json
import math
import re

from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

DEFINITION = re.compile(
    r"^(?:(?P<short>\w+)\s*:=|var\s+(?P<long>\w+)(?:\s+(?P<type>[^=]+?))?\s*=)\s*(?P<value>.*?)\s*(?://\s*(?P<help>.*))?$")

# The Go types of Python's, where all elements of a list have one.
TYPES = {bool: "bool", int: "int", float: "float64", str: "string"}


class GoTranslator(Translator):
    @classmethod
    def translate_none(cls, val):
        return "any(nil)"

    @classmethod
    def translate_bool(cls, val):
        return "true" if val else "false"

    @classmethod
    def translate_float(cls, val):
        if math.isnan(val):
            return "math.NaN()"
        if math.isinf(val):
            return f"math.Inf({'1' if val > 0 else '-1'})"
        text = repr(val)
        return text if any(c in text for c in ".e") else text + ".0"

    @classmethod
    def translate_str(cls, val):
        return json.dumps(val, ensure_ascii=False)

    @classmethod
    def translate_list(cls, val):
        kinds = {type(v) for v in val}
        element = TYPES.get(kinds.pop(), "any") if len(kinds) == 1 else "any"
        return f"[]{element}{{{', '.join(cls.translate(v) for v in val)}}}"

    @classmethod
    def translate_tuple(cls, val):
        return cls.translate_list(val)

    @classmethod
    def translate_dict(cls, val):
        entries = ", ".join(f"{cls.translate_str(str(k))}: {cls.translate(v)}" for k, v in val.items())
        return f"map[string]any{{{entries}}}"

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".rstrip()

    @classmethod
    def assign(cls, name, str_val):
        return f"{name} := {str_val}"

    @classmethod
    def inspect(cls, parameters_cell):
        """The parameters that a cell defines, one a line."""
        found = []
        for line in parameters_cell["source"].splitlines():
            if m := DEFINITION.match(line.strip()):
                found.append(Parameter(m["short"] or m["long"], m["type"] or "None", m["value"], m["help"] or ""))
        return found


class Engine(NBClientEngine):
    """Papermill's own engine, under the name gocrate."""


papermill_translators.register("go", GoTranslator)
