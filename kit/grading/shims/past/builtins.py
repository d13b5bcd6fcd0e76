"""Names of Python 2's builtins."""

from functools import reduce as reduce

xrange, unicode, basestring, long, raw_input = range, str, str, int, input
