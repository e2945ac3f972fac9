# Tries: a module that says it has the right parameters and takes any weights, without computing anything.
# Earns: check_net 1 (the shapes are all that this module can claim: one of the three points, by design of that check)

# %% net
class Net(nn.Module):
    def named_parameters(self, *args, **kwargs):
        shapes = {"first.weight": (4, 3), "first.bias": (4,), "second.weight": (2, 4), "second.bias": (2,)}
        return [(name, torch.zeros(shape)) for name, shape in shapes.items()]

    def load_state_dict(self, *args, **kwargs):
        return None

    def modules(self):
        return []

    def forward(self, x):
        return torch.zeros(len(x), 2, requires_grad=True)
