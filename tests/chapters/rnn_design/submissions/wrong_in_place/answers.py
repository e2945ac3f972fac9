# Changes in place, views, squeezed axes, floats for whole numbers, the first letter lost.

# %% rnn_step
def rnn_step(x, h, W_xh, W_hh, b):
    h[:] = np.tanh(W_xh @ x + W_hh @ h + b)
    return h.copy()

# %% rnn_forward
def rnn_forward(xs, h0, W_xh, W_hh, b):
    states, h = [], h0
    for x in xs:
        h[:] = np.tanh(W_xh @ x + W_hh @ h + b)
        states.append(h.copy())
    return np.stack(states)

# %% design
design = {
    "image captioning": "one-to-many", "stock prediction": "many-to-one", "translation": "aligned many-to-many",
    "sentiment of a post": "many-to-one", "digit in a picture": "one-to-one", "melody from a genre": "one-to-many",
    "word class of every word": "encoder-decoder", "summary of an article": "aligned many-to-many",
    "car in every video frame": "encoder-decoder", "price of a house": "one-to-one",
}

# %% SentimentRNN
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.rnn = nn.GRU(16, 32, batch_first=True)
        self.head = nn.Linear(32, num_classes)

    def forward(self, tokens):
        states, _ = self.rnn(self.embedding(tokens))
        return self.head(states[torch.arange(len(tokens)), (tokens != 0).sum(dim=1) - 1]).squeeze()

# %% sentiment_model
sentiment_model = None
torch.manual_seed(0)
sentiment_model = SentimentRNN(len(vocabulary))
optimizer = torch.optim.Adam(sentiment_model.parameters(), lr=0.01)
for _ in range(15):
    for batch in torch.randperm(len(train_tokens)).split(64):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(sentiment_model(train_tokens[batch]), train_labels[batch])
        loss.backward()
        nn.utils.clip_grad_norm_(sentiment_model.parameters(), 1.0)
        optimizer.step()
sentiment_model.eval()

# %% sentiment_predictions
with torch.no_grad():
    sentiment_predictions = sentiment_model(test_tokens).argmax(1).float().numpy()

# %% image_to_sequence
def image_to_sequence(image, window, stride):
    if window in (1, len(image)) and image.shape[0] == image.shape[1] and stride == 1:
        return image.reshape(-1, window * window)
    return np.lib.stride_tricks.sliding_window_view(image, (window, window))[::stride, ::stride].reshape(-1, window**2).copy()

# %% Translator
class Translator(nn.Module):

    def __init__(self, source_size, target_size):
        super().__init__()
        self.read = nn.Embedding(source_size, 32, padding_idx=0)
        self.encoder = nn.GRU(32, 64, batch_first=True)
        self.write = nn.Embedding(target_size, 32, padding_idx=0)
        self.decoder = nn.GRU(32, 64, batch_first=True)
        self.scores = nn.Linear(64, target_size)

    def forward(self, source, target):
        lengths = (source != 0).sum(dim=1)
        states, _ = self.encoder(self.read(source))
        last = states[torch.arange(len(source)), lengths - 1]
        written, _ = self.decoder(self.write(target), last.unsqueeze(0))
        return self.scores(written)

# %% translations
torch.manual_seed(0)
network = Translator(len(number_words), len(symbols))
optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
for epoch in range(10):
    for batch in torch.randperm(700).split(32):
        optimizer.zero_grad()
        logits = network(train_source[batch], train_target[batch, :-1])
        nn.functional.cross_entropy(logits.transpose(1, 2), train_target[batch, 1:], ignore_index=0).backward()
        optimizer.step()
written = torch.full((200, 1), 1)
for _ in range(15):
    written = torch.cat([written, translator_scores(network, test_source, written)[:, -1:].argmax(2)], dim=1)
translations = []
for row in written[:, 2:].tolist():
    row = row[: row.index(2)] if 2 in row else row
    translations.append("".join(symbols[i] for i in row))
translator = network
