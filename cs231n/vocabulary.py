"""The four signs that stand in every vocabulary of captions beside its words, in their order."""

SPECIAL = ("<NULL>", "<START>", "<END>", "<UNK>")
