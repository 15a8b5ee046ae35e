"""Parameters in Go, for papermill. Written by riffle install --papermill.

papermill reads the entry points of engines when it is imported, and has none for languages: this module is
there as an engine, papermill's own under another name, and registers Go by the way.
"""
import json
import math
import re

from papermill.engines import NBClientEngine as Engine  # the entry point
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

# "name := value // help" and "var name [type] = value // help", one a line
DECLARATION = re.compile(r"^(?:var\s+(?P<var>\w+)(?:\s+(?P<type>[^=]+?))?\s*=|(?P<short>\w+)\s*:=)\s*(?P<value>.*?)\s*(?://\s*(?P<help>.*))?$")


class GoTranslator(Translator):
    declared = frozenset()  # the names of the parameters cell that was inspected last; papermill inspects, then writes

    @classmethod
    def inspect(cls, parameters_cell):
        found = []
        for line in parameters_cell["source"].splitlines():
            m = DECLARATION.match(line.strip())
            if m:
                found.append(Parameter(m["var"] or m["short"], m["type"] or "None", m["value"], m["help"] or ""))
        cls.declared = frozenset(p.name for p in found)
        return found

    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        lines = [cls.comment(comment)] + [cls.assign(name, cls.translate(value)) for name, value in parameters.items()]
        cls.declared = frozenset()
        return "\n".join(lines) + "\n"

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def assign(cls, name, str_val):
        """A parameter with a default keeps the type of that: 5 for a speed of 3.6 is a float64."""
        if name in cls.declared:
            return f"{name} = {str_val}"
        return f"var {name} any" if str_val == "nil" else f"{name} := {str_val}"

    @classmethod
    def translate_escaped_str(cls, str_val):
        """JSON writes all but what lies beyond U+FFFF as Go does; that and other letters stay as they are."""
        return json.dumps(str(str_val), ensure_ascii=False)

    @classmethod
    def translate_none(cls, val):
        return "nil"

    @classmethod
    def translate_float(cls, val):
        if math.isfinite(val):
            return repr(val)
        raise ValueError(f"{val} has no literal in Go")

    @classmethod
    def translate_list(cls, val):
        return f"[]{cls.common(val)}{{{', '.join(cls.translate(v) for v in val)}}}"

    @classmethod
    def translate_dict(cls, val):
        pairs = ", ".join(f"{cls.translate_str(str(k))}: {cls.translate(v)}" for k, v in val.items())
        return f"map[string]{cls.common(val.values())}{{{pairs}}}"

    @staticmethod
    def common(values):
        """The type of all values, if they have one."""
        kinds = {type(v) for v in values}
        names = {str: "string", bool: "bool", int: "int", float: "float64"}
        return names.get(kinds.pop(), "any") if len(kinds) == 1 else "any"


papermill_translators.register("go", GoTranslator)
