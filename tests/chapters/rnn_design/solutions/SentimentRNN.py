"""Right and wrong solutions of the task `SentimentRNN`."""

# %% right: LSTM with packed sequences
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 24, padding_idx=0)
        self.lstm = nn.LSTM(24, 48, batch_first=True)
        self.dropout = nn.Dropout(0.3)
        self.head = nn.Linear(48, num_classes)

    def forward(self, tokens):
        lengths = (tokens > 0).sum(1).cpu()
        packed = nn.utils.rnn.pack_padded_sequence(self.embedding(tokens), lengths, batch_first=True, enforce_sorted=False)
        _, (h, _) = self.lstm(packed)
        return self.head(self.dropout(h[-1]))

# %% right: two layers, both directions, packed, a head with a hidden layer
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

# %% right: plain RNN, time first, gather
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

# %% right: a cell in a loop that stops where the words stop
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

# %% right: a recurrence of one's own with rnn_step's formula, sentence by sentence, noisy
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.words = nn.Parameter(torch.randn(vocab_size, 6))
        self.W_xh = nn.Parameter(torch.randn(9, 6) / 3)
        self.W_hh = nn.Parameter(torch.randn(9, 9) / 3)
        self.b = nn.Parameter(torch.zeros(9))
        self.last = nn.Parameter(torch.randn(num_classes, 9))

    def forward(self, tokens):
        print("a batch of", len(tokens))
        rows = []
        for sentence in tokens:
            h = torch.zeros(9)
            for word in sentence[sentence != 0]:
                h = torch.tanh(self.W_xh @ self.words[word] + self.W_hh @ h + self.b)
            rows.append(self.last @ h)
        return torch.stack(rows)

# %% right: the mean of the states over the words
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.rnn = nn.GRU(16, 32, batch_first=True)
        self.head = nn.Sequential(nn.LayerNorm(32), nn.Linear(32, num_classes))

    def forward(self, tokens):
        states, _ = self.rnn(self.embedding(tokens))
        mask = (tokens != 0).unsqueeze(-1).float()
        return self.head((states * mask).sum(1) / mask.sum(1))

# %% right: the maximum of the states over the words, one-hot words
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.size = vocab_size
        self.rnn = nn.LSTM(vocab_size, 20, batch_first=True)
        self.head = nn.Linear(20, num_classes)

    def forward(self, tokens):
        states, _ = self.rnn(nn.functional.one_hot(tokens, self.size).float())
        states = states.masked_fill((tokens == 0)[:, :, None], float("-inf"))
        return self.head(states.max(dim=1).values)

# %% right: sorted by length and put back
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16)
        self.rnn = nn.RNN(16, 16, nonlinearity="relu", batch_first=True)
        self.head = nn.Linear(16, num_classes)

    def forward(self, tokens):
        lengths, order = (tokens != 0).sum(1).sort(descending=True)
        packed = nn.utils.rnn.pack_padded_sequence(self.embedding(tokens[order]), lengths, batch_first=True)
        return self.head(self.rnn(packed)[1][0])[order.argsort()]

# %% wrong: reads on through the padding => "the padding is read like words"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.rnn = nn.GRU(16, 32, batch_first=True)
        self.classifier = nn.Linear(32, num_classes)

    def forward(self, tokens):
        states, _ = self.rnn(self.embedding(tokens))
        return self.classifier(states[:, -1])

# %% wrong: the last hidden state of the padded batch => "the padding is read like words"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16)
        self.rnn = nn.LSTM(16, 32, batch_first=True)
        self.classifier = nn.Linear(32, num_classes)

    def forward(self, tokens):
        _, (h, c) = self.rnn(self.embedding(tokens))
        return self.classifier(h.squeeze(0))

# %% wrong: batch_first forgotten => "reads the sentences of a batch one after another"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.rnn = nn.GRU(16, 32)
        self.classifier = nn.Linear(32, num_classes)

    def forward(self, tokens):
        states, _ = self.rnn(self.embedding(tokens))
        last = (tokens != 0).sum(dim=1) - 1
        return self.classifier(states[torch.arange(len(tokens)), last])

# %% wrong: the state runs from sentence to sentence => "the state runs on from one to the next"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16)
        self.cell = nn.GRUCell(16, 16)
        self.classifier = nn.Linear(16, num_classes)

    def forward(self, tokens):
        h, rows = torch.zeros(1, 16), []
        for sentence in tokens:
            for word in sentence[sentence != 0]:
                h = self.cell(self.embedding(word)[None], h)
            rows.append(self.classifier(h)[0])
        return torch.stack(rows)

# %% wrong: one off at the end => "The last word changes no logit, the one before it does: the state is taken one step too early."
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.rnn = nn.GRU(16, 32, batch_first=True)
        self.classifier = nn.Linear(32, num_classes)

    def forward(self, tokens):
        states, _ = self.rnn(self.embedding(tokens))
        last = ((tokens != 0).sum(dim=1) - 2).clamp(min=0)
        return self.classifier(states[torch.arange(len(tokens)), last])

