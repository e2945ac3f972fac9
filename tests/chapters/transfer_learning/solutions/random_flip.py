"""Right and wrong solutions of the task `random_flip`."""

# %% right: where
def random_flip(images):
    choice = torch.rand(images.shape[0], 1, 1, 1) < 0.5
    return torch.where(choice, torch.flip(images, dims=[-1]), images)

# %% right: a copy, picture by picture
import random


def random_flip(images):
    result = images.clone()
    for n in range(len(result)):
        if random.random() < 0.5:
            result[n] = images[n].flip(-1)
    return result

# %% right: numpy, noisy
import warnings


def random_flip(images: torch.Tensor) -> np.ndarray:
    warnings.warn("chance at work")
    x = np.array(images)
    chosen = np.random.randint(0, 2, size=len(x)).astype(bool)
    print(chosen.sum(), "mirrored")
    x[chosen] = x[chosen, :, :, ::-1]
    return x

# %% right: torchvision, one picture at a time
from torchvision.transforms import v2

mirror = v2.RandomHorizontalFlip(p=0.5)


def random_flip(images):
    return torch.stack([mirror(image) for image in images])

# %% right: gather columns
def random_flip(images):
    n, c, h, w = images.shape
    columns = torch.arange(w).repeat(n, 1)
    chosen = torch.bernoulli(torch.full((n,), 0.5)).bool()
    columns[chosen] = columns[chosen].flip(1)
    return images.gather(3, columns[:, None, None, :].expand(n, c, h, w))

# %% wrong: upside down => "It is upside down: reverse the columns, not the rows."
def random_flip(images):
    return torch.where(torch.rand(len(images), 1, 1, 1) < 0.5, images.flip(2), images)

# %% wrong: turned => "It is turned by 180°"
def random_flip(images):
    return torch.where(torch.rand(len(images), 1, 1, 1) < 0.5, images.flip(2, 3), images)

# %% wrong: channels reversed => "Its colour channels are in reverse order"
def random_flip(images):
    return torch.where(torch.rand(len(images), 1, 1, 1) < 0.5, images.flip(1), images)

# %% wrong: the batch reversed => "the order of the pictures must stay"
def random_flip(images):
    return torch.where(torch.rand(len(images), 1, 1, 1) < 0.5, images.flip(0), images)

# %% wrong: all or none => "all pictures of the batch were changed, or none"
def random_flip(images):
    return images.flip(3) if torch.rand(1) < 0.5 else images.clone()

# %% wrong: torchvision on the whole batch => "all pictures of the batch were changed, or none"
from torchvision.transforms import v2


def random_flip(images):
    return v2.RandomHorizontalFlip(p=0.5)(images.clone())

# %% wrong: a seed inside => "nothing is random, or a seed is set inside"
def random_flip(images):
    torch.manual_seed(0)
    return torch.where(torch.rand(len(images), 1, 1, 1) < 0.5, images.flip(3), images)

# %% wrong: every second picture => "nothing is random, or a seed is set inside"
def random_flip(images):
    result = images.clone()
    result[::2] = images[::2].flip(3)
    return result

# %% wrong: in place => "changes its argument number 1 in place"
def random_flip(images):
    chosen = torch.rand(len(images)) < 0.5
    images[chosen] = images[chosen].flip(3)
    return images

# %% wrong: always => "All pictures were changed in each of 60 calls."
def random_flip(images):
    return images.flip(3)

# %% wrong: never => "None of 120 pictures was mirrored."
def random_flip(images):
    return images.clone()

# %% wrong: each channel for itself => "Channels of one picture were treated differently."
def random_flip(images):
    return torch.where(torch.rand(len(images), 3, 1, 1) < 0.5, images.flip(3), images)

# %% wrong: each row for itself => "Rows of one picture were treated differently."
def random_flip(images):
    return torch.where(torch.rand(len(images), 1, images.shape[2], 1) < 0.5, images.flip(3), images)

# %% wrong: one in ten => "about 600"
def random_flip(images):
    return torch.where(torch.rand(len(images), 1, 1, 1) < 0.1, images.flip(3), images)

# %% wrong: normal numbers below one half => "about 600" and "So many of the normal numbers of `torch.randn` are below 0.5"
def random_flip(images):
    return torch.where(torch.randn(len(images), 1, 1, 1) < 0.5, images.flip(3), images)

# %% wrong: twice as many pictures => "has shape (80, 3, 6, 6), but shape (40, 3, 6, 6) was expected" and "There are twice as many pictures as were given"
def random_flip(images):
    return torch.cat([images, images.flip(3)])

# %% wrong: shifted => "Its columns are moved by 1"
def random_flip(images):
    return torch.where(torch.rand(len(images), 1, 1, 1) < 0.5, images.roll(1, 3), images)

# %% wrong: rows and columns exchanged as well => "Its rows and columns are exchanged."
def random_flip(images):
    return torch.where(torch.rand(len(images), 1, 1, 1) < 0.5, images.transpose(2, 3), images)

# %% wrong: pairs share a coin => "Pictures 1 and 2 of a batch were treated alike in all of 60 calls"
def random_flip(images):
    flip = (torch.rand((len(images) + 1) // 2) < 0.5).repeat_interleave(2)[: len(images)]
    return torch.where(flip[:, None, None, None], images.flip(3), images)

# %% wrong: each second picture copies its neighbour's coin => "Pictures 1 and 2 of a batch were treated alike in all of 60 calls"
def random_flip(images):
    flip = torch.rand(len(images)) < 0.5
    flip[1::2] = flip[::2][: len(flip[1::2])]
    return torch.where(flip[:, None, None, None], images.flip(3), images)

# %% wrong: the second half does what the first doesn't => "Pictures 1 and 13 of a batch were treated differently in all of 60 calls"
def random_flip(images):
    coins = torch.rand((len(images) + 1) // 2) < 0.5
    flip = torch.cat([coins, ~coins])[: len(images)]
    return torch.where(flip[:, None, None, None], images.flip(3), images)
