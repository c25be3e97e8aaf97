"""The live pictures. Each is one Python file with its own JavaScript file beside it."""

from bpcourse.widgets.flow import DeltaFlow

__all__ = ["DeltaFlow"]
