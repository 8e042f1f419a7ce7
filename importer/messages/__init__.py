"""Sentences for people. Knows what is said; knows no face that says it."""
