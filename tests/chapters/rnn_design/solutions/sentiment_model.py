"""Right and wrong solutions of the task `sentiment_model`."""

# %% right: SGD with momentum, no clipping, keeps training mode
torch.manual_seed(2)
sentiment_model = SentimentRNN(len(vocabulary), num_classes=2)
optimizer = torch.optim.SGD(sentiment_model.parameters(), lr=0.3, momentum=0.9)
for epoch in range(25):
    for batch in torch.randperm(2000).split(50):
        optimizer.zero_grad()
        nn.functional.cross_entropy(sentiment_model(train_tokens[batch]), train_labels[batch]).backward()
        torch.nn.utils.clip_grad_norm_(sentiment_model.parameters(), 1)
        optimizer.step()

# %% right: a network of another class, batches of equal length, chatty
class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(len(vocabulary), 12)
        self.lstm = nn.LSTM(12, 24, batch_first=True)
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(24, 2)

    def forward(self, tokens):
        lengths = (tokens != 0).sum(1)
        packed = nn.utils.rnn.pack_padded_sequence(self.embedding(tokens), lengths, batch_first=True, enforce_sorted=False)
        return self.head(self.drop(self.lstm(packed)[1][0][-1]))


torch.manual_seed(3)
sentiment_model = Reader()
optimizer = torch.optim.Adam(sentiment_model.parameters(), lr=0.01)
for epoch in range(15):
    total = 0
    for batch in torch.randperm(2000).split(40):
        optimizer.zero_grad()
        loss = nn.CrossEntropyLoss()(sentiment_model(train_tokens[batch]), train_labels[batch])
        loss.backward()
        optimizer.step()
        total += loss.item()
    print(epoch, total)

# %% right: RMSprop with a data loader, stops when sentences put aside are right
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(4)
sentiment_model = SentimentRNN(len(vocabulary))
optimizer = torch.optim.RMSprop(sentiment_model.parameters(), lr=0.005)
loader = DataLoader(TensorDataset(train_tokens[:1800], train_labels[:1800]), batch_size=32, shuffle=True)
for epoch in range(20):
    for x, y in loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(sentiment_model(x), y).backward()
        nn.utils.clip_grad_value_(sentiment_model.parameters(), 0.5)
        optimizer.step()
    with torch.no_grad():
        if (sentiment_model(train_tokens[1800:]).argmax(1) == train_labels[1800:]).all() and epoch > 5:
            break

# %% right: two networks in one module
class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.members = nn.ModuleList([SentimentRNN(len(vocabulary)) for _ in range(2)])

    def forward(self, tokens):
        return sum(member(tokens).log_softmax(1) for member in self.members)


torch.manual_seed(5)
sentiment_model = Pair()
optimizer = torch.optim.AdamW(sentiment_model.parameters(), lr=0.01)
for epoch in range(10):
    for batch in torch.randperm(2000).split(64):
        optimizer.zero_grad()
        sum(nn.functional.cross_entropy(m(train_tokens[batch]), train_labels[batch]) for m in sentiment_model.members).backward()
        optimizer.step()

# %% wrong: left empty => "`sentiment_model` is still None"
sentiment_model = None

# %% wrong: the class => "but a trained module was expected"
sentiment_model = SentimentRNN

# %% wrong: untrained => "With all its parameters set to 0 the model gives nearly the same answers." and "were its weights updated (`optimizer.step()`)"
torch.manual_seed(1)
sentiment_model = SentimentRNN(len(vocabulary))

# %% wrong: no optimizer step => "of 400 new sentences of 13 to 24 words are judged rightly." and "were its weights updated (`optimizer.step()`)"
torch.manual_seed(0)
sentiment_model = SentimentRNN(len(vocabulary))
optimizer = torch.optim.Adam(sentiment_model.parameters(), lr=0.01)
for batch in torch.randperm(2000).split(64):
    optimizer.zero_grad()
    nn.functional.cross_entropy(sentiment_model(train_tokens[batch]), train_labels[batch]).backward()

