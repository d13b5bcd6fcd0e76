"""Grades submissions, and shows what came of it."""
