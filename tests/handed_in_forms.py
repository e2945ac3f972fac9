"""Right notebooks of the tiny assignment, changed as editors, platforms and habits change them."""

from __future__ import annotations

import json
from collections.abc import Callable

import nbformat
from nbformat import NotebookNode

AREA = "def area(height, width):\n    if min(height, width) < 0:\n        raise ValueError\n    return height * width"
MEANS = "def smooth(x):\n    return (x[1:] + x[:-1]) / 2"
WHY = "The last entry has no right neighbour."
CODE, TEXT = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
Change = Callable[[NotebookNode], "bytes | None"]
RIGHT: dict[str, Change] = {}


def right(change: Change) -> Change:
    """Registers a way in which a right notebook arrives; it gives the file's bytes where they are no plain UTF-8."""
    RIGHT[change.__name__.replace("_", "-")] = change
    return change


def named(notebook: NotebookNode, name: str) -> NotebookNode:
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def without(notebook: NotebookNode, *names: str) -> None:
    notebook.cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") not in names]


@right
def untouched(notebook: NotebookNode) -> None:
    """Nothing odd."""


@right
def metadata_lost(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})


@right
def metadata_and_ids_lost(notebook: NotebookNode) -> None:
    for number, cell in enumerate(notebook.cells):
        cell.metadata, cell["id"] = nbformat.from_dict({}), f"new-{number}"


@right
def answers_alone(notebook: NotebookNode) -> None:
    notebook.cells = [CODE("import numpy as np"), CODE(f"{AREA}\n\n{MEANS}"), TEXT(WHY)]


@right
def retyped_and_check_deleted(notebook: NotebookNode) -> None:
    notebook.cells.insert(notebook.cells.index(named(notebook, "area")), CODE(AREA))
    without(notebook, "area", "check_area")


@right
def pair_pasted_as_new(notebook: NotebookNode) -> None:
    for name in ("smooth", "check_smooth"):
        place = notebook.cells.index(named(notebook, name))
        notebook.cells[place] = CODE(notebook.cells[place].source)


@right
def merged_into_a_check(notebook: NotebookNode) -> None:
    named(notebook, "check_area").source += f"\n\n{MEANS}"
    without(notebook, "smooth")


@right
def answer_below_its_question(notebook: NotebookNode) -> None:
    named(notebook, "why_text").source += f"\n\n{WHY}"
    named(notebook, "why_kernel").source = "YOUR ANSWER HERE"


@right
def answer_in_a_cell_beside(notebook: NotebookNode) -> None:
    named(notebook, "why_kernel").source = "YOUR ANSWER HERE "
    notebook.cells.append(TEXT(WHY))


@right
def windows_line_ends(notebook: NotebookNode) -> None:
    notebook.cells.insert(1, CODE("%%time\nx = \\\n    1"))
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", "\r\n")


@right
def utf_16(notebook: NotebookNode) -> bytes:
    return nbformat.writes(notebook).encode("utf-16")


@right
def windows_1252(notebook: NotebookNode) -> bytes:
    notebook.cells.append(CODE("name = 'Zoë Müller – 5 €'"))
    return nbformat.writes(notebook).encode("cp1252")


@right
def habits(notebook: NotebookNode) -> None:
    named(notebook, "area").source = f"%load_ext tensorboard\n{AREA}"
    named(notebook, "smooth").source = f"%nowhere_magic x\n{MEANS}"
    notebook.cells.insert(1, CODE("input('Ready? ')"))


# ---- editors


@right
def colab(notebook: NotebookNode) -> bytes:
    """No ids, metadata of its own, widgets without their state, its own commands in cells."""
    notebook.metadata |= {"colab": {"provenance": []}, "accelerator": "GPU", "widgets": {"application/x": {"abc": {"model_name": "HTML"}}}}
    notebook.cells[1:1] = [
        CODE("from google.colab import drive\ndrive.mount('/content/drive')\n%cd /content/drive/MyDrive"),
        CODE('#@title Settings { run: "auto" }\nseed = 3 #@param {type:"slider"}\n!nvidia-smi', metadata={"cellView": "form"}),
    ]
    for cell in notebook.cells:
        del cell["id"]
    return json.dumps(notebook | {"nbformat_minor": 0}).encode()


