"""Right and wrong solutions of the task `symmetries`."""

# %% right: by thinking
symmetries = {
    "circular convolution": "equivariant",
    "zero-padded convolution": "neither",
    "convolution with stride 2": "neither",
    "ReLU": "equivariant",
    "max pooling 2x2": "neither",
    "global average pooling": "invariant",
    "circular convolution, ReLU, global average pooling": "invariant",
    "fully connected": "neither",
}

# %% right: measured
symmetries = {}
for name, layer in layers.items():
    x = torch.rand(2, 1, 28, 28)
    moved = [torch.roll(x, shift, (2, 3)) for shift in ((1, 0), (0, 3), (5, 5))]
    with torch.no_grad():
        stays = all(torch.allclose(layer(m), layer(x), atol=1e-5) for m in moved)
    follows = all(equivariance_error(layer, x, shift) < 1e-5 for shift in ((1, 0), (0, 3), (5, 5)))
    symmetries[name] = "invariant" if stays else "equivariant" if follows else "neither"

# %% right: capital letters and spaces
symmetries = dict.fromkeys(layers, " Neither ")
symmetries.update({"circular convolution": "Equivariant", "ReLU": "EQUIVARIANT"})
for name in layers:
    if "global average pooling" in name:
        symmetries[name] = "invariant "

# %% right: another kind of dict, more entries
import collections

symmetries = collections.OrderedDict()
answers = "equivariant neither neither equivariant neither invariant invariant neither".split()
for name, word in zip(layers, answers):
    print(name, word)
    symmetries[name] = np.str_(word)
symmetries["batch norm"] = "equivariant"

# %% wrong: all convolutions equivariant => "symmetries['zero-padded convolution'] is 'equivariant': not the right answer." and "At the border the zeros of the padding stay" and "Windows begin at every second pixel"
symmetries = dict(zip(layers, "equivariant equivariant equivariant equivariant neither invariant invariant neither".split()))

# %% wrong: stride forgotten => "symmetries['convolution with stride 2'] is 'equivariant': not the right answer." and "Windows begin at every second pixel"
symmetries = dict(zip(layers, "equivariant neither equivariant equivariant neither invariant invariant neither".split()))

# %% wrong: max pooling taken for invariant => "symmetries['max pooling 2x2'] is 'invariant': not the right answer." and "Windows begin at every second pixel"
symmetries = dict(zip(layers, "equivariant neither neither equivariant invariant invariant invariant neither".split()))

# %% wrong: the tutorial's words => "symmetries['circular convolution'] is 'invariant': not the right answer." and "The output moves along with the picture"
symmetries = dict(zip(layers, "invariant neither neither equivariant neither invariant invariant neither".split()))

# %% wrong: ReLU taken for invariant => "symmetries['ReLU'] is 'invariant': not the right answer." and "The output moves along with the picture"
symmetries = dict(zip(layers, "equivariant neither neither invariant neither invariant invariant neither".split()))

# %% wrong: what has no error is equivariant => "symmetries['global average pooling'] is 'equivariant': not the right answer." and "One number for each channel is left"
symmetries = {name: "equivariant" if equivariance_error(layer, digits, (3, 1)) < 1e-4 else "neither" for name, layer in layers.items()}

# %% wrong: all the same => "not the right answer." and "Wherever a pixel stands" and "The mean over all places doesn't change" and "What convolution and ReLU give moves along"
symmetries = dict.fromkeys(layers, "neither")

# %% wrong: measured with digits on black only => "symmetries['zero-padded convolution'] is 'equivariant': not the right answer." and "At the border the zeros of the padding stay" and "Windows begin at every second pixel"
symmetries = {}
for name, layer in layers.items():
    with torch.no_grad():
        stays = torch.allclose(layer(torch.roll(digits, 1, 2)), layer(digits), atol=1e-5)
    follows = equivariance_error(layer, digits[:1, :, :] * 0 + 0.5 * (digits[:1] > 2), (2, 0)) < 1e-4
    symmetries[name] = "invariant" if stays else "equivariant" if follows else "neither"

# %% wrong: left empty => "`symmetries` is not filled in"
symmetries = {}

# %% wrong: an entry is missing => "`symmetries` has no entry for “fully connected”."
symmetries = dict(zip(list(layers)[:-1], "equivariant neither neither equivariant neither invariant invariant".split()))

# %% wrong: other words => "which is none of the allowed answers"
symmetries = dict(zip(layers, "yes no no yes no both both no".split()))

# %% wrong: a list => "a dict from the names of the layers to words was expected"
symmetries = "equivariant neither neither equivariant neither invariant invariant neither".split()

# %% wrong: None => "is still None"
symmetries = None

# %% wrong: errors instead of words => "but a text was expected"
symmetries = {name: equivariance_error(layer, digits, (3, 1)) for name, layer in layers.items()}

# %% wrong: claims to be every word => "but a text was expected"
class Every:
    __eq__ = lambda self, other: True
    __hash__ = lambda self: 0
    strip = lower = lambda self: self


symmetries = {name: Every() for name in layers}
