# Right answers that print and warn a lot.

# %% rnn_step
import warnings


def rnn_step(x, h, W_xh, W_hh, b):
    warnings.warn("slow")
    x, h, W_xh, W_hh, b = (torch.as_tensor(a) for a in (x, h, W_xh, W_hh, b))
    print("state before", h)
    return torch.tanh(torch.einsum("ij,j->i", W_xh, x) + torch.mv(W_hh, h) + b)

# %% rnn_forward
import warnings

warnings.warn("this takes a while")
def rnn_forward(xs, h0, W_xh, W_hh, b):
    states, h = [], h0
    for x in xs:
        h = rnn_step(x, h, W_xh, W_hh, b)
        states.append(h)
    return np.stack(states)
print('rnn_forward', "is done", flush=True)
print("to stderr", file=sys.stderr)

# %% design
tasks = ["image captioning", "stock prediction", "translation", "sentiment of a post", "digit in a picture"]
tasks += ["melody from a genre", "word class of every word", "summary of an article", "car in every video frame", "price of a house"]
oo, om, mo, mm, ed = "one-to-one", "one-to-many", "many-to-one", "aligned many-to-many", "encoder-decoder"
design = dict(zip(tasks, [om, mo, ed, mo, oo, om, mm, ed, mm, oo]))
print(design)

# %% SentimentRNN
import warnings

warnings.warn("this takes a while")
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
print('SentimentRNN', "is done", flush=True)
print("to stderr", file=sys.stderr)

# %% sentiment_model
import warnings

warnings.warn("this takes a while")
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
print('sentiment_model', "is done", flush=True)
print("to stderr", file=sys.stderr)

# %% sentiment_predictions
import warnings

warnings.warn("this takes a while")
sentiment_predictions = None
with torch.no_grad():
    sentiment_predictions = sentiment_model(test_tokens).argmax(dim=1).numpy()
print('sentiment_predictions', "is done", flush=True)
print("to stderr", file=sys.stderr)

# %% image_to_sequence
import warnings

warnings.warn("this takes a while")
def image_to_sequence(image, window, stride):
    rows, columns = image.shape
    sequence = []
    for top in range(0, rows - window + 1, stride):
        for left in range(0, columns - window + 1, stride):
            sequence.append(image[top : top + window, left : left + window].ravel())
    return np.stack(sequence)
print('image_to_sequence', "is done", flush=True)
print("to stderr", file=sys.stderr)

# %% Translator
class Translator(nn.Module):
    def __init__(self, source_size, target_size):
        super().__init__()
        self.read, self.write = nn.Embedding(source_size, 20), nn.Embedding(target_size, 20)
        self.encoder, self.decoder = nn.GRUCell(20, 64), nn.GRUCell(20, 64)
        self.head = nn.Linear(64, target_size)

    def forward(self, source, target):
        print("translating", source.shape)
        h = torch.zeros(len(source), 64)
        for words in source.T:
            h = torch.where(words[:, None] != 0, self.encoder(self.read(words), h), h)
        logits = []
        for symbols in target.T:
            h = self.decoder(self.write(symbols), h)
            logits.append(self.head(h))
        return torch.stack(logits, dim=1)

# %% translations
import warnings

warnings.warn("this takes a while")
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
print('translations', "is done", flush=True)
print("to stderr", file=sys.stderr)
