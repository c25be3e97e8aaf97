"""Mistakes that no bank has, by their kind: a learner's function is asked on inputs chosen to tell its parts apart.

`asking` asks and compares, `errors` speaks of BP1, BP2 and softmax, `layers` of the other single layers and the cost,
`whole` of a backpropagation and a step. `exercises/checks.py` says which belongs to which check.
"""