@right
def editors_metadata(notebook: NotebookNode) -> None:
    """Deepnote, PyCharm, ExecuteTime, Kaggle, papermill, frozen cells."""
    notebook.metadata = {"kernelspec": {"name": "cnn-env", "display_name": "Python [conda env:cnn-env]", "language": "R"}, "deepnote": {}}
    own = {"cell_id": "0", "deepnote_cell_type": "code", "ExecuteTime": {"start_time": "2027"}, "pycharm": {"name": "#%%"}, "_uuid": "ab"}
    for cell in notebook.cells:
        cell.metadata |= own | {"tags": ["papermill-error-cell-tag", "skip-execution"], "run_control": {"frozen": True}, "trusted": False}


@right
def utf_8_with_a_mark(notebook: NotebookNode) -> bytes:
    return nbformat.writes(notebook).encode("utf-8-sig")


@right
def other_scripts(notebook: NotebookNode) -> None:
    source = "def area(größe, π):\n    print('✓ fertig 🎉', '─' * 5000)\n    if min(größe, π) < 0:\n        raise ValueError\n    return größe * π"
    named(notebook, "area").source = source
    notebook.cells.insert(1, TEXT("Σημείωση: 例え"))


@right
def solutions_in_new_cells(notebook: NotebookNode) -> None:
    for name in ("area", "smooth"):
        place = notebook.cells.index(named(notebook, name))
        notebook.cells[place] = CODE(notebook.cells[place].source)


@right
def answer_as_code(notebook: NotebookNode) -> None:
    place = notebook.cells.index(named(notebook, "why_kernel"))
    notebook.cells[place] = CODE(WHY, metadata=notebook.cells[place].metadata)


@right
def answer_as_raw(notebook: NotebookNode) -> None:
    place = notebook.cells.index(named(notebook, "why_kernel"))
    notebook.cells[place] = nbformat.v4.new_raw_cell(WHY, metadata=notebook.cells[place].metadata)


# ---- habits


def before(notebook: NotebookNode, *sources: str) -> None:
    """Puts cells of the student's own behind the assignment's first code cell."""
    notebook.cells[2:2] = map(CODE, sources)


@right
def magics_in_own_cells(notebook: NotebookNode) -> None:
    before(
        notebook, "%load_ext autoreload\n%autoreload 2\n%matplotlib inline\nimport numpy as np", "!pip install -q torchinfo",
        "%pip install -q torchinfo", "%%time\nw = 1", "%%capture cap\nprint('x')", "%timeit -n 2 -r 1 sum(range(3))",
        "%%writefile helper.py\ndef twice(x):\n    return 2 * x", "from helper import twice\ntwice(2)", "files = !ls\nlen(files)",
        "%%bash\necho hello", "%who", "%env OMP_NUM_THREADS=2", "?len", "%run helper.py", "%load_ext watermark",
    )  # fmt: skip
    named(notebook, "area").source = AREA.replace("return height * width", "return twice(height * width) // 2")


@right
def a_display_that_isnt_there(notebook: NotebookNode) -> None:
    """The rest of the cell defines what the answer needs."""
    before(notebook, "%matplotlib widget\nfrom functools import reduce\nimport operator")
    named(notebook, "area").source = AREA.replace("return height * width", "return reduce(operator.mul, [height, width])")


@right
def ways_to_the_notebooks_folder(notebook: NotebookNode) -> None:
    before(notebook, "from pathlib import Path\nfolder = Path(_dh[0])\nnumbers = (folder / 'numbers.txt').read_text()",
           "%cd ..\n%cd -\nassert open('numbers.txt').read() == numbers", "get_ipython().starting_dir")  # fmt: skip
    named(notebook, "area").source = f"assert numbers and open('numbers.txt').read() == numbers\n{AREA}"


