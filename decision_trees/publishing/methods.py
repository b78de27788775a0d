"""The methods of dataclasses, compiled when the bundle was made. It goes into the engine's archive and is imported before the engine.

A dataclass writes its methods as text and has it compiled at each import: two thirds of what the engine's took. `bytecode.record_methods`
kept them by their text. A text that is not among them is compiled as ever.
"""

import dataclasses
import marshal

_METHODS = marshal.loads(__loader__.get_data("methods"))  # type: ignore[name-defined]
dataclasses.exec = lambda text, *scope: exec(_METHODS.get(text, text), *scope)  # type: ignore[attr-defined]
