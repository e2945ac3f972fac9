# Tries: scripts in outputs of every type, forged ones among them, to act in the reader's browser.
# Raises: ValueError

# %% moving_sum
from IPython.display import HTML, SVG, Image, Javascript, Latex, Markdown, display

script = "<script>alert('attack')</script><img src=x onerror=alert('attack')><svg onload=alert('attack')></svg>"
evil = script + "<iframe src='javascript:alert(1)'></iframe><a href='java\tscript:alert(1)'>x</a><form action='https://example.org'><input></form><style>body{display:none}</style><base href='https://example.org'><meta http-equiv=refresh content='0;url=https://example.org'><link rel=stylesheet href='https://example.org/x.css'><object data='x'></object>"
display(HTML(evil), Markdown(evil + "[x](javascript:alert(1)) ![x](https://example.org/x.png)"), Latex(evil), Javascript("alert('attack')"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg'><script>alert('attack')</script><a href='javascript:alert(1)'><text onload='alert(1)'>x</text></a></svg>"))
print(evil)
get_ipython().kernel.outputs.display({"image/png": "x\" onerror=\"alert('attack')", "text/html": evil, "image/svg+xml": evil, "image/jpeg": evil})
forged = {"output_type": "display_data", "metadata": {"image/png": {"width": "1\" onerror=\"alert('attack')"}}, "data": {"image/png": "\"><script>alert('attack')</script>", "image/gif": evil, "application/javascript": "alert('attack')", "application/vnd.jupyter.widget-view+json": evil, "<script>": evil, "text/vnd.mermaid": evil}}
get_ipython().kernel.outputs.items.append(forged)


def moving_sum(x, width):
    raise type("script", (Exception,), {})(script)

# %% total
total = script

# %% predictions
class Prediction:
    pass


Prediction.__name__ = script
predictions = Prediction()

# %% net
raise ValueError(evil)
