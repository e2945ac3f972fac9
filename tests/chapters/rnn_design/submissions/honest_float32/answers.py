# Right answers in float32 and small whole numbers.

# %% rnn_step
def rnn_step(x, h, W_xh, W_hh, b):
    both = np.concatenate([W_xh, W_hh, b[:, None]], axis=1).astype(np.float32)
    return np.tanh(both @ np.concatenate([x, h, [1]]).astype(np.float32))

# %% rnn_forward
def rnn_forward(xs, h0, W_xh, W_hh, b):
    driven = xs.astype("float32") @ W_xh.T.astype("float32") + b
    states = [h0.astype("float32")]
    for drive in driven:
        states += [np.tanh(drive + states[-1] @ W_hh.T).astype("float32")]
    return np.array(states[1:])

# %% design
design = {}
design["Price of a house"] = "One-to-one"
design["digit in a picture"] = " one-to-one "
design["melody from a genre"] = "ONE-TO-MANY"
design["image captioning"] = "one-to-many"
design["sentiment of a post"] = "many-to-one"
design["stock prediction"] = "many-to-one"
design["car in every video frame"] = "aligned many-to-many"
design["word class of every word"] = "Aligned Many-to-Many"
design["summary of an article"] = "encoder-decoder"
design["translation"] = "Encoder-Decoder"

# %% SentimentRNN
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.rnn = nn.RNN(16, 32)
        self.out = nn.Linear(32, num_classes, bias=False)

    def forward(self, tokens):
        states, _ = self.rnn(self.embedding(tokens.t()))
        last = (tokens != 0).sum(1) - 1
        return self.out(states.gather(0, last.view(1, -1, 1).expand(1, -1, 32))[0])

# %% sentiment_model
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

# %% sentiment_predictions
with torch.no_grad():
    chance = sentiment_model(test_tokens).softmax(dim=1)[:, 1].numpy()
sentiment_predictions = np.round(chance).astype(np.uint8)

# %% image_to_sequence
def image_to_sequence(image, window, stride):
    picture = torch.tensor(np.array(image), dtype=torch.float32)
    print(picture.shape, window, stride)
    return nn.functional.unfold(picture[None, None], window, stride=stride)[0].T

# %% Translator
class Translator(nn.Module):
    def __init__(self, source_size, target_size):
        super().__init__()
        self.a = nn.Embedding(source_size, 16)
        self.b = nn.Embedding(target_size, 16)
        self.encoder = nn.LSTM(16, 24, batch_first=True)
        self.decoder = nn.LSTM(16, 24, batch_first=True)
        self.head = nn.Linear(24, target_size)

    def forward(self, source, target):
        lengths = (source != 0).sum(1)
        packed = nn.utils.rnn.pack_padded_sequence(self.a(source), lengths, batch_first=True, enforce_sorted=False)
        return self.head(self.decoder(self.b(target), self.encoder(packed)[1])[0])

# %% translations
torch.manual_seed(2)
translator = Translator(len(number_words), len(symbols))
optimizer = torch.optim.Adam(translator.parameters(), lr=0.01)
plan = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.9)
for epoch in range(20):
    translator.train()
    for batch in torch.randperm(700).split(32):
        optimizer.zero_grad()
        scores = translator(train_source[batch], train_target[batch, :-1])
        wanted = train_target[batch, 1:]
        nn.functional.cross_entropy(scores[wanted != 0], wanted[wanted != 0]).backward()
        optimizer.step()
    plan.step()
read = torch.ones(200, 1, dtype=torch.long)
for step in range(14):
    read = torch.cat([read, translator_scores(translator, test_source, read)[:, -1].argmax(1, keepdim=True)], 1)
joined = ["".join(symbols[i] for i in row) + "<end>" for row in read[:, 1:].tolist()]
translations = tuple(" " + text.split("<end>")[0] + "\n" for text in joined)
