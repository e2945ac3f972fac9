# Tries: an object that pretends to be an nn.Module by its class attribute and its bases.

# %% net
class Net:
    __class__ = nn.Module
    first = second = property(lambda self: self)

    def parameters(self):
        return [torch.zeros(4, 3)]

    def named_parameters(self):
        return [("first.weight", torch.zeros(4, 3)), ("first.bias", torch.zeros(4)), ("second.weight", torch.zeros(2, 4))]

    def __call__(self, x):
        return torch.zeros(len(x), 2)


Module = type("Module", (Net,), {})
