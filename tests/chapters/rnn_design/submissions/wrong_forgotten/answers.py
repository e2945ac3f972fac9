# No bias, h0 ignored, a task forgotten, num_classes ignored, twenty sentences only, the stride ignored, the numerals of other numbers.

# %% rnn_step
def rnn_step(x, h, W_xh, W_hh, b):
    return np.tanh(W_xh @ x + W_hh @ h)

# %% rnn_forward
def rnn_forward(xs, h0, W_xh, W_hh, b):
    states, h = [], np.zeros(len(h0))
    for x in xs:
        h = np.tanh(W_xh @ x + W_hh @ h + b)
        states.append(h)
    return np.stack(states)

# %% design
design = {
    "image captioning": "one-to-many", "stock prediction": "many-to-one", "translation": "encoder-decoder",
    "sentiment of a post": "many-to-one", "digit in a picture": "one-to-one", "melody from a genre": "one-to-many",
    "word class of every word": "aligned many-to-many", "summary of an article": "encoder-decoder",
    "car in every video frame": "aligned many-to-many",
}

# %% SentimentRNN
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.rnn = nn.GRU(16, 32, batch_first=True)
        self.head = nn.Linear(32, 2)

    def forward(self, tokens):
        states, _ = self.rnn(self.embedding(tokens))
        return self.head(states[torch.arange(len(tokens)), (tokens != 0).sum(dim=1) - 1])

# %% sentiment_model
torch.manual_seed(0)
sentiment_model = SentimentRNN(len(vocabulary))
optimizer = torch.optim.Adam(sentiment_model.parameters(), lr=0.01)
for epoch in range(30):
    optimizer.zero_grad()
    nn.functional.cross_entropy(sentiment_model(train_tokens[:20]), train_labels[:20]).backward()
    optimizer.step()

# %% sentiment_predictions
sentiment_predictions = None
with torch.no_grad():
    sentiment_predictions = sentiment_model(test_tokens).argmax(dim=1).numpy()

# %% image_to_sequence
def image_to_sequence(image, window, stride):
    return np.lib.stride_tricks.sliding_window_view(image, (window, window)).reshape(-1, window**2).copy()

# %% Translator
class Translator(nn.Module):
    def __init__(self, source_size, target_size):
        super().__init__()
        self.read, self.write = nn.Embedding(source_size, 16), nn.Embedding(target_size, 24)
        self.encoder = nn.GRU(16, 24, batch_first=True)
        self.head = nn.Linear(24, target_size)

    def forward(self, source, target):
        states, _ = self.encoder(self.read(source))
        last = states[torch.arange(len(source)), (source != 0).sum(1) - 1]
        return self.head(torch.tanh(self.write(target) + last[:, None]))

# %% translations
translations = [numeral for _, numeral in numbers["train"][:200]]
