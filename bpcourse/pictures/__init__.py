"""The printed pictures: one drawing of a network, with every part named, and the charts around it.

`look` has the colours and sizes of all, also of the live pictures; `drawing` is the network, `labels` finds room for
its labels, `charts` has learning curves and the map of the birds, `formula_sheet` the page to print; each is a
`picture`, a figure that shows itself in a notebook. Only this room imports matplotlib. Widgets show its pictures alive.
"""
