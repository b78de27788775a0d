"""Other readings of a walk: outline, decision table, flowchart, map and sheet. None evaluates a rule again."""
