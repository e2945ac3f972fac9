"""What of this machine's files a submission sees, what of them is covered, and which folders are its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.places import PACKAGE

GUEST_INSIDE = "/grader/inside"
WORK_FOLDER, TEMPORARY_FOLDER = "/submission", "/scratch"


class SandboxError(Exception):
    """The sandbox can't be started; the message says why and what to do."""


def student_environment() -> dict[str, str]:
    """Environment variables of a student's process: one thread, fixed hashing, figures as in a notebook.

    The thread limit holds whatever the notebook says (``torch.set_num_threads(4)`` is common): the threads of a pool don't
    survive the fork that the checks get, and the next convolution would wait for them for ever.
    Freed memory is kept for the next array instead of going back to the system: every page that comes from there again
    costs a fault, and training a network asks for the same arrays hundreds of times.
    """
    threads = ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
    return {
        **dict.fromkeys(threads, "1"),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"]),
        "HOME": WORK_FOLDER,
        "TMPDIR": TEMPORARY_FOLDER,
        "USER": "student",
        "LOGNAME": "student",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "GLIBC_TUNABLES": f"glibc.malloc.mmap_threshold={32 << 20}:glibc.malloc.trim_threshold={512 << 20}",
        "IPYTHONDIR": f"{TEMPORARY_FOLDER}/ipython",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": f"{TEMPORARY_FOLDER}/mpl",
        "NBGRADER_EXECUTION": "autograde",
    }


def visible_folders() -> list[Path]:
    """The read-only folders a student's process sees: system libraries and the Python environment."""
    wanted = [Path("/usr"), Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parent.parent]
    folders: list[Path] = []
    for folder in sorted({path.resolve() for path in wanted}, key=lambda path: len(path.parts)):
        if not any(folder.is_relative_to(seen) for seen in folders):
            folders.append(folder)
    return folders


def covered_folders(visible: Sequence[Path], hidden: Sequence[Path]) -> list[Path]:
    """Those of the ``hidden`` folders, and of this package, that lie in a visible one and have to be covered.

    Raises:
        SandboxError: one can't be covered.
    """
    covered = []
    for folder in [*(Path(path).resolve() for path in hidden), PACKAGE]:
        above = [seen for seen in visible if folder.is_relative_to(seen)]
        if above and Path(sys.prefix).resolve().is_relative_to(folder):
            raise SandboxError(f"{folder} can't be hidden: the Python environment {sys.prefix} needs it and {above[0]} shows it")
        if above and folder.exists():
            covered.append(folder)
    return covered


def private_folders(visible: Sequence[Path]) -> list[str]:
    """Folders each submission gets fresh and empty: the one it works in first, then those for temporary files."""
    environment_in_tmp = any(folder.is_relative_to("/tmp") for folder in visible)
    return [WORK_FOLDER, TEMPORARY_FOLDER, "/dev/shm"] + ([] if environment_in_tmp else ["/tmp"])
