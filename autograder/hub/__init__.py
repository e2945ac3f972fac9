"""A JupyterHub for one or more courses on one machine: its settings, and what the machine needs for them."""
