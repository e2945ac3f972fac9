"""The colours of the book's figures, on white ground and on dark.

Chapters draw with the first set. When the book is built, `_ext/drawings` makes of every figure a twin
for the dark page, in which each of these colours is replaced by its partner below.

- Data colours are those of Okabe and Ito, which people with any of the common colour deficiencies can tell
  apart; the dark ones keep hue and order and are light enough for text: at least 4.5 : 1 on their ground.
- Colour maps (signed values, heat) have no partner: they keep their own ground.
"""

INK = "#1f2328"
GREY = "#6b7280"
PALE = "#d8dce2"
BLUE = "#0072b2"
ORANGE = "#d55e00"
GREEN = "#009e73"
PURPLE = "#aa4499"
SKY = "#56b4e9"
YELLOW = "#f0e442"

WHITE = "#ffffff"
NIGHT = "#121212"  # the theme's dark page

# Colour on white → the same on the dark page.
DARK = {
    WHITE: NIGHT,
    INK: "#e3e7ec",
    "#000000": "#e3e7ec",
    GREY: "#9aa3af",
    "#8a919c": "#858e9b",
    PALE: "#3a4149",
    "#f1f3f5": "#1f2428",
    "#eef0f3": "#1f2428",
    BLUE: "#4aa8e8",
    ORANGE: "#ff8b3d",
    GREEN: "#2fc596",
    PURPLE: "#dd84cc",
    SKY: "#93d3f7",
    YELLOW: "#f0e442",
    "#dbe9f4": "#16354a",
    "#fbe6d9": "#4a2712",
    "#cfe3f2": "#16354a",
    "#f7e3d3": "#4a2712",
    "#222222": "#e3e7ec",
    "#fdf1e8": "#2e1d12",
    "#b3541e": "#f08a4b",
    "#e9f1f9": "#132433",
    "#1f5a92": "#6db0ee",
}
