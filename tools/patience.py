"""How long to wait for what must come: the one constant of all tests and tools, and how slow this machine is now."""

import functools
import subprocess
import sys
import time

ON_A_QUICK_MACHINE = 60  # seconds; no page, kernel, server or answer takes a tenth of it there
A_START = 0.4  # seconds that a quick, quiet machine takes to start Python with numpy and matplotlib


@functools.cache
def patience() -> int:
    """Seconds until something that did not come is given up; a slow or busy machine gets as many times more."""
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", "import numpy, matplotlib.figure"], check=True)
    return round(ON_A_QUICK_MACHINE * max(1, (time.monotonic() - began) / A_START))  # nbclient takes no fraction
