"""Runs a case on a package: arrays, or what stopped them. Nothing is compared here."""

import re
from dataclasses import dataclass, field

import numpy as np

from .namespace import Namespace, WrongReturn
from .places import call_in, origin
from .witness import Witness

PUBLIC_SEED = 231


@dataclass
class Outcome:
    """What came of one run. Exactly one of arrays, blank and error is set."""

    arrays: dict | None = None
    blank: str | None = None  # the exercise that is not written yet
    error: str | None = None  # one sentence
    kind: str = ""  # the exception's name
    place: tuple[str, int, str] | None = None  # file, line, source text
    call: tuple[str, int, str] | None = None  # the same, of the exercise's own last line
    writes: list = field(default_factory=list)
    advice: list = field(default_factory=list)
    inputs: dict = field(default_factory=dict)


def run(case, resolve, seed=PUBLIC_SEED):
    """Feed the package with a case's arrays.

    Inputs:
    - case: a Case of checks.cases
    - resolve: name -> callable, as checks.package.local gives it
    - seed: of the case's random numbers

    Returns an Outcome; whatever the package raises ends up in it.
    """
    witness = Witness()
    cs = Namespace(resolve, witness)
    try:
        outcome = Outcome(arrays=case.function(cs, np.random.RandomState(seed)))
    except (Exception, SystemExit) as error:
        outcome = _stopped(error)
        outcome.call = call_in(error, case.exercise)
    outcome.writes, outcome.advice, outcome.inputs = witness.writes, witness.advice, witness.inputs
    return outcome


def _stopped(error):
    place = error.place if hasattr(error, "place") else origin(error)
    kind = getattr(error, "kind", type(error).__name__)  # a sandbox tells both of its errors
    if isinstance(error, NotImplementedError) and re.fullmatch(r"[\w.]+", str(error)):
        return Outcome(blank=str(error), kind=kind, place=place)
    if isinstance(error, WrongReturn):
        return Outcome(error=str(error), kind=kind)
    message = (error.msg if isinstance(error, SyntaxError) else str(error)) or "no message"
    return Outcome(error=f"{kind}: {message}", kind=kind, place=place)
