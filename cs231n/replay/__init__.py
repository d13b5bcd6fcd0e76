"""Runs notebooks from top to bottom again, under pytest or for a student, and finds their answers.

Under pytest: plugin (runs cells, beside nbval), outputs (compares results), answers (the questions
as tests), recording and sheet (keep and show the answers). `python -m cs231n.replay`, which is
`start.py check`: check (runs a student's notebook), verdict (says what came of it). Both: kernel.
"""
