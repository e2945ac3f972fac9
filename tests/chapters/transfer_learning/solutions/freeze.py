"""Right and wrong solutions of the task `freeze`."""

# %% right: one method
def freeze(model):
    return model.requires_grad_(False)

# %% right: by name, noisy
import warnings


def freeze(model: nn.Module) -> nn.Module:
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(False)
        print("frozen:", name)
    warnings.warn("nothing will learn any more")
    return model

# %% right: recursion through the parts
def freeze(model):
    for own in model.parameters(recurse=False):
        own.requires_grad = False
    for child in model.children():
        freeze(child)
    return model

# %% right: all modules, with setattr
def freeze(model):
    for module in model.modules():
        for parameter in module._parameters.values():
            if parameter is not None:
                setattr(parameter, "requires_grad", False)
    return model

# %% right: eval mode, too
def freeze(model):
    model.eval()
    list(map(lambda p: p.requires_grad_(False), model.parameters()))
    return model

# %% wrong: returns nothing => "What `freeze` returns is None"
def freeze(model):
    for parameter in model.parameters():
        parameter.requires_grad = False

# %% wrong: features only => "Only those of `features` were frozen"
def freeze(model):
    for parameter in model.features.parameters():
        parameter.requires_grad = False
    return model

# %% wrong: classifier only => "Only those of `classifier` were frozen"
def freeze(model):
    for parameter in model.classifier.parameters():
        parameter.requires_grad = False
    return model

# %% wrong: a copy => "a copy or a part was frozen, not the model that was given"
import copy


def freeze(model):
    model = copy.deepcopy(model)
    for parameter in model.parameters():
        parameter.requires_grad = False
    return model

# %% wrong: set on the model => "set on the model itself, where it means nothing"
def freeze(model):
    model.requires_grad = False
    return model

# %% wrong: detached => "Set it on each parameter: `parameter.requires_grad = False`"
def freeze(model):
    for parameter in model.parameters():
        parameter = parameter.detach()
    return model

# %% wrong: the data don't require gradients anyway => "Set it on each parameter: `parameter.requires_grad = False`"
def freeze(model):
    for parameter in model.parameters():
        parameter.data.requires_grad = False
    return model

# %% wrong: a slip of the pen => "The notebook sets `require_grad`: the name is `requires_grad`."
def freeze(model):
    for parameter in model.parameters():
        parameter.require_grad = False
    return model

# %% wrong: eval mode only => "Eval mode freezes nothing"
def freeze(model):
    model.eval()
    return model

# %% wrong: gradients off for a moment => "Set it on each parameter: `parameter.requires_grad = False`"
def freeze(model):
    with torch.no_grad():
        return model

# %% wrong: weights without biases => "Biases are parameters, too."
def freeze(model):
    for name, parameter in model.named_parameters():
        if "weight" in name:
            parameter.requires_grad = False
    return model

# %% wrong: convolutions only => "of the 9 parameters of SmallNet still require gradients" and "Only those of convolutions were frozen"
def freeze(model):
    for layer in model.modules():
        if isinstance(layer, nn.Conv2d):
            for parameter in layer.parameters():
                parameter.requires_grad = False
    return model

# %% wrong: features and classifier, nothing else => "temperature" and "Such a parameter belongs to the model itself"
def freeze(model):
    for part in (model.features, model.classifier) if hasattr(model, "features") else (model,):
        for parameter in part.parameters():
            parameter.requires_grad = False
    return model

# %% wrong: turned round => "were frozen and require gradients again" and "`requires_grad` is turned round"
def freeze(model):
    for parameter in model.parameters():
        parameter.requires_grad = not parameter.requires_grad
    return model

# %% wrong: buffers in place of parameters => "are parameters no longer" and "Set `requires_grad` only"
def freeze(model):
    for module in list(model.modules()):
        for name, parameter in list(module.named_parameters(recurse=False)):
            value = parameter.detach()
            delattr(module, name)
            module.register_buffer(name, value)
    return model

# %% wrong: zeros => "`freeze` changed values of the model"
def freeze(model):
    for parameter in model.parameters():
        parameter.requires_grad = False
        parameter.zero_()
    return model

# %% wrong: returns the features => "returns another model than the given one"
def freeze(model):
    for parameter in model.parameters():
        parameter.requires_grad = False
    return model.features if hasattr(model, "features") else model

# %% wrong: returns the parameters => "an nn.Module was expected"
def freeze(model):
    return [parameter.requires_grad_(False) for parameter in model.parameters()]

# %% wrong: only models with a part features => "raised AttributeError"
def freeze(model):
    for parameter in [*model.features.parameters(), *model.parameters()]:
        parameter.requires_grad = False
    return model