# %% wrong: the first state => "Only the first word changes the logits"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16)
        self.rnn = nn.GRU(16, 32, batch_first=True)
        self.classifier = nn.Linear(32, num_classes)

    def forward(self, tokens):
        return self.classifier(self.rnn(self.embedding(tokens))[0][:, 0])

# %% wrong: a bag of words => "the order of the words plays no role" and "no recurrent layer reads them one after another"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 32, padding_idx=0)
        self.head = nn.Sequential(nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, num_classes))

    def forward(self, tokens):
        mask = (tokens != 0).unsqueeze(-1)
        return self.head((self.embedding(tokens) * mask).sum(1) / mask.sum(1))

# %% wrong: the mean over padding and words => "the padding is read like words"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.rnn = nn.GRU(16, 32, batch_first=True)
        self.head = nn.Linear(32, num_classes)

    def forward(self, tokens):
        return self.head(self.rnn(self.embedding(tokens))[0].mean(dim=1))

# %% wrong: two classes whatever was asked for => "but shape (2, 5) was expected"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.rnn = nn.GRU(16, 32, batch_first=True)
        self.head = nn.Linear(32, 2)

    def forward(self, tokens):
        states, _ = self.rnn(self.embedding(tokens))
        return self.head(states[torch.arange(len(tokens)), (tokens != 0).sum(dim=1) - 1])

# %% wrong: one row short in the embedding => "raised IndexError: index out of range in self" and "the embedding needs vocab_size rows"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size - 1, 16, padding_idx=0)
        self.rnn = nn.GRU(16, 32, batch_first=True)
        self.head = nn.Linear(32, num_classes)

    def forward(self, tokens):
        states, _ = self.rnn(self.embedding(tokens))
        return self.head(states[torch.arange(len(tokens)), (tokens != 0).sum(dim=1) - 1])

# %% wrong: the notebook's vocabulary only => "`SentimentRNN` raised IndexError" and "the embedding needs vocab_size rows"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(37, 16, padding_idx=0)
        self.rnn = nn.GRU(16, 32, batch_first=True)
        self.head = nn.Linear(32, num_classes)

    def forward(self, tokens):
        states, _ = self.rnn(self.embedding(tokens))
        return self.head(states[torch.arange(len(tokens)), (tokens != 0).sum(dim=1) - 1])

# %% wrong: softmax at the end => "the network ends with softmax"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.rnn = nn.GRU(16, 32, batch_first=True)
        self.head = nn.Linear(32, num_classes)

    def forward(self, tokens):
        states, _ = self.rnn(self.embedding(tokens))
        return self.head(states[torch.arange(len(tokens)), (tokens != 0).sum(dim=1) - 1]).softmax(dim=1)

# %% wrong: sigmoid at the end => "an activation stands after the last layer"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.rnn = nn.GRU(16, 32, batch_first=True)
        self.head = nn.Linear(32, num_classes)

    def forward(self, tokens):
        states, _ = self.rnn(self.embedding(tokens))
        return torch.sigmoid(self.head(states[torch.arange(len(tokens)), (tokens != 0).sum(dim=1) - 1]))

# %% wrong: squeezes a single sentence => "`squeeze()` drops the axis of a single sentence"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.rnn = nn.GRU(16, 32, batch_first=True)
        self.head = nn.Linear(32, num_classes)

    def forward(self, tokens):
        states, _ = self.rnn(self.embedding(tokens))
        return self.head(states[torch.arange(len(tokens)), (tokens != 0).sum(dim=1) - 1]).squeeze()

# %% wrong: sentences of at most 24 words => "raised IndexError: index out of range in self"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.places = nn.Embedding(24, 16)
        self.rnn = nn.GRU(16, 32, batch_first=True)
        self.head = nn.Linear(32, num_classes)

    def forward(self, tokens):
        tokens = tokens[:, : max(1, int((tokens != 0).sum(1).max()))]
        vectors = self.embedding(tokens) + self.places(torch.arange(tokens.shape[1]))
        states, _ = self.rnn(vectors)
        return self.head(states[torch.arange(len(tokens)), (tokens != 0).sum(dim=1) - 1])

# %% wrong: sorted and not put back => "The logits of a batch are those of its sentences, but in another order: was it sorted and not put back?"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16)
        self.rnn = nn.GRU(16, 16, batch_first=True)
        self.head = nn.Linear(16, num_classes)

    def forward(self, tokens):
        lengths, order = (tokens != 0).sum(1).sort(descending=True)
        packed = nn.utils.rnn.pack_padded_sequence(self.embedding(tokens[order]), lengths, batch_first=True)
        return self.head(self.rnn(packed)[1][0])

