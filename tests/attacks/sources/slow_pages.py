# Tries: outputs that take hours to be cleaned for a page: tags that never close, ticks, formulas and tables without end.
# Shows: displayed

# %% moving_sum
from IPython.display import HTML, Latex, Markdown, display

for piece in ("<b>", "<b><p></b>", "<li><b></b>", "<a href='", "<", "&", "<!--", "<table><tr><td><i>", "<x"):
    display(HTML(piece * (500_000 // len(piece))))
    display(HTML(piece * (90_000 // len(piece))))
display(Latex("$" + "\\frac{" * 50_000), Markdown("`" * 100_000))
print("`" * 20_000 + "\x1b[" * 20_000)
print("displayed")
