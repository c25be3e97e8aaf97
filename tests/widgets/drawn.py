"""The drawn network and one bird, for the tests of every widget, and what a widget sends, as a test reads it."""

import re

import numpy as np

import bpcourse as bp

birds = bp.penguins()
net = bp.Network([3, 4, 2], seed=38)
x, y = birds.x[:, [128]], birds.y[:, [128]]
trace = bp.backprop(net, x, y)


def flow(**given):
    return bp.DeltaFlow(net, x, y, **given)


def numbers(widget):
    """The numbers of a frame by their names, without its counter."""
    return dict(zip(widget.story["slots"], np.frombuffer(widget.frame, "<f8")[1:], strict=True))


def tell(widget, **content):
    """A message as the browser sends it."""
    widget._handle_custom_msg(content, [])


def green(still):
    """The lines of a printed picture that are lit."""
    lines = still.findobj(lambda artist: artist.get_gid() and getattr(artist, "_color", "") == "#007a5a")
    return {line.get_gid() for line in lines}


def read(pieces):
    """What a formula says, without its tags."""
    return re.sub(r"<[^>]+>", "", "".join(pieces))
