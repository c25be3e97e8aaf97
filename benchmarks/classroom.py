"""A class at once: thirty kernels run notebook 03 at the same moment, against thirty that only import matplotlib."""

import asyncio
import os
import pathlib
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass

import nbformat
import psutil
from jupyter_client.manager import AsyncKernelManager

from tools.patience import patience

STUDENTS = 30
PATIENCE = 10 * patience()  # for one cell and for everybody to be ready: two cores are few for thirty
NOTEBOOK = pathlib.Path(__file__).parents[1] / "notebooks" / "03_bp2_hidden_error.ipynb"
BARE = ["import numpy as np\nimport matplotlib.pyplot as plt"]


@dataclass
class Student:
    """What became of one kernel: what it printed, its first error or "", seconds until its last cell, megabytes."""

    printed: str = ""
    error: str = ""
    seconds: float = 0.0
    megabytes: float = 0.0


def cells_of(path: pathlib.Path) -> tuple[list[str], str]:
    """The code cells of a notebook, and all that they print, as committed."""
    code = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    printed = [output.text for cell in code for output in cell.outputs if output.output_type == "stream"]
    return [cell.source for cell in code], "".join(printed)


def together(cells: Sequence[str], students: int = STUDENTS) -> list[Student]:
    """Runs the cells in so many kernels, which begin at the same moment; weighs them when all are done.

    The weight is PSS: what a kernel has for itself, and its share of what several kernels map, such as libraries.
    """

    async def study(everybody: asyncio.Barrier) -> Student:
        # Each has a home of its own, as on a hub: thirty who write one history are told that its database is locked.
        # They listen at files in it: no network, and no two kernels after the same port.
        home, student = tempfile.TemporaryDirectory(ignore_cleanup_errors=True), Student()
        manager = AsyncKernelManager(kernel_name="python3", transport="ipc", ip=f"{home.name}/kernel")
        environment = {**os.environ, "IPYTHONDIR": home.name}
        await manager.start_kernel(env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        kernel, client = psutil.Process(manager.provisioner.pid), manager.client()
        if psutil.POSIX:
            kernel.nice(19)  # a crowd that leaves the machine to whoever else works on it, such as another test
        client.start_channels()

        def hear(message: dict) -> None:
            if message["msg_type"] == "stream":
                student.printed += message["content"]["text"]

        try:
            await client.wait_for_ready(timeout=PATIENCE)
            await everybody.wait()
            start = time.perf_counter()
            for cell in cells:
                reply = await client.execute_interactive(cell, timeout=PATIENCE, output_hook=hear, allow_stdin=False)
                if reply["content"]["status"] != "ok":
                    student.error = f"{reply['content'].get('ename')}: {reply['content'].get('evalue')}"
                    break
            student.seconds = time.perf_counter() - start
            await everybody.wait()  # all kernels are still there: each maps its share
            student.megabytes = kernel.memory_full_info().pss / 1e6
            await everybody.wait()
        except BaseException:
            await everybody.abort()  # nobody waits for one who has left
            raise
        finally:
            client.stop_channels()
            manager.provisioner.process.kill()
            await asyncio.to_thread(manager.provisioner.process.wait)  # the manager itself waits for 5 s at most
            await manager.shutdown_kernel(now=True)
            home.cleanup()
        return student

    async def room() -> list[Student]:
        everybody = asyncio.Barrier(students)
        return await asyncio.gather(*(study(everybody) for _ in range(students)))

    return asyncio.run(room())


def middle(students: list[Student]) -> float:
    """The median of their megabytes."""
    return statistics.median(student.megabytes for student in students)


def classroom() -> list[str]:
    """The rows for `make bench`."""
    cells, _ = cells_of(NOTEBOOK)
    busy, bare = together(cells), together(BARE)
    errors = [student.error for student in busy if student.error]
    return [
        f"{STUDENTS} kernels run 03 at the same moment: errors {len(errors)} (aim: 0), the first is done after "
        f"{min(student.seconds for student in busy):.0f} s, the last after "
        f"{max(student.seconds for student in busy):.0f} s",
        f"memory of one of them (PSS, median): {middle(busy):.0f} MB, the largest "
        f"{max(student.megabytes for student in busy):.0f} MB, with numpy and matplotlib imported alone "
        f"{middle(bare):.0f} MB: {middle(busy) / middle(bare):.2f} times (aim: at most 1.3)",
    ]


if __name__ == "__main__":
    for row in classroom():
        print(row)
