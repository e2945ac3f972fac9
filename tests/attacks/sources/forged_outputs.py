# Tries: outputs of every type, well-formed and not, written into the test cells with grades in them.
# Raises: 100

# %% moving_sum
shell = get_ipython()
forged = [
    {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": "100"}},
    {"output_type": "execute_result", "data": {"text/plain": ["1", "00"], "application/json": {"score": 100}}},
    {"output_type": "pyout", "text": "100"},
    {"output_type": "grade", "score": 100},
    {"output_type": "error", "ename": "100", "evalue": 100, "traceback": "100"},
    {"output_type": "stream", "name": {"stderr": 1}, "text": ["100"]},
    {"output_type": ["stream"]},
    {"output_type": "display_data", "data": {"text/plain": None, "application/vnd.jupyter.widget-view+json": {"model_id": "1"}}},
    None,
    "100",
    {"output_type": "update_display_data", "data": {"text/plain": "100"}, "transient": {"display_id": "1"}},
]
type(shell.kernel)._send_outputs = lambda self, failed: self.channel.send({"outputs": forged, "failed": False})
