"""What an amendment changes: two versions of a tree in one diagram, the cases that move, the words and names that change."""