@right
def nobody_to_ask(notebook: NotebookNode) -> None:
    before(notebook, "name = input('Name: ')\nnumber = int(input('Number: '))", "import getpass\ngetpass.getpass('Key: ')",
           "while True:\n    if input('Ready? (y/n) ') == 'y':\n        break")  # fmt: skip


@right
def exits(notebook: NotebookNode) -> None:
    before(notebook, "import sys\nsys.exit(0)", "exit()", "raise SystemExit('Stop right there!')", "quit()")


@right
def styles(notebook: NotebookNode) -> None:
    """Annotations, decorators, an object that is called, a cache, a named tuple."""
    named(notebook, "area").source = """from __future__ import annotations
from functools import lru_cache, wraps
from typing import Callable, NamedTuple

class Size(NamedTuple):
    height: int
    width: int

def logged(f: Callable) -> Callable:
    @wraps(f)
    def inner(*args, **kwargs):
        print("call", args, end="\\r")
        return f(*args, **kwargs)
    return inner

@lru_cache(maxsize=None)
def size_of(size: Size) -> int:
    return 0 if size.height == 0 else size.width + size_of(Size(size.height - 1, size.width))

@logged
def area(height: int, width: int) -> int:
    if min(height, width) < 0:
        raise ValueError
    return size_of(Size(int(height), int(width)))"""
    named(notebook, "smooth").source = """class Smooth:
    def __init__(self):
        self.weights = np.array([0.5, 0.5])
    def __call__(self, x):
        return np.convolve(x, self.weights, "valid")
smooth = Smooth()"""


@right
def pools_of_another_cell(notebook: NotebookNode) -> None:
    before(notebook, "from concurrent.futures import ThreadPoolExecutor\nthreads = ThreadPoolExecutor(2)\nlist(threads.map(abs, [1, 2]))",
           "from multiprocessing import Pool\nworkers = Pool(2)")  # fmt: skip
    named(notebook, "area").source = AREA.replace("height * width", "sum(threads.map(abs, [width] * int(height)))")
    named(notebook, "smooth").source = "def smooth(x):\n    workers.map(abs, [-1])\n    return (x[1:] + x[:-1]) / 2"


@right
def bars(notebook: NotebookNode) -> None:
    """Progress bars of all kinds, a widget, what isn't installed."""
    before(
        notebook, "from tqdm import tqdm\nfor i in tqdm(range(3)): pass", "from tqdm.auto import trange\nfor i in trange(3): pass",
        "from tqdm.notebook import tqdm as bar\nfor i in bar(range(3)): pass", "import ipywidgets\nipywidgets.interact(abs, x=(0, 5))",
        "from IPython.display import HTML, clear_output, display\nclear_output(wait=True)\ndisplay(HTML('<b>hi</b>'))", "import no_such_module",
    )  # fmt: skip
    named(notebook, "area").source = f"from tqdm.auto import tqdm\n{AREA}".replace(
        "height * width", "sum(width for _ in tqdm(range(height)))"
    )


@right
def switches_and_devices(notebook: NotebookNode) -> None:
    """Warnings as errors, NumPy and PyTorch set otherwise for the whole process; the usual choice of a device; tensors as numbers."""
    before(
        notebook, "import sys\nimport warnings\nimport torch\nwarnings.filterwarnings('error')\nnp.seterr(all='raise')\nsys.setrecursionlimit(100_000)",
        "torch.set_default_dtype(torch.float64)\ntorch.autograd.set_detect_anomaly(True)\ntorch.use_deterministic_algorithms(True)",
        "device = 'cuda' if torch.cuda.is_available() else 'mps' if torch.backends.mps.is_available() else 'cpu'",
    )  # fmt: skip
    named(notebook, "area").source = AREA.replace("height * width", "torch.tensor([int(height), int(width)]).to(device).prod()")
    named(
        notebook, "smooth"
    ).source = "@torch.no_grad()\ndef smooth(x):\n    x = torch.as_tensor(x, device=device)\n    return (x[1:] + x[:-1]) / 2"
