"""The printed pictures: one drawing of a network, with every part named, and the charts around it.

`drawing` is that drawing, `labels` finds room for its labels, `charts` has learning curves and the map of the birds,
`formula_sheet` the page to print; `picture` is what all of them are: a figure that shows itself in a notebook. Only
this room imports matplotlib. Widgets show its pictures alive.
"""
