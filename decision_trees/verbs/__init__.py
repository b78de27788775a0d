"""The verbs of the command line, a module each; `decision_trees.cli` imports the one that is asked for."""
