"""Right and wrong solutions of the task `extract_features`."""

# %% right: all at once
def extract_features(model, images):
    training = model.training
    model.eval()
    with torch.no_grad():
        features = model.features(images).mean((-2, -1))
    model.train(training)
    return features

# %% right: picture by picture, with try and finally
import warnings


def extract_features(model, images):
    warnings.warn("slow")
    modes = {module: module.training for module in model.modules()}
    rows = []
    try:
        for module in modes:
            module.training = False
        for image in images:
            maps = model.features(image.unsqueeze(0)).detach()
            rows.append(maps.flatten(2).sum(2)[0] / (maps.shape[2] * maps.shape[3]))
    finally:
        for module, mode in modes.items():
            module.training = mode
    print(len(rows), "pictures")
    return torch.stack(rows)

# %% right: average pooling, detached, numpy
def extract_features(model: nn.Module, images: torch.Tensor) -> np.ndarray:
    was_in_training = model.features.training
    model.features.eval()
    out = [nn.functional.adaptive_avg_pool2d(model.features(b), 1).squeeze(3).squeeze(2).detach().numpy() for b in images.split(32)]
    model.features.train(was_in_training)
    return np.concatenate(out)

# %% right: a decorator, float64 sums, einsum
@torch.inference_mode()
def extract_features(model, images):
    training, result = model.training, torch.empty(len(images), 512)
    model.eval()
    for start in range(0, len(images), 64):
        maps = model.features(images[start : start + 64]).double()
        result[start : start + 64] = torch.einsum("nchw->nc", maps) / maps[0, 0].numel()
    if training:
        model.train()
    return result

# %% right: a copy of the model, a hook
import copy


def extract_features(model, images):
    twin, kept = copy.deepcopy(model).eval(), []
    twin.features.register_forward_hook(lambda module, args, output: kept.append(output.mean(dim=[2, 3])))
    with torch.no_grad():
        for batch in torch.chunk(images, max(1, len(images) // 20)):
            twin.features(batch)
    return torch.cat(kept)

# %% wrong: training mode => "dropout was active, the model was in training mode" and "These are the features in training mode"
def extract_features(model, images):
    with torch.no_grad():
        return model.features(images).mean(dim=(2, 3))

# %% wrong: leaves it in eval mode => "was in training mode and is in eval mode after the call"
def extract_features(model, images):
    model.eval()
    with torch.no_grad():
        return model.features(images).mean(dim=(2, 3))

# %% wrong: always back to training => "was in eval mode and is in training mode after the call"
def extract_features(model, images):
    model.eval()
    with torch.no_grad():
        features = model.features(images).mean(dim=(2, 3))
    model.train()
    return features

# %% wrong: mode of the whole from mode of a part => "The model was in training mode and is in eval mode"
def extract_features(model, images):
    model.eval()
    was = model.features.training
    with torch.no_grad():
        features = model.features(images).mean(dim=(2, 3))
    model.train(was)
    return features

# %% wrong: only the features go to eval and stay there => "`model.features` was in training mode and is in eval mode"
def extract_features(model, images):
    model.features.eval()
    with torch.no_grad():
        return model.features(images).mean(dim=(2, 3))

# %% wrong: gradients => "The features require gradients"
def extract_features(model, images):
    was = model.training
    model.eval()
    features = model.features(images).mean(dim=(2, 3))
    model.train(was)
    return features

# %% wrong: flattened => "The maps are flattened; take the mean of each."
def extract_features(model, images):
    was = model.training
    model.eval()
    with torch.no_grad():
        features = model.features(images).flatten(1)
    model.train(was)
    return features

# %% wrong: the maximum => "This is the maximum of each map, not its mean."
def extract_features(model, images):
    was = model.training
    model.eval()
    with torch.no_grad():
        features = model.features(images).amax(dim=(2, 3))
    model.train(was)
    return features

# %% wrong: the sum => "This is the sum of each map, not its mean."
def extract_features(model, images):
    was = model.training
    model.eval()
    with torch.no_grad():
        features = model.features(images).sum(dim=(2, 3))
    model.train(was)
    return features

# %% wrong: through the classifier => "These are the classifier's scores"
def extract_features(model, images):
    was = model.training
    model.eval()
    with torch.no_grad():
        features = model(images)
    model.train(was)
    return features

# %% wrong: one axis => "one of the two spatial axes only"
def extract_features(model, images):
    was = model.training
    model.eval()
    with torch.no_grad():
        features = model.features(images).mean(dim=2)
    model.train(was)
    return features

# %% wrong: axes stay => "The two spatial axes are still there"
def extract_features(model, images):
    was = model.training
    model.eval()
    with torch.no_grad():
        features = nn.AdaptiveAvgPool2d(1)(model.features(images))
    model.train(was)
    return features

# %% wrong: squeezes a single picture => "but shape (1, 512) was expected" and "The axis of a single picture is gone"
def extract_features(model, images):
    was = model.training
    model.eval()
    with torch.no_grad():
        features = nn.AdaptiveAvgPool2d(1)(model.features(images)).squeeze()
    model.train(was)
    return features

# %% wrong: normalises again => "The pictures were normalised again; they come prepared."
def extract_features(model, images):
    was = model.training
    model.eval()
    mean, deviation = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1), torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)
    with torch.no_grad():
        features = model.features((images - mean) / deviation).mean(dim=(2, 3))
    model.train(was)
    return features

# %% wrong: drops the last, smaller batch => "has shape (100, 512), but shape (103, 512) was expected"
def extract_features(model, images):
    was = model.training
    model.eval()
    size = min(50, len(images))
    with torch.no_grad():
        batches = [model.features(images[i : i + size]).mean(dim=(2, 3)) for i in range(0, len(images) - size + 1, size)]
    model.train(was)
    return torch.cat(batches)

# %% wrong: freezes the model => "Parameters are frozen now"
def extract_features(model, images):
    was = model.training
    model.eval()
    model.requires_grad_(False)
    features = model.features(images).mean(dim=(2, 3))
    model.train(was)
    return features

# %% wrong: gradients off and on again => "Parameters require gradients now"
def extract_features(model, images):
    was = model.training
    model.eval()
    model.requires_grad_(False)
    features = model.features(images).mean(dim=(2, 3))
    model.requires_grad_(True)
    model.train(was)
    return features

# %% wrong: takes off the classifier => "`extract_features` changed values of the model, or took them away"
def extract_features(model, images):
    was = model.training
    model.eval()
    model.classifier = nn.Identity()
    with torch.no_grad():
        features = model.features(images).mean(dim=(2, 3))
    model.train(was)
    return features

# %% wrong: dropout switched off, BatchNorm left on => "BatchNorm used the mean and variance of the batch"
def extract_features(model, images):
    was = model.training
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.eval()
    with torch.no_grad():
        features = model.features(images).mean(dim=(2, 3))
    model.train(was)
    return features

# %% wrong: a network of its own => "use the argument `model`"
own = pretrained().eval()


def extract_features(model, images):
    with torch.no_grad():
        return own.features(images).mean(dim=(2, 3))

# %% wrong: whole batches averaged => "The mean over all pictures was taken, too."
def extract_features(model, images):
    was = model.training
    model.eval()
    with torch.no_grad():
        features = model.features(images).mean(dim=(0, 2, 3))
    model.train(was)
    return features

# %% wrong: returns nothing => "is a `return` missing?"
def extract_features(model, images):
    was = model.training
    model.eval()
    with torch.no_grad():
        features = model.features(images).mean(dim=(2, 3))
    model.train(was)
