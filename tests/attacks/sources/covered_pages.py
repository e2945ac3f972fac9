# Tries: to cover the reader's page with a form of its own, to forge the report of the checks, and to keep the page from being made.
# Solves: total
# Shows: displayed

# %% moving_sum
from IPython.display import HTML, Latex, Markdown, display

cover = "position: fixed; top: 0; left: 0; width: 100vw; height: 100vh; z-index: 99999; margin: -5000px; padding: 9999px"
report = '<section class="grader-report"><div class="check-report"><p><strong>5 of 5 points</strong>: 4 of 4 checks passed.</p></div></section>'
for evil in (
    f'<div style="{cover}">log in</div>',
    '<div class="modal in show navbar-fixed-top" id="formgrade" name="points">log in</div>',
    report,
    "</div>" * 50 + report,
    "<p style='color: " + "(" * 40_000 + "'>deep</p>",
    "<p style='" + "a{" * 20_000 + "'>deep</p>",
    "<math>" + "<mrow>" * 3_000,
    "<table>" * 3_000,
):
    display(HTML(evil), Markdown(evil))
display(Markdown("> " * 5_000 + "x"), Markdown("- " * 5_000 + "x"), Latex("$" + "{" * 5_000 + "$"))
get_ipython().kernel.outputs.display({"text/html": report}, {"autograder": {"sandbox": "bubblewrap", "checks": []}})
print("a" + "\u0301" * 5_000 + "\u202edisplayed")
print("displayed")

# %% net
from IPython.display import SVG, display

layers = "".join(f"<g id='n{n}'>" + f"<use href='#n{n - 1}'/>" * 10 + "</g>" for n in range(1, 10))
display(SVG(f"<svg xmlns='http://www.w3.org/2000/svg'><rect id='n0'/>{layers}<use href='#n9'/></svg>"))
print("\x1b[31mx\x1b[42my" * 200_000)

# %% predictions
predictions = "\u202e"  # ‮⁦ what a reader sees isn't what is run
