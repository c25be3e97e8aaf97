"""The classic mistakes, each with its name, a sentence, and what it does: a teacher who knows another adds it here.

`forward` has those of the forward pass and the cost, `error` those of BP1 and BP2, `gradient` those of BP3 and BP4,
`whole` those of a whole backpropagation and of a gradient step. `exercises/checks.py` says at which place each belongs.
"""
