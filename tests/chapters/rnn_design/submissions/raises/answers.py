# The first cell raises, one solution cell raises before it defines anything, one function raises, two cells stop half-way; the rest is right.

# %% after about
raise RuntimeError("before anything else")

# %% rnn_step
def rnn_step(x, h, W_xh, W_hh, b):
    return np.tanh(W_xh @ x + W_hh @ h + b)

# %% rnn_forward
def rnn_forward(xs, h0, W_xh, W_hh, b):
    raise ValueError(f"cannot do this with {h0}")

# %% design
raise RuntimeError("no design today")

# %% SentimentRNN
class SentimentRNN(nn.Module):

    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.rnn = nn.GRU(16, 32, batch_first=True)
        self.classifier = nn.Linear(32, num_classes)

    def forward(self, tokens):
        states, _ = self.rnn(self.embedding(tokens))  # (N, T, 32)
        last = (tokens != 0).sum(dim=1) - 1
        return self.classifier(states[torch.arange(len(tokens)), last])

# %% sentiment_model
sentiment_model = None
sentiment_model = SentimentRNN(len(vocabulary), num_classes=2, depth=3)

# %% sentiment_predictions
sentiment_predictions = None
with torch.no_grad():
    sentiment_predictions = sentiment_model(test_tokens).argmax(dim=1).numpy()

# %% image_to_sequence
def image_to_sequence(image, window, stride):
    rows, columns = image.shape
    sequence = []
    for top in range(0, rows - window + 1, stride):
        for left in range(0, columns - window + 1, stride):
            sequence.append(image[top : top + window, left : left + window].ravel())
    return np.stack(sequence)

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
translations = None
translations = [translate(text) for text in test_numbers]
