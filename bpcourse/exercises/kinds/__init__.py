"""Mistakes that no bank has, by their kind: a learner's function is asked on inputs chosen to tell its parts apart.

`learner` asks and compares, `errors` speaks of BP1, BP2 and softmax, `one_layer` of the other single layers and of the
cost, `all_four` of a backpropagation and a step. `exercises/checks.py` says which belongs to which check.
"""
