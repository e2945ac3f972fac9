# Three solution cells are no Python; the rest is right.

# %% rnn_step
def rnn_step(x, h, W_xh, W_hh, b)
    return np.tanh(

# %% rnn_forward
def rnn_forward(xs, h0, W_xh, W_hh, b):
    states = np.empty((len(xs), len(h0)))
    h = h0
    for t, x in enumerate(xs):
        h = states[t] = np.tanh(W_xh @ x + W_hh @ h + b)
    return states

# %% design
design = {"translation": "encoder-decoder"

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
sentiment_predictions = sentiment_model(test_tokens)).argmax(1)

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
torch.manual_seed(0)
translator = Translator(len(number_words), len(symbols))
optimizer = torch.optim.Adam(translator.parameters(), lr=0.005)
for _ in range(20):
    translator.train()
    for batch in torch.randperm(len(train_source)).split(32):
        optimizer.zero_grad()
        logits = translator(train_source[batch], train_target[batch, :-1])
        loss = nn.functional.cross_entropy(
            logits.transpose(1, 2), train_target[batch, 1:], ignore_index=0
        )
        loss.backward()
        nn.utils.clip_grad_norm_(translator.parameters(), 1.0)
        optimizer.step()

written = torch.full((len(test_source), 1), symbols.index("<start>"))
for _ in range(15):
    following = translator_scores(translator, test_source, written)[:, -1:].argmax(dim=2)
    written = torch.cat([written, following], dim=1)
translations = []
for row in written[:, 1:].tolist():
    letters = [symbols[token] for token in row]
    end = letters.index("<end>") if "<end>" in letters else len(letters)
    translations.append("".join(letters[:end]))
