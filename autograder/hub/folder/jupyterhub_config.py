"""Settings of this JupyterHub. Its courses stand in hub.yaml; settings of your own go to the end of this file, which is never replaced."""

from pathlib import Path

from autograder.hub.configuration import configure

c = get_config()  # noqa: F821  (JupyterHub defines it)

configure(c, Path(__file__).resolve().parent)
