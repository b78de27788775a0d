"""Published rules that answer back: decision trees for a council's constitution.

Importing the package brings in the runtime alone, which needs the standard
library and nothing else: the same files run in a reader's browser.
"""

from decision_trees.runtime.engine import Asking, Open, Position, Reached, Rejected, advance
from decision_trees.runtime.model import Diagram, Tree

__all__ = ["Asking", "Diagram", "Open", "Position", "Reached", "Rejected", "Tree", "advance"]
__version__ = "0.1.0"
