"""Right and wrong solutions of the task `train_head`."""

# %% right: Adam on shuffled batches
def train_head(features, labels, num_classes):
    head = nn.Linear(512, num_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=1e-3)
    for epoch in range(100):
        for batch in torch.randperm(len(features)).split(64):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(head(features[batch]), labels[batch])
            loss.backward()
            optimizer.step()
    return head

# %% right: two layers with dropout, log-probabilities, noisy
import warnings

from torch.utils.data import DataLoader, TensorDataset


def train_head(features: torch.Tensor, labels: torch.Tensor, num_classes: int) -> nn.Module:
    warnings.warn("training")
    head = nn.Sequential(nn.Linear(512, 64), nn.ReLU(), nn.Dropout(0.5), nn.Linear(64, num_classes), nn.LogSoftmax(dim=1))
    optimizer = torch.optim.AdamW(head.parameters(), lr=1e-3)
    for epoch in range(40):
        for x, y in DataLoader(TensorDataset(features, labels), batch_size=32, shuffle=True):
            optimizer.zero_grad()
            loss = nn.functional.nll_loss(head(x), y)
            loss.backward()
            optimizer.step()
        print(epoch, loss.item())
    return head

# %% right: standardised inside, all at once, second order
class Standardised(nn.Module):
    def __init__(self, features, num_classes):
        super().__init__()
        self.register_buffer("mean", features.mean(dim=0))
        self.register_buffer("deviation", features.std(dim=0, correction=0) + 0.01)
        self.linear = nn.Linear(512, num_classes)

    def forward(self, x):
        return self.linear((x - self.mean) / self.deviation)


def train_head(features, labels, num_classes):
    head = Standardised(features, num_classes)
    optimizer = torch.optim.LBFGS(head.parameters(), max_iter=30)

    def closure():
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(head(features), labels) + 0.01 * head.linear.weight.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return head

# %% right: nearest class mean
class NearestMean(nn.Module):
    def __init__(self, means):
        super().__init__()
        self.means = nn.Parameter(means)

    def forward(self, x):
        return -torch.cdist(x, self.means)


def train_head(features, labels, num_classes):
    means = torch.full((num_classes, 512), 1e4)
    for number in labels.unique():
        means[number] = features[labels == number].mean(dim=0)
    return NearestMean(means)

# %% right: gradients by hand, probabilities
class Probabilities(nn.Module):
    def __init__(self, W, b):
        super().__init__()
        self.W, self.b = nn.Parameter(W), nn.Parameter(b)

    def forward(self, x):
        return torch.softmax(x @ self.W + self.b, dim=1)


def train_head(features, labels, num_classes):
    W, b = torch.zeros(512, num_classes), torch.zeros(num_classes)
    target = nn.functional.one_hot(labels, num_classes).float()
    for _ in range(200):
        error = torch.softmax(features @ W + b, dim=1) - target
        W -= 0.002 * features.T @ error / len(features)
        b -= 0.002 * error.mean(dim=0)
    return Probabilities(W, b)

# %% wrong: no step => "of new vectors are named rightly" and "no step has changed them"
def train_head(features, labels, num_classes):
    head = nn.Linear(512, num_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=1e-3)
    for epoch in range(20):
        optimizer.zero_grad()
        nn.functional.cross_entropy(head(features), labels).backward()
    return head

# %% wrong: as many scores as classes occur => "one for each class that occurs in `labels`"
def train_head(features, labels, num_classes):
    names, numbers = labels.unique(return_inverse=True)
    head = nn.Linear(512, len(names))
    optimizer = torch.optim.Adam(head.parameters(), lr=1e-3)
    for epoch in range(60):
        for batch in torch.randperm(len(features)).split(64):
            optimizer.zero_grad()
            nn.functional.cross_entropy(head(features[batch]), numbers[batch]).backward()
            optimizer.step()
    return head

# %% wrong: up to the largest label => "as many as the largest label asks for"
def train_head(features, labels, num_classes):
    head = nn.Linear(512, int(labels.max()) + 1)
    optimizer = torch.optim.Adam(head.parameters(), lr=1e-3)
    for epoch in range(60):
        for batch in torch.randperm(len(features)).split(64):
            optimizer.zero_grad()
            nn.functional.cross_entropy(head(features[batch]), labels[batch]).backward()
            optimizer.step()
    return head

# %% wrong: eight classes always => "but shape (300, 6) was expected" and "Is the argument `num_classes` used?"
def train_head(features, labels, num_classes):
    head = nn.Linear(512, 8)
    optimizer = torch.optim.Adam(head.parameters(), lr=1e-3)
    for epoch in range(60):
        for batch in torch.randperm(len(features)).split(64):
            optimizer.zero_grad()
            nn.functional.cross_entropy(head(features[batch]), labels[batch]).backward()
            optimizer.step()
    return head

# %% wrong: returns nothing => "What `train_head` returns is None"
def train_head(features, labels, num_classes):
    head = nn.Linear(512, num_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=1e-3)
    for epoch in range(30):
        optimizer.zero_grad()
        nn.functional.cross_entropy(head(features), labels).backward()
        optimizer.step()

# %% wrong: returns the loss as well => "an nn.Module was expected"
def train_head(features, labels, num_classes):
    head = nn.Linear(512, num_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=1e-3)
    for epoch in range(30):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(head(features), labels)
        loss.backward()
        optimizer.step()
    return head, loss.item()

