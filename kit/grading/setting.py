"""What is the same for all submissions of a batch: material, seed, expected arrays, limits."""

import functools
import threading
import time
from dataclasses import dataclass, field, replace

from cs231n.checks.judge import judge
from kit import KitError, answers

from . import sandbox
from .material import Material
from .remote import Shapes
from .session import Session

# Trying swaps NumPy's global stream, which the threads of a cluster's worker share.
_TRYING = threading.Lock()


@dataclass(frozen=True)
class Setting:
    """What a submission is graded with.

    - material: A Material
    - seed: Of the hidden inputs, and its fingerprint
    - sandboxed: Whether children run in bubblewrap
    - limits: A sandbox.Limits
    - base: The Setting of the kit's own layout, if this one is of another (see flat.of)
    """

    material: Material
    seed: int
    fingerprint: str
    sandboxed: bool = True
    limits: sandbox.Limits = field(default_factory=sandbox.Limits)
    base: object = None

    @property
    def command(self):
        """How a child is started: its command and environment."""
        return sandbox.bubblewrap(self.limits) if self.sandboxed else sandbox.bare()

    @property
    def graded_with(self):
        """What a result depends on beside the submission, to know one that can be kept."""
        return {
            "version": self.material.version,
            "seed": self.fingerprint,
            "release": self.material.release,
            "sandbox": "bubblewrap" if self.sandboxed else "none",
            "layout": self.material.layout,
            "not asked": ", ".join(self.material.not_asked),
        }

    @property
    def kit(self):
        """The Setting of the kit's own layout, in which the solved source is."""
        return self.base or self

    @functools.cached_property
    def expected(self):
        """Case -> what the solved source computes for the seed, in this process.

        Raises KitError where it stops.
        """
        return self.base.expected if self.base else answers.right_arrays(self.seed)

    def mistakes(self, exercise):
        """What known mistakes in an exercise look like, as kit.answers.mistakes has it.

        Tried when first asked for: a class makes few of them.
        """
        if self.base:
            return self.base.mistakes(exercise)
        with _TRYING:
            if exercise not in self._tried:
                found = answers.mistakes(exercise, self.seed, self.expected, lenient=True)
                self._tried[exercise] = found
        return self._tried[exercise]

    @functools.cached_property
    def _tried(self):
        return {}

    def varied(self, **changes):
        """This Setting with other fields; what the solved source computes is taken over."""
        made = replace(self, **changes)
        made.__dict__.update(expected=self.expected, shapes=self.shapes, _tried=self._tried)
        return made

    @functools.cached_property
    def shapes(self):
        """Case -> the Shapes of the solved source, run like a submission.

        Raises KitError where no child can be started, or where it computes something else.
        """
        if self.base:
            return self.base.shapes
        found, deadline = {}, time.monotonic() + 10 * self.limits.submission
        with Session(self, self.material.solved, deadline, {}) as session:
            for case in self.material.cases:
                found[case.name] = shapes = Shapes()
                session.admit = shapes.note
                session.ready().link.table.admit = shapes.note
                outcome = session.run(case, self.seed, shapes)
                for array in session.ready().link.table.arrays():
                    shapes.note(array)
                verdict = judge(case, outcome, self.expected[case.name])
                if not verdict.passed:
                    blank = outcome.blank and f"{outcome.blank} is not written"
                    why = blank or outcome.error or outcome.writes or verdict.findings[0]
                    raise KitError(
                        f"the solved source fails case {case.name} in a child ({why}); no grade "
                        "can be trusted"
                    )
        return found

    def no_child(self, reason):
        """The error where a child doesn't start."""
        if self.sandboxed:
            return KitError(sandbox.MISSING.format(f"does not work here ({reason})"))
        return KitError(f"no child process can be started ({reason})")