# %% wrong: packed as if sorted => "raised RuntimeError"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16)
        self.rnn = nn.GRU(16, 16, batch_first=True)
        self.head = nn.Linear(16, num_classes)

    def forward(self, tokens):
        packed = nn.utils.rnn.pack_padded_sequence(self.embedding(tokens), (tokens != 0).sum(1), batch_first=True)
        return self.head(self.rnn(packed)[1][0])

# %% wrong: dropout that is never switched off => "something random is left on"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.rnn = nn.GRU(16, 32, batch_first=True)
        self.head = nn.Linear(32, num_classes)

    def forward(self, tokens):
        states, _ = self.rnn(self.embedding(tokens))
        last = states[torch.arange(len(tokens)), (tokens != 0).sum(dim=1) - 1]
        return self.head(nn.functional.dropout(last, 0.5))

# %% wrong: logits for every word => "but shape (8, 2) was expected" and "There are logits after each word"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.rnn = nn.GRU(16, 32, batch_first=True)
        self.head = nn.Linear(32, num_classes)

    def forward(self, tokens):
        return self.head(self.rnn(self.embedding(tokens))[0])

# %% wrong: scores and state => "is a tuple, but an array of shape (8, 2) was expected"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.rnn = nn.GRU(16, 32, batch_first=True)
        self.head = nn.Linear(32, num_classes)

    def forward(self, tokens):
        states, h = self.rnn(self.embedding(tokens))
        return self.head(h[0]), h

# %% wrong: no module => "but an nn.Module was expected"
def SentimentRNN(vocab_size, num_classes=2):
    return lambda tokens: torch.zeros(len(tokens), num_classes)

# %% wrong: the same scores for every sentence => "All sentences get the same logits"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.rnn = nn.GRU(16, 32, batch_first=True)
        self.head = nn.Linear(32, num_classes)

    def forward(self, tokens):
        self.rnn(self.embedding(tokens))
        return self.head.bias.expand(len(tokens), -1)

# %% wrong: all layers in a plain list => "do its layers belong to self, those of a list in an `nn.ModuleList`?"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.layers = [nn.Embedding(vocab_size, 16, padding_idx=0), nn.GRU(16, 32, batch_first=True), nn.Linear(32, num_classes)]

    def forward(self, tokens):
        states, _ = self.layers[1](self.layers[0](tokens))
        return self.layers[2](states[torch.arange(len(tokens)), (tokens != 0).sum(1) - 1])

# %% wrong: cuts sentences after twelve words => "are they read to their end?" and "Only the first 12 words change the logits: longer sentences are cut off."
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.rnn = nn.GRU(16, 32, batch_first=True)
        self.out = nn.Linear(32, num_classes)

    def forward(self, tokens):
        tokens = tokens[:, :12]
        states, _ = self.rnn(self.embedding(tokens))
        last = (tokens != 0).sum(dim=1).clamp(min=1) - 1
        return self.out(states[torch.arange(len(tokens)), last])

# %% wrong: no recurrence: a fully connected layer on the first twenty words => "no recurrent layer reads them one after another"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.e = nn.Embedding(vocab_size, 8, padding_idx=0)
        self.net = nn.Sequential(nn.Linear(160, 32), nn.Tanh(), nn.Linear(32, num_classes))

    def forward(self, tokens):
        x = self.e(tokens[:, :20])
        x = nn.functional.pad(x, (0, 0, 0, 20 - x.shape[1]))
        return self.net(x.flatten(1))

# %% wrong: a convolution over three words and the largest values => "no recurrent layer reads them one after another"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.convolution = nn.Conv1d(16, 32, kernel_size=3, padding=1)
        self.out = nn.Linear(32, num_classes)

    def forward(self, tokens):
        maps = self.convolution(self.embedding(tokens).transpose(1, 2)).relu()
        return self.out(maps.masked_fill((tokens == 0)[:, None], 0).amax(dim=2))

# %% wrong: the numbers of the words as quantities => "no word has a vector of its own"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.size = vocab_size
        self.rnn = nn.GRU(1, 32, batch_first=True)
        self.out = nn.Linear(32, num_classes)

    def forward(self, tokens):
        states, _ = self.rnn(tokens[..., None].float() / self.size)
        return self.out(states[torch.arange(len(tokens)), (tokens != 0).sum(dim=1) - 1])

# %% wrong: dropout that is always on => "something random is left on"
class SentimentRNN(nn.Module):
    def __init__(self, vocab_size, num_classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, 16, padding_idx=0)
        self.rnn = nn.GRU(16, 32, batch_first=True)
        self.out = nn.Linear(32, num_classes)

    def forward(self, tokens):
        states, _ = self.rnn(nn.functional.dropout(self.embedding(tokens), 0.1))
        return self.out(states[torch.arange(len(tokens)), (tokens != 0).sum(dim=1) - 1])
