"""Gradescope: makes the autograder's zip, and runs inside of it."""

SECRET = "secret"  # the name of its file in the zip
