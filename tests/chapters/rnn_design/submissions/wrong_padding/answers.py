# Padding that is read like words, h0 among the states, the bias outside tanh, incomplete windows filled up.

# %% rnn_step
def rnn_step(x, h, W_xh, W_hh, b):
    return np.tanh(W_xh @ x + W_hh @ h) + b

# %% rnn_forward
def rnn_forward(xs, h0, W_xh, W_hh, b):
    states, h = [h0], h0
    for x in xs:
        h = np.tanh(W_xh @ x + W_hh @ h + b)
        states.append(h)
    return np.stack(states)

# %% design
design = {
    "image captioning": "encoder-decoder", "stock prediction": "many-to-one", "translation": "encoder-decoder",
    "sentiment of a post": "many-to-one", "digit in a picture": "many-to-one", "melody from a genre": "one-to-many",
    "word class of every word": "aligned many-to-many", "summary of an article": "encoder-decoder",
    "car in every video frame": "aligned many-to-many", "price of a house": "one-to-one",
}

# %% SentimentRNN
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.rnn = nn.GRU(16, 32, batch_first=True)
        self.classifier = nn.Linear(32, num_classes)

    def forward(self, tokens):
        states, _ = self.rnn(self.embedding(tokens))
        return self.classifier(states[:, -1])

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
sentiment_predictions = None
with torch.no_grad():
    sentiment_predictions = sentiment_model(test_tokens).argmax(dim=1).numpy()

# %% image_to_sequence
def image_to_sequence(image, window, stride):
    short = [-(n - window) % stride if n > window else 0 for n in image.shape]
    image = np.pad(image, ((0, short[0]), (0, short[1])))
    return np.lib.stride_tricks.sliding_window_view(image, (window, window))[::stride, ::stride].reshape(-1, window**2).copy()

# %% Translator
class Translator(nn.Module):
    def __init__(self, source_size, target_size):
        super().__init__()
        self.read, self.write = nn.Embedding(source_size, 32, padding_idx=0), nn.Embedding(target_size, 32)
        self.encoder, self.decoder = nn.GRU(32, 64, batch_first=True), nn.GRU(32, 64, batch_first=True)
        self.head = nn.Linear(64, target_size)

    def forward(self, source, target):
        _, h = self.encoder(self.read(source))
        return self.head(self.decoder(self.write(target), h)[0])

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
