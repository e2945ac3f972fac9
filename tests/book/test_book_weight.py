"""How much travels when a page is opened, and the server of `make serve` that sends it."""

from __future__ import annotations

import gzip
import http.client
import importlib
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "editions"))
serve = importlib.import_module("serve")

LIMIT = 500_000  # bytes of one page, before a click
READ = 700_000  # and after it was read to its end, with every picture in sight
pytestmark = pytest.mark.timeout(900)


# The server


@pytest.fixture
def answer(tmp_path: Path) -> Iterator:
    """Asks a server of two files: `answer(path, **headers)` is the response, its body read."""
    (tmp_path / "page.html").write_text("<p>" + "the same words again and again " * 100)
    (tmp_path / "part.zip").write_bytes(b"PK" + bytes(1000))
    (tmp_path / "module.mjs").write_text("export const one = 1;\n")
    with serve.server(tmp_path, 0) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()

        def ask(path: str, **headers: str) -> http.client.HTTPResponse:
            connection = http.client.HTTPConnection("127.0.0.1", running.server_port)
            connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            response = connection.getresponse()
            response.body = response.read()
            connection.close()
            return response

        yield ask
        running.shutdown()


def test_text_travels_compressed_to_who_can_read_that(answer, tmp_path):
    response = answer("/page.html", Accept_Encoding="gzip, br")
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.body) == (tmp_path / "page.html").read_bytes()
    assert len(response.body) == int(response.headers["Content-Length"]) < 200


def test_text_travels_plainly_to_who_cannot(answer, tmp_path):
    response = answer("/page.html")
    assert response.headers["Content-Encoding"] is None
    assert response.body == (tmp_path / "page.html").read_bytes()


def test_archives_are_sent_as_they_are(answer, tmp_path):
    response = answer("/part.zip", Accept_Encoding="gzip")
    assert response.headers["Content-Encoding"] is None
    assert response.body == (tmp_path / "part.zip").read_bytes()


def test_modules_have_the_type_that_browsers_ask_for(answer):
    assert answer("/module.mjs", Accept_Encoding="gzip").headers["Content-Type"] == "text/javascript"


def test_unchanged_file_is_not_sent_again(answer):
    stamp = answer("/page.html", Accept_Encoding="gzip").headers["Last-Modified"]
    again = answer("/page.html", Accept_Encoding="gzip", If_Modified_Since=stamp)
    assert (again.status, again.body) == (304, b"")


def test_changed_file_is_sent_anew(answer, tmp_path):
    answer("/page.html", Accept_Encoding="gzip")
    (tmp_path / "page.html").write_text("other words")
    assert gzip.decompress(answer("/page.html", Accept_Encoding="gzip").body) == b"other words"


@pytest.mark.parametrize("path", ["/none.html", "/../secret.html", "/%2e%2e/secret.html"])
def test_nothing_outside_the_folder_is_served(answer, tmp_path, path):
    (tmp_path.parent / "secret.html").write_text("secret")
    assert answer(path, Accept_Encoding="gzip").status == 404


# The pages


@pytest.fixture(scope="module")
def served(book) -> Iterator[str]:
    """Where `make serve` would show the built book."""
    with serve.server(book.html, 0) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


TO_THE_END = """
async () => {
  const shown = [...document.images].filter((image) => image.offsetParent !== null);
  for (const image of shown) {
    image.scrollIntoView({ block: "center", behavior: "instant" });
    while (!image.complete) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
"""


def weights(context, address: str) -> tuple[int, int, list[str]]:
    """Return the bytes over the wire of an opened page, then read to its end, and its heaviest parts."""
    tab = context.new_page()
    client = context.new_cdp_session(tab)
    client.send("Network.enable")
    sizes, names = Counter(), {}
    client.on("Network.responseReceived", lambda event: names.update({event["requestId"]: event["response"]["url"]}))
    client.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: int(event["encodedDataLength"])}))
    tab.goto(address, wait_until="networkidle")
    opened = sizes.total()
    tab.evaluate(TO_THE_END)
    tab.wait_for_load_state("networkidle")
    heaviest = [f"{size} {names.get(request, '?').rpartition('/')[2]}" for request, size in sizes.most_common(5)]
    tab.close()
    return opened, sizes.total(), heaviest


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_weighs_more_than_half_a_megabyte_before_a_click(book, served, chromium, theme):
    heavy = []
    for page in [*book.pages, "index", "search", "genindex"]:
        with chromium.new_context(viewport={"width": 1280, "height": 900}, color_scheme=theme) as context:
            context.add_init_script(f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')")
            opened, read, heaviest = weights(context, f"{served}/{page}.html")
        heavy += [(page, opened, read, heaviest)] if opened > LIMIT or read > READ else []
    assert heavy == []


def test_nothing_of_the_theme_lies_about_unused(book):
    static = book.html / "_static"
    assert not (static / "vendor").exists()
    assert list(static.rglob("*.map")) == []


def test_every_icon_that_a_page_names_is_in_the_fonts(book):
    icons = importlib.import_module("page_icons")
    css = (book.html / "_static" / "icons.css").read_text(encoding="utf-8")
    drawn = {name for file in book.html.glob("book/**/*.html") for name in icons.NAME.findall(file.read_text(encoding="utf-8"))}
    sizes = {"solid", "regular", "brands", "lg", "fw"}
    assert {name for name in drawn - sizes if f".fa-{name}::before" not in css} == set()


def test_icons_show(tab):
    tab.goto("/book/convnets.html")
    tab.evaluate("document.fonts.ready")
    icon = tab.locator("header .fa-download, .bd-header-article .fa-download").first
    assert icon.evaluate("(element) => getComputedStyle(element, '::before').fontFamily") == '"Course solid"'
    assert tab.evaluate("document.fonts.check('900 16px \"Course solid\"', '\\uf019')")
    assert icon.bounding_box()["width"] > 8


def test_folded_contents_show_their_arrow(tab):
    tab.goto("/book/convnets.html")
    tab.locator(".bd-sidebar-secondary").evaluate("(bar) => bar.classList.add('hide')")
    arrow = tab.locator(".onthispage").first
    assert arrow.evaluate("(element) => getComputedStyle(element, '::after').fontFamily") == '"Course solid"'
    assert tab.evaluate(
        "document.fonts.load('900 16px \"Course solid\"').then(() => document.fonts.check('900 16px \"Course solid\"', '\\uf107'))"
    )
