"""Other processors, as far as this one can be them: the kernel of OpenBLAS, its threads, and the SIMD that numpy uses.

A setting is what is set before Python starts, and what that Python must then say of itself: a variable alone proves
nothing, since OpenBLAS takes a name that it does not know, or cannot serve, for none at all.
"""

import functools
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass

from tests.places import ROOT

# What OpenBLAS is asked for, oldest first, and what it then says: it calls its oldest kernel by the first of the names
# that share it. Which others share one differs from build to build; an answer that is another's name is left out.
KERNELS = {"Prescott": "Katmai"} | {
    name: name for name in ("Nehalem", "Sandybridge", "Haswell", "Zen", "SkylakeX", "Cooperlake", "SapphireRapids")
}
HOW_TO_COMPUTE = ("OPENBLAS_", "OMP_NUM_THREADS", "NPY_")
NOT_FOR_A_CHILD = ("PYTEST_", "MAKE", "MFLAGS", "ARGS")  # what a pytest or a make says to its own parts

# A kernel that this processor cannot run ends the process in the product.
SAYS = """
import json, numpy, threadpoolctl
from numpy._core import _multiarray_umath as core
square = numpy.arange(40_000.0).reshape(200, 200) % 97
assert (square @ numpy.eye(200) == square).all()
blas = next((pool for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"), {})
on = [name for name in core.__cpu_dispatch__ if core.__cpu_features__[name]]
says = {"kernel": blas.get("architecture", ""), "threads": blas.get("num_threads", 0), "simd": on}
print(json.dumps(says | {"numpy": numpy.__version__, "blas": f"{blas.get('internal_api')} {blas.get('version')}"}))
"""


def for_a_child(variables: dict[str, str] | None = None) -> dict[str, str]:
    """This process's environment; with `variables`, exactly these of those that say how to compute."""
    left_out = NOT_FOR_A_CHILD if variables is None else NOT_FOR_A_CHILD + HOW_TO_COMPUTE
    return {name: value for name, value in os.environ.items() if not name.startswith(left_out)} | (variables or {})


@dataclass(frozen=True)
class Setting:
    """`variables` that a child gets, and what it must say of itself."""

    name: str
    variables: dict[str, str]
    says: dict

    def faults(self) -> list[str]:
        """Where a child with these variables does not compute as the setting says."""
        said = ask(for_a_child(self.variables))
        return [f"{key}: {said.get(key)}, not {value}" for key, value in self.says.items() if said.get(key) != value]


def ask(environment: dict[str, str]) -> dict:
    """What a Python with this environment says of itself; nothing if it does not live to say it."""
    child = [sys.executable, "-c", SAYS]
    done = subprocess.run(child, env=environment, capture_output=True, text=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else {}


@functools.cache
def settings() -> list[Setting]:
    """What this processor can be, its own way first: each kernel that it runs, one thread, and less SIMD."""
    own = ask(for_a_child({}))
    found = [Setting("as numpy and OpenBLAS choose", {}, own)]
    for kernel, called in KERNELS.items():
        variables = {"OPENBLAS_CORETYPE": kernel}
        if called != own["kernel"] and ask(for_a_child(variables)).get("kernel") == called:
            found.append(Setting(kernel, variables, own | {"kernel": called}))
    one = {"OPENBLAS_NUM_THREADS": "1"}
    found.append(Setting("one thread", one, own | {"threads": 1}))
    for kept in range(len(own["simd"])):
        off = {"NPY_DISABLE_CPU_FEATURES": " ".join(own["simd"][kept:])}
        name = f"numpy without {own['simd'][kept]}" + (" and newer" if own["simd"][kept + 1 :] else "")
        found.append(Setting(name, off, own | {"simd": own["simd"][:kept]}))
    oldest = found[1].variables | one | ({"NPY_DISABLE_CPU_FEATURES": " ".join(own["simd"])} if own["simd"] else {})
    found.append(
        Setting("the oldest of each", oldest, own | {"kernel": found[1].says["kernel"], "threads": 1, "simd": []})
    )
    return found


def outcome(python, environment: dict[str, str], *arguments, folder=ROOT) -> dict:
    """What became of the tests that a child's pytest ran there, in how many seconds, and all that it printed."""
    options = ["-q", "-rfE", "-p", "no:cacheprovider", "-c", "pyproject.toml"]
    command = [str(python), "-m", "pytest", *options, *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    last = (done.stdout.strip().splitlines() or [""])[-1]
    counted = {word: int(count) for count, word in re.findall(r"(\d+) (passed|failed|error|skipped)", last)}
    seconds = re.search(r" in ([\d.]+)s", last)
    return {
        "passed": counted.get("passed", 0),
        "failed": counted.get("failed", 0) + counted.get("error", 0),
        "seconds": round(float(seconds[1])) if seconds else "",
        "ended": done.returncode,
        "printed": done.stdout + done.stderr,
    }