# %% wrong: the labels exchanged => "Nearly all are exchanged: 1 stands for positive."
torch.manual_seed(0)
sentiment_model = SentimentRNN(len(vocabulary))
optimizer = torch.optim.Adam(sentiment_model.parameters(), lr=0.01)
for epoch in range(10):
    for batch in torch.randperm(2000).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(sentiment_model(train_tokens[batch]), 1 - train_labels[batch]).backward()
        optimizer.step()

# %% wrong: the rule in a module => "a rule was written into it"
class Rule(nn.Module):
    def __init__(self):
        super().__init__()
        self.unused = nn.Linear(2, 2)

    def forward(self, tokens):
        not_, good = vocabulary.index("not"), [vocabulary.index(w) for w in ("like", "love", "enjoy", "adore")]
        even = (tokens == not_).sum(1) % 2 == 0
        positive = torch.isin(tokens, torch.tensor(good)).any(1)
        return nn.functional.one_hot((even == positive).long(), 2).float()


sentiment_model = Rule()

# %% wrong: a bag of words => "of 400 new sentences of 13 to 24 words are judged rightly." and "the order of the words plays no role"
class Bag(nn.Module):
    def __init__(self):
        super().__init__()
        self.bag = nn.EmbeddingBag(len(vocabulary), 32, mode="sum", padding_idx=0)
        self.head = nn.Sequential(nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 2))

    def forward(self, tokens):
        return self.head(self.bag(tokens))


torch.manual_seed(0)
sentiment_model = Bag()
optimizer = torch.optim.Adam(sentiment_model.parameters(), lr=0.01)
for epoch in range(5):
    for batch in torch.randperm(2000).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(sentiment_model(train_tokens[batch]), train_labels[batch]).backward()
        optimizer.step()

# %% wrong: reads on through the padding => "of 400 new sentences of 13 to 24 words are judged rightly." and "the padding is read like words"
class ToTheEnd(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(len(vocabulary), 16, padding_idx=0)
        self.rnn = nn.GRU(16, 32, batch_first=True)
        self.head = nn.Linear(32, 2)

    def forward(self, tokens):
        return self.head(self.rnn(self.embedding(tokens))[0][:, -1])


torch.manual_seed(0)
sentiment_model = ToTheEnd()
optimizer = torch.optim.Adam(sentiment_model.parameters(), lr=0.01)
for epoch in range(8):
    for batch in torch.randperm(2000).split(64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(sentiment_model(train_tokens[batch]), train_labels[batch]).backward()
        optimizer.step()

# %% wrong: trained with twenty sentences => "it was trained with the first ones only"
torch.manual_seed(0)
sentiment_model = SentimentRNN(len(vocabulary))
optimizer = torch.optim.Adam(sentiment_model.parameters(), lr=0.01)
for epoch in range(30):
    optimizer.zero_grad()
    nn.functional.cross_entropy(sentiment_model(train_tokens[:20]), train_labels[:20]).backward()
    optimizer.step()

# %% wrong: four classes => "but shape (40, 2) was expected"
sentiment_model = SentimentRNN(len(vocabulary), num_classes=4)

# %% wrong: a vocabulary too small => "`SentimentRNN` raised IndexError" and "make the network for len(vocabulary) words"
sentiment_model = SentimentRNN(30)

# %% wrong: a function => "but a trained module was expected"
network = SentimentRNN(len(vocabulary))
sentiment_model = lambda tokens: network(tokens)

# %% wrong: always positive => "All 400 sentences get the same answer." and "All parameters of the network are 0."
sentiment_model = SentimentRNN(len(vocabulary))
with torch.no_grad():
    for parameter in sentiment_model.parameters():
        parameter.zero_()

# %% wrong: a rule with a parameter => "a rule was written into it"
class Parity(nn.Module):
    """Counts negations and negative verbs."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(2))
        turns = {"not", "hate", "dislike", "detest", "loathe"}
        self.register_buffer("turns", torch.tensor([word in turns for word in vocabulary]))

    def forward(self, tokens):
        odd = self.turns[tokens].sum(dim=1) % 2
        return nn.functional.one_hot(1 - odd, 2) * self.scale.abs().mean()


sentiment_model = Parity()
