"""All of the grader that enters the sandbox: NumPy and the standard library, no right answer.

`wire` and `link` are also the parent's end of the pipe.
"""
