"""Gives submissions other names, so that answers can be marked without knowing whose they are."""

import hmac
import secrets
from pathlib import Path

from .page import write

SALT = "anonymous.key"


class Names:
    """What submissions are called on the pages for marking.

    Inputs:
    - folder: The grading folder; it keeps the salt, so that a name stays the same
    - anonymous: Whether to show other names; as before where None
    """

    def __init__(self, folder, anonymous=None):
        path = Path(folder, SALT)
        if anonymous and not path.exists():
            write(path, secrets.token_hex(16))
        self.salt = path.read_text(encoding="utf-8").strip() if path.exists() else None
        self.anonymous = path.exists() if anonymous is None else anonymous

    def shown(self, submission):
        """The name to show of a submission."""
        return self.alias(submission) if self.anonymous else submission

    def alias(self, submission):
        """The anonymous name of a submission: "anon-" and ten characters."""
        code = hmac.new(self.salt.encode(), submission.encode("utf-8", "replace"), "sha256")
        return f"anon-{code.hexdigest()[:10]}"

    def real(self, submissions):
        """Every name under which marks may come in, of those given -> the submission."""
        known = {name: name for name in submissions}
        return known if self.salt is None else {self.alias(name): name for name in known} | known
