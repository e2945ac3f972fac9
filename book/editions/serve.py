"""Show the built book on this machine: `python book/editions/serve.py` (`make serve` builds it first).

Text travels compressed, as from any real web server, and a page that has not changed is not sent again.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

HTML = Path(__file__).resolve().parents[2] / "_build" / "html"
COMPRESSED = {".html", ".css", ".js", ".mjs", ".svg", ".json", ".ipynb", ".txt", ".py", ".xml"}
LEVEL = 6  # of 9, as web servers use


@cache
def compressed(path: str, _modified: float) -> bytes:
    """Return a file's bytes after gzip, the same each time."""
    return gzip.compress(Path(path).read_bytes(), LEVEL, mtime=0)


class BookHandler(SimpleHTTPRequestHandler):
    """Serves files; text is compressed for who can read that."""

    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012  (so it is in the class above)
        **SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
        ".ipynb": "application/x-ipynb+json",
        ".svg": "image/svg+xml",
        ".wasm": "application/wasm",
        ".woff": "font/woff",
        ".woff2": "font/woff2",
    }

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Send status and headers; return what follows."""
        file = Path(self.translate_path(self.path))
        wanted = "gzip" in self.headers.get("Accept-Encoding", "")
        if not (wanted and file.suffix in COMPRESSED and file.is_file()):
            return super().send_head()
        modified = file.stat().st_mtime
        stamp = self.date_time_string(int(modified))
        if self.headers.get("If-Modified-Since") == stamp:
            self.send_response(304)
            self.end_headers()
            return None
        data = compressed(str(file), modified)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(file))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Last-Modified", stamp)
        self.send_header("Vary", "Accept-Encoding")
        self.end_headers()
        return BytesIO(data)

    def end_headers(self) -> None:
        """Let the browser ask each time whether a file has changed."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing for each file."""


class BookServer(ThreadingHTTPServer):
    """Answers several requests at a time; a browser that goes away is no error."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Report what went wrong, unless the other side has gone."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def server(folder: Path = HTML, port: int = 8000) -> BookServer:
    """Return a server of a folder on this machine alone.

    Args:
        folder: the built HTML.
        port: 0 for any that is free.
    """
    return BookServer(("127.0.0.1", port), partial(BookHandler, directory=str(folder)))


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, default=8000)
    with server(port=parser.parse_args().port) as running:
        print(f"The book is on http://127.0.0.1:{running.server_port}/ (Ctrl+C ends it).", flush=True)
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
