# Right answers with torch's own layers, accumulate, attention, packed sequences and models of several parts.

# %% rnn_step
def rnn_step(x, h, W_xh, W_hh, b):
    return np.tanh(x @ W_xh.T + h @ W_hh.T + b)

# %% rnn_forward
def rnn_forward(xs, h0, W_xh, W_hh, b):
    xs, h0, *values = (torch.tensor(a, dtype=torch.float64) for a in (xs, h0, W_xh, W_hh, b))
    layer = nn.RNN(xs.shape[1], len(h0)).double()
    print(layer)
    with torch.no_grad():
        for parameter, value in zip(layer.parameters(), [*values, torch.zeros(len(h0))]):
            parameter.copy_(value)
        return layer(xs, h0[None])[0]

# %% design
from collections import OrderedDict

words = np.array(["one-to-one", "one-to-many", "many-to-one", "aligned many-to-many", "encoder-decoder"])
design = OrderedDict()
for task, number in [
    ("image captioning", 1), ("stock prediction", 2), ("translation", 4), ("sentiment of a post", 2), ("digit in a picture", 0),
    ("melody from a genre", 1), ("word class of every word", 3), ("summary of an article", 4), ("car in every video frame", 3), ("price of a house", 0),
]:
    design[task] = words[number]

# %% SentimentRNN
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.emb = nn.Embedding(vocab_size, 8)
        self.gru = nn.GRU(8, 12, num_layers=2, bidirectional=True, batch_first=True, dropout=0.1)
        self.head = nn.Sequential(nn.Linear(24, 16), nn.ReLU(), nn.Linear(16, num_classes))

    def forward(self, tokens):
        lengths = (tokens != 0).sum(dim=1)
        packed = nn.utils.rnn.pack_padded_sequence(self.emb(tokens), lengths, batch_first=True, enforce_sorted=False)
        h = self.gru(packed)[1]
        return self.head(torch.cat([h[-2], h[-1]], dim=1))

# %% sentiment_model
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

# %% sentiment_predictions
sentiment_model.eval()
with torch.inference_mode():
    sentiment_predictions = torch.cat([sentiment_model(batch).argmax(1) for batch in test_tokens.split(100)])

# %% image_to_sequence
def image_to_sequence(image, window, stride):
    return torch.tensor(image.astype(float)).unfold(0, window, stride).unfold(1, window, stride).flatten(0, 1).flatten(1)

# %% Translator
class Translator(nn.Module):
    def __init__(self, source_size, target_size):
        super().__init__()
        self.read = nn.Embedding(source_size, 16, padding_idx=0)
        self.write = nn.Embedding(target_size, 16, padding_idx=0)
        self.encoder = nn.GRU(16, 20, batch_first=True, bidirectional=True)
        self.decoder = nn.GRU(16, 40, batch_first=True)
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(80, target_size)

    def forward(self, source, target):
        lengths = (source != 0).sum(1)
        packed = nn.utils.rnn.pack_padded_sequence(self.read(source), lengths, batch_first=True, enforce_sorted=False)
        packed, h = self.encoder(packed)
        words, _ = nn.utils.rnn.pad_packed_sequence(packed, batch_first=True, total_length=source.shape[1])
        states, _ = self.decoder(self.write(target), torch.cat([h[0], h[1]], dim=1)[None].contiguous())
        scores = (states @ words.transpose(1, 2)).masked_fill((source == 0)[:, None], float("-inf"))
        return self.head(self.drop(torch.cat([states, scores.softmax(2) @ words], dim=2)))

# %% translations
class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Embedding(30, 24), nn.Embedding(10, 24)
        self.encoder, self.decoder = nn.LSTM(24, 64, batch_first=True), nn.LSTM(24, 64, batch_first=True)
        self.head = nn.Linear(64, 10)

    def forward(self, source, target):
        packed = nn.utils.rnn.pack_padded_sequence(self.a(source), (source != 0).sum(1), batch_first=True, enforce_sorted=False)
        return self.head(self.decoder(self.b(target), self.encoder(packed)[1])[0])


torch.manual_seed(1)
network = Other()
optimizer = torch.optim.Adam(network.parameters(), lr=0.005)
for epoch in range(15):
    for batch in torch.randperm(700).split(25):
        optimizer.zero_grad()
        logits = network(train_source[batch], train_target[batch, :-1])
        nn.functional.cross_entropy(logits.reshape(-1, 10), train_target[batch, 1:].reshape(-1), ignore_index=0).backward()
        optimizer.step()
translations = []
for source in test_source:
    symbol_ids = [1]
    while symbol_ids[-1] != 2 and len(symbol_ids) < 16:
        symbol_ids.append(int(translator_scores(network, source[None], torch.tensor([symbol_ids]))[0, -1].argmax()))
    translations.append("".join(symbols[i] for i in symbol_ids if i > 2).lower())
translator = network
