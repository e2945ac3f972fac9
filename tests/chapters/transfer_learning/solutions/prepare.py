"""Right and wrong solutions of the task `prepare`."""

# %% right: torch, channel by channel
def prepare(images):
    x = torch.tensor(images).permute(0, 3, 1, 2) / 255.0
    result = torch.empty(x.shape)
    for c, (m, s) in enumerate(zip((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))):
        result[:, c] = (x[:, c] - m) / s
    return result

# %% right: numpy to the end
def prepare(images):
    x = images.astype(np.float32) / np.float32(255)
    x = (x - np.array([0.485, 0.456, 0.406], dtype=np.float32)) / np.array([0.229, 0.224, 0.225], dtype=np.float32)
    return np.moveaxis(x, -1, 1)

# %% right: torchvision's transforms
from torchvision.transforms import v2


def prepare(images):
    steps = v2.Compose(
        [v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225])]
    )
    return torch.stack([steps(image) for image in images])

# %% right: float64 until the last step, noisy
import warnings


def prepare(images: np.ndarray) -> torch.Tensor:
    warnings.warn("preparing")
    print(images.shape)
    mean, deviation = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    planes = [((images[..., c] / 255) - mean[c]) / deviation[c] for c in range(3)]
    return torch.from_numpy(np.stack(planes, axis=1)).to(torch.float32)

# %% right: one multiplication and one addition
def prepare(images):
    deviation = torch.tensor([0.229, 0.224, 0.225])
    slope, offset = 1 / (255 * deviation), -torch.tensor([0.485, 0.456, 0.406]) / deviation
    return torch.einsum("nhwc,c->nchw", torch.from_numpy(images).float(), slope) + offset.view(1, 3, 1, 1)

# %% wrong: not scaled => "not divided by 255"
def prepare(images):
    x = torch.from_numpy(images).float()
    return ((x - torch.tensor([0.485, 0.456, 0.406])) / torch.tensor([0.229, 0.224, 0.225])).permute(0, 3, 1, 2)

# %% wrong: not normalised => "mean and standard deviation are not applied"
def prepare(images):
    return torch.from_numpy(images).float().div(255).permute(0, 3, 1, 2)

# %% wrong: reshape => "`reshape` mixes up pixels and channels"
def prepare(images):
    x = torch.from_numpy(images).float().div(255)
    x = (x - torch.tensor([0.485, 0.456, 0.406])) / torch.tensor([0.229, 0.224, 0.225])
    return x.reshape(len(x), 3, x.shape[1], x.shape[2])

# %% wrong: rows and columns exchanged => "Rows and columns are exchanged."
def prepare(images):
    x = torch.from_numpy(images).float().div(255)
    x = (x - torch.tensor([0.485, 0.456, 0.406])) / torch.tensor([0.229, 0.224, 0.225])
    return x.transpose(1, 3)

# %% wrong: blue first => "in the order blue, green, red"
def prepare(images):
    x = torch.from_numpy(images[..., ::-1].copy()).float().div(255)
    x = (x - torch.tensor([0.406, 0.456, 0.485])) / torch.tensor([0.225, 0.224, 0.229])
    return x.permute(0, 3, 1, 2)

# %% wrong: float64 => "has dtype float64, but float32 was expected"
def prepare(images):
    x = (images / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    return torch.from_numpy(x).permute(0, 3, 1, 2)

# %% wrong: own statistics => "The pictures' own mean and standard deviation were used"
def prepare(images):
    x = torch.from_numpy(images).float().div(255)
    x = (x - x.mean(dim=(0, 1, 2))) / x.std(dim=(0, 1, 2), unbiased=False).clamp(min=1e-9)
    return x.permute(0, 3, 1, 2)

# %% wrong: mean only => "the division by the standard deviation is missing"
def prepare(images):
    x = torch.from_numpy(images).float().div(255)
    return (x - torch.tensor([0.485, 0.456, 0.406])).permute(0, 3, 1, 2)

# %% wrong: one half everywhere => "Every channel got mean 0.5 and deviation 0.5"
def prepare(images):
    return torch.from_numpy(images).float().div(255).sub(0.5).div(0.5).permute(0, 3, 1, 2)

# %% wrong: channels last => "The channels are still the last axis."
def prepare(images):
    x = torch.from_numpy(images).float().div(255)
    return (x - torch.tensor([0.485, 0.456, 0.406])) / torch.tensor([0.229, 0.224, 0.225])

# %% wrong: squeezes a single picture => "but shape (1, 3, 7, 5) was expected" and "The axis of a single picture is gone"
def prepare(images):
    x = torch.from_numpy(images).float().div(255)
    x = (x - torch.tensor([0.485, 0.456, 0.406])) / torch.tensor([0.229, 0.224, 0.225])
    return x.permute(0, 3, 1, 2).squeeze()

# %% wrong: divides by the largest value => "The values were divided by the largest in the pictures"
def prepare(images):
    x = torch.from_numpy(images).float().div(max(1, images.max()))
    x = (x - torch.tensor([0.485, 0.456, 0.406])) / torch.tensor([0.229, 0.224, 0.225])
    return x.permute(0, 3, 1, 2)

# %% wrong: mean and deviation exchanged => "Mean and standard deviation are exchanged."
def prepare(images):
    x = torch.from_numpy(images).float().div(255)
    return ((x - torch.tensor([0.229, 0.224, 0.225])) / torch.tensor([0.485, 0.456, 0.406])).permute(0, 3, 1, 2)

# %% wrong: returns nothing => "is a `return` missing?"
def prepare(images):
    x = torch.from_numpy(images).float().div(255)
    x = (x - torch.tensor([0.485, 0.456, 0.406])) / torch.tensor([0.229, 0.224, 0.225])
    x = x.permute(0, 3, 1, 2)

# %% wrong: turned round as OpenCV stores pictures => "The channels were turned round to blue, green, red"
def prepare(images):
    x = torch.from_numpy(images[..., ::-1].copy()).float().div(255)
    mean, deviation = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    return ((x - mean) / deviation).permute(0, 3, 1, 2).contiguous()
