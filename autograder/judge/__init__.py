"""The trusted process that runs a submission and decides on it: cells, frozen states, checks, limits."""
