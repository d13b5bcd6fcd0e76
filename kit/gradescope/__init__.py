"""Gradescope: makes the autograder's zip, and runs inside of it."""

# Folders and a file of the zip.
COURSE, RELEASE, SECRET = "course", "release", "secret"
