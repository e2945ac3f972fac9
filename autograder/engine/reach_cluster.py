"""The way to a dask scheduler: in the clear, by TLS, or through a dask-gateway."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from autograder.engine.engine import EngineError

if TYPE_CHECKING:  # importing dask costs a second
    from distributed import Client, Security

CONNECT_SECONDS = 10
STARTS = 6  # dask gives its own thread 10 seconds to start and ends in an assertion after that; a busy machine may take longer
CA, CERTIFICATE, KEY = "ca.pem", "cert.pem", "key.pem"  # of the folder that c.Grade.tls names
EXPECTED = "an address such as tcp://host:8786, tls://host:8786 or gateway://host:8786/cluster"


def connect(address: str, tls: str = "") -> Client:
    """A connection to the scheduler at ``address``.

    Args:
        address: ``tcp://…``, ``tls://…``, or what a dask-gateway's ``cluster.scheduler_address`` is, ``gateway://…/cluster``.
        tls: the folder with the certificates for ``tls://``; empty for those that dask's own configuration names.

    Raises:
        EngineError: it is no address of a scheduler, or none answers there.
    """
    try:
        parts = urlsplit(address)
        place = (parts.hostname, parts.port)
    except ValueError:
        place = (None, None)
    if None in place or parts.scheme not in ("tcp", "tls", "gateway") or (parts.scheme == "gateway" and not parts.path.strip("/")):
        raise EngineError(f"scheduler: expected {EXPECTED}, got {address!r}")
    security = security_of(parts.scheme, tls)
    try:
        if parts.scheme == "gateway":
            return through_gateway(parts.path.strip("/"))
        socket.create_connection(place, timeout=CONNECT_SECONDS).close()
        return _client(address, security)
    except (OSError, TypeError, ValueError) as error:
        raise EngineError(
            f"no dask scheduler answers at {address} ({error}): start one with `dask scheduler`, "
            'or grade on this machine with c.Grade.scheduler = ""'
        ) from None


def _client(address: str, security: Security | None) -> Client:
    """A client, as soon as this machine has the time to start one."""
    from distributed import Client

    for _ in range(STARTS):
        with suppress(AssertionError):
            return Client(address, timeout=CONNECT_SECONDS, set_as_default=False, security=security)
    raise EngineError(f"dask's own thread did not start on this machine, tried {STARTS} times: is it very busy?")


def security_of(scheme: str, tls: str) -> Security | None:
    """How connections are encrypted; None leaves it to dask's own configuration.

    Raises:
        EngineError: the folder lacks a file, or is given for an address in the clear.
    """
    if not tls:
        return None
    from distributed import Security

    if scheme != "tls":
        raise EngineError(f"tls: expected a scheduler at tls://… with it, got one at {scheme}://…")
    files = [Path(tls).expanduser() / name for name in (CA, CERTIFICATE, KEY)]
    missing = [path.name for path in files if not path.is_file()]
    if missing:
        raise EngineError(f"tls: expected {CA}, {CERTIFICATE} and {KEY} in {tls}; there is no {', '.join(missing)}")
    ca, certificate, key = map(str, files)
    return Security(tls_ca_file=ca, tls_client_cert=certificate, tls_client_key=key, require_encryption=True)


def through_gateway(name: str) -> Client:
    """A client of a running cluster of the dask-gateway that dask's own configuration names (``gateway.address``, ``gateway.auth``).

    The gateway gives the certificates for this one cluster, which goes on when the client has gone
    (https://gateway.dask.org/api-client.html).

    Raises:
        EngineError: the package `dask-gateway` isn't there, or the gateway knows no such cluster.
    """
    try:
        from importlib import import_module

        gateway: Any = import_module("dask_gateway").Gateway()
    except ImportError as error:
        raise EngineError(
            f"scheduler: an address at gateway://… needs the package dask-gateway ({error}): `pip install dask-gateway`"
        ) from None
    except Exception as error:  # no address is configured, or no such kind of login
        raise EngineError(f"dask-gateway: {type(error).__name__}: {error}") from None
    try:
        cluster = gateway.connect(name, shutdown_on_close=False)
        return _client(cluster.scheduler_address, cluster.security)
    except EngineError:
        raise
    except Exception as error:
        raise EngineError(f"the dask-gateway gives no way to its cluster {name}: {type(error).__name__}: {error}") from None
