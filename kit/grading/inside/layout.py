"""How a submission is spoken to: in the kit's own layout as the contract says."""


class Kit:
    """Calls functions and methods with what the cases give them."""

    def code(self, text, name):
        """A file of a submission, compiled."""
        # Not the flags of this file.
        return compile(text, name, "exec", dont_inherit=True)

    def look(self, importer):
        """Look at what an importer.Importer took in, before anything is stood in for."""

    def call(self, name, function, args, kwargs):
        """Call the function or class of a contract name."""
        return function(*args, **kwargs)

    def method(self, owner, name, args, kwargs):
        """Call a method of a network."""
        return getattr(owner, name)(*args, **kwargs)

    def outgoing(self, name, args, kwargs):
        """Arguments of a submission's own call, as a right function takes them."""
        return args, kwargs
