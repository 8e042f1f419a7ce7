"""Mistakes of a whole file that a machine can see, though every row is right. Knows plans; sends and asks nothing."""
