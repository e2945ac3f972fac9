# Right answers with loops over single numbers, cells and sentences.

# %% rnn_step
import math


def rnn_step(x, h, W_xh, W_hh, b):
    new = []
    for i in range(len(h)):
        total = float(b[i])
        for j in range(len(x)):
            total += W_xh[i, j] * x[j]
        for j in range(len(h)):
            total += W_hh[i, j] * h[j]
        new.append(math.tanh(total))
    return new

# %% rnn_forward
def rnn_forward(xs, h0, W_xh, W_hh, b):
    states, h = [], [float(v) for v in h0]
    for x in xs.tolist():
        h = [
            float(np.tanh(sum(w * v for w, v in zip(W_xh[i], x)) + sum(w * v for w, v in zip(W_hh[i], h)) + b[i]))
            for i in range(len(h0))
        ]
        states.append(h)
    return states

# %% design
by_pattern = {
    "one-to-one": ["digit in a picture", "price of a house"],
    "one-to-many": ["image captioning", "melody from a genre"],
    "many-to-one": ["stock prediction", "sentiment of a post"],
    "aligned many-to-many": ["word class of every word", "car in every video frame"],
    "encoder-decoder": ["translation", "summary of an article"],
}
design = {task: pattern for pattern, tasks in by_pattern.items() for task in tasks}

# %% SentimentRNN
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 10)
        self.cell = nn.GRUCell(10, 20)
        self.start = nn.Parameter(torch.zeros(20))
        self.head = nn.Linear(20, num_classes)

    def forward(self, tokens):
        h = self.start.expand(len(tokens), -1)
        for t in range(tokens.shape[1]):
            word = tokens[:, t]
            h = torch.where((word != 0)[:, None], self.cell(self.embedding(word), h), h)
        return self.head(h)

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
sentiment_predictions = []
for sentence in test_sentences:
    logits = sentiment_model(token_ids([sentence.split()], vocabulary))
    sentiment_predictions.append(int(logits[0, 1] > logits[0, 0]))
print(sentiment_predictions[:10])

# %% image_to_sequence
def image_to_sequence(image, window, stride):
    sequence = []
    i = 0
    while i + window <= len(image):
        j = 0
        while j + window <= len(image[0]):
            sequence.append([float(image[i + k][j + l]) for k in range(window) for l in range(window)])
            j += stride
        i += stride
    return sequence

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
