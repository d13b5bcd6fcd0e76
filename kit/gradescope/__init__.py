"""Gradescope: makes the autograder's zip, and runs inside of it."""