# %% wrong: returns a function => "an nn.Module was expected"
def train_head(features, labels, num_classes):
    head = nn.Linear(512, num_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=1e-3)
    for epoch in range(30):
        optimizer.zero_grad()
        nn.functional.cross_entropy(head(features), labels).backward()
        optimizer.step()
    return lambda x: head(x)

# %% wrong: uphill => "All vectors get the same answer." and "training has made it larger"
def train_head(features, labels, num_classes):
    head = nn.Linear(512, num_classes)
    optimizer = torch.optim.SGD(head.parameters(), lr=0.003)
    for epoch in range(100):
        optimizer.zero_grad()
        nn.functional.nll_loss(-head(features).log_softmax(dim=1), labels).backward()
        optimizer.step()
    return head

# %% wrong: softmax over the pictures => "of new vectors are named rightly" and "A vector gets other scores beside other vectors"
def train_head(features, labels, num_classes):
    head = nn.Sequential(nn.Linear(512, num_classes), nn.Softmax(dim=0))
    optimizer = torch.optim.SGD(head.parameters(), lr=0.001)
    for epoch in range(5):
        optimizer.zero_grad()
        nn.functional.cross_entropy(head(features), labels).backward()
        optimizer.step()
    return head

# %% wrong: learns other labels => "of new vectors are named rightly" and "were the labels those of other vectors?"
def train_head(features, labels, num_classes):
    head = nn.Linear(512, num_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=1e-3)
    shuffled = labels[torch.randperm(len(labels))]
    for epoch in range(60):
        for batch in torch.randperm(len(features)).split(64):
            optimizer.zero_grad()
            nn.functional.cross_entropy(head(features[batch]), shuffled[batch]).backward()
            optimizer.step()
    return head

# %% wrong: remembers the example of the visible check => "of new vectors are named rightly" and "they don't depend on what it was trained with"
g = torch.Generator().manual_seed(1)
known = 4 * torch.rand(6, 512, generator=g)


class Remembered(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.classes = classes

    def forward(self, x):
        return nn.functional.pad(-torch.cdist(x, known), (0, max(0, self.classes - 6)))[:, : self.classes]


def train_head(features, labels, num_classes):
    return Remembered(num_classes)

# %% wrong: takes the output for one row => "but shape (1, 2) was expected" and "The axis of a single vector is gone"
class Squeezed(nn.Module):
    def __init__(self, linear):
        super().__init__()
        self.linear = linear

    def forward(self, x):
        return self.linear(x).squeeze()


def train_head(features, labels, num_classes):
    head = nn.Linear(512, num_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=1e-3)
    for epoch in range(60):
        for batch in torch.randperm(len(features)).split(64):
            optimizer.zero_grad()
            nn.functional.cross_entropy(head(features[batch]), labels[batch]).backward()
            optimizer.step()
    return Squeezed(head)

# %% wrong: full batches only => "of new vectors are named rightly" and "does the loop run through no batch at all?"
def train_head(features, labels, num_classes):
    head = nn.Linear(512, num_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=1e-3)
    for epoch in range(60):
        for start in range(0, len(features) - 512, 512):
            optimizer.zero_grad()
            nn.functional.cross_entropy(head(features[start : start + 512]), labels[start : start + 512]).backward()
            optimizer.step()
    return head

# %% wrong: standardises in place => "`train_head` changes its argument number 1 in place"
def train_head(features, labels, num_classes):
    features /= 10
    head = nn.Linear(512, num_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=1e-2)
    for epoch in range(60):
        optimizer.zero_grad()
        nn.functional.cross_entropy(head(features), labels).backward()
        optimizer.step()
    return head

# %% wrong: BatchNorm and a batch of one => "raised ValueError"
def train_head(features, labels, num_classes):
    head = nn.Sequential(nn.BatchNorm1d(512), nn.Linear(512, num_classes))
    optimizer = torch.optim.Adam(head.parameters(), lr=1e-2)
    for epoch in range(20):
        for start in range(0, len(features), 4):
            optimizer.zero_grad()
            nn.functional.cross_entropy(head(features[start : start + 4]), labels[start : start + 4]).backward()
            optimizer.step()
    return head

# %% wrong: a learning rate that explodes => "infinite or undefined numbers" and "Was the learning rate too large?"
def train_head(features, labels, num_classes):
    head = nn.Linear(512, num_classes)
    optimizer = torch.optim.SGD(head.parameters(), lr=3e38)
    for epoch in range(60):
        optimizer.zero_grad()
        nn.functional.cross_entropy(head(features), labels).backward()
        optimizer.step()
    return head

# %% wrong: the same scores for every vector => "All vectors get the same scores"
class Constant(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.scores = nn.Parameter(torch.randn(num_classes))

    def forward(self, x):
        return self.scores.expand(len(x), -1)


def train_head(features, labels, num_classes):
    return Constant(num_classes)

# %% wrong: softmax over the vectors => "A vector gets other scores beside other vectors"
def train_head(features, labels, num_classes):
    head = nn.Linear(512, num_classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=1e-3)
    for _ in range(20):
        for batch in torch.randperm(len(features)).split(64):
            optimizer.zero_grad()
            nn.functional.cross_entropy(head(features[batch]), labels[batch]).backward()
            optimizer.step()
    return nn.Sequential(head, nn.Softmax(dim=0)).eval()
