"""Right and wrong solutions of the task `Translator`."""

# %% right: LSTMs, packed source
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

# %% right: with attention over the words
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

# %% right: cells in loops, chatty
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

# %% right: the source's state at every step of the decoder, time first
class Translator(nn.Module):
    def __init__(self, source_size, target_size):
        super().__init__()
        self.read, self.write = nn.Embedding(source_size, 12), nn.Embedding(target_size, 12)
        self.encoder, self.decoder = nn.RNN(12, 18), nn.GRU(12 + 18, 22)
        self.head = nn.Sequential(nn.Linear(22, 22), nn.Tanh(), nn.Linear(22, target_size))

    def forward(self, source, target):
        states, _ = self.encoder(self.read(source.T))
        last = states[(source != 0).sum(1) - 1, torch.arange(len(source))]
        inputs = torch.cat([self.write(target.T), last.expand(target.shape[1], -1, -1)], dim=2)
        return self.head(self.decoder(inputs)[0]).transpose(0, 1)

# %% wrong: reads the source's padding => "the padding is read like words"
class Translator(nn.Module):
    def __init__(self, source_size, target_size):
        super().__init__()
        self.read, self.write = nn.Embedding(source_size, 16, padding_idx=0), nn.Embedding(target_size, 16)
        self.encoder, self.decoder = nn.GRU(16, 24, batch_first=True), nn.GRU(16, 24, batch_first=True)
        self.head = nn.Linear(24, target_size)

    def forward(self, source, target):
        _, h = self.encoder(self.read(source))
        return self.head(self.decoder(self.write(target), h)[0])

# %% wrong: a decoder in both directions => "the decoder sees what it is to say" and "All later symbols change the logits of a place"
class Translator(nn.Module):
    def __init__(self, source_size, target_size):
        super().__init__()
        self.read, self.write = nn.Embedding(source_size, 16), nn.Embedding(target_size, 16)
        self.encoder = nn.GRU(16, 24, batch_first=True)
        self.decoder = nn.GRU(16, 24, batch_first=True, bidirectional=True)
        self.head = nn.Linear(48, target_size)

    def forward(self, source, target):
        states, _ = self.encoder(self.read(source))
        last = states[torch.arange(len(source)), (source != 0).sum(1) - 1]
        return self.head(self.decoder(self.write(target), last.expand(2, -1, -1).contiguous())[0])

# %% wrong: reads one symbol ahead => "the decoder sees what it is to say" and "the decoder reads one symbol ahead"
class Translator(nn.Module):
    def __init__(self, source_size, target_size):
        super().__init__()
        self.read, self.write = nn.Embedding(source_size, 16), nn.Embedding(target_size, 16)
        self.encoder, self.decoder = nn.GRU(16, 24, batch_first=True), nn.GRU(16, 24, batch_first=True)
        self.head = nn.Linear(24, target_size)

    def forward(self, source, target):
        states, _ = self.encoder(self.read(source))
        last = states[torch.arange(len(source)), (source != 0).sum(1) - 1]
        ahead = torch.cat([target[:, 1:], target[:, -1:]], dim=1)
        return self.head(self.decoder(self.write(ahead), last[None])[0])

# %% wrong: the decoder forgets the source => "of the source doesn't change the first symbol's logits at all" and "No word of the source changes the logits"
class Translator(nn.Module):
    def __init__(self, source_size, target_size):
        super().__init__()
        self.read, self.write = nn.Embedding(source_size, 16), nn.Embedding(target_size, 16)
        self.encoder, self.decoder = nn.GRU(16, 24, batch_first=True), nn.GRU(16, 24, batch_first=True)
        self.head = nn.Linear(24, target_size)

    def forward(self, source, target):
        self.encoder(self.read(source))
        return self.head(self.decoder(self.write(target))[0])

# %% wrong: the encoder's first state => "Only the first word of the source changes the logits"
class Translator(nn.Module):
    def __init__(self, source_size, target_size):
        super().__init__()
        self.read, self.write = nn.Embedding(source_size, 16), nn.Embedding(target_size, 16)
        self.encoder, self.decoder = nn.GRU(16, 24, batch_first=True), nn.GRU(16, 24, batch_first=True)
        self.head = nn.Linear(24, target_size)

    def forward(self, source, target):
        states, _ = self.encoder(self.read(source))
        return self.head(self.decoder(self.write(target), states[:, 0][None].contiguous())[0])

# %% wrong: each symbol for itself => "doesn't change the logits of the last place at all" and "no state carries the earlier ones"
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

# %% wrong: the target is never read => "does the decoder read the target?" and "No symbol of the target changes the logits"
class Translator(nn.Module):
    def __init__(self, source_size, target_size):
        super().__init__()
        self.read = nn.Embedding(source_size, 16)
        self.encoder = nn.GRU(16, 24, batch_first=True)
        self.head = nn.Linear(24, target_size)

    def forward(self, source, target):
        states, _ = self.encoder(self.read(source))
        last = states[torch.arange(len(source)), (source != 0).sum(1) - 1]
        return self.head(last)[:, None].expand(-1, target.shape[1], -1)

# %% wrong: classes before places => "but shape (6, 7, 9) was expected" and "The last two axes are exchanged"
class Translator(nn.Module):
    def __init__(self, source_size, target_size):
        super().__init__()
        self.read, self.write = nn.Embedding(source_size, 16), nn.Embedding(target_size, 16)
        self.encoder, self.decoder = nn.GRU(16, 24, batch_first=True), nn.GRU(16, 24, batch_first=True)
        self.head = nn.Linear(24, target_size)

    def forward(self, source, target):
        states, _ = self.encoder(self.read(source))
        last = states[torch.arange(len(source)), (source != 0).sum(1) - 1]
        return self.head(self.decoder(self.write(target), last[None])[0]).transpose(1, 2)

# %% wrong: the last symbol only => "but shape (6, 7, 9) was expected" and "There are logits for one place only"
class Translator(nn.Module):
    def __init__(self, source_size, target_size):
        super().__init__()
        self.read, self.write = nn.Embedding(source_size, 16), nn.Embedding(target_size, 16)
        self.encoder, self.decoder = nn.GRU(16, 24, batch_first=True), nn.GRU(16, 24, batch_first=True)
        self.head = nn.Linear(24, target_size)

    def forward(self, source, target):
        states, _ = self.encoder(self.read(source))
        last = states[torch.arange(len(source)), (source != 0).sum(1) - 1]
        return self.head(self.decoder(self.write(target), last[None])[0][:, -1])

# %% wrong: the two vocabularies exchanged => "`translator_scores` raised IndexError" and "The vocabularies are exchanged"
class Translator(nn.Module):
    def __init__(self, source_size, target_size):
        super().__init__()
        self.read, self.write = nn.Embedding(target_size, 16), nn.Embedding(source_size, 16)
        self.encoder, self.decoder = nn.GRU(16, 24, batch_first=True), nn.GRU(16, 24, batch_first=True)
        self.head = nn.Linear(24, target_size)

    def forward(self, source, target):
        states, _ = self.encoder(self.read(source))
        last = states[torch.arange(len(source)), (source != 0).sum(1) - 1]
        return self.head(self.decoder(self.write(target), last[None])[0])

# %% wrong: squeezes a single pair => "`squeeze()` drops the axis of a single pair"
class Translator(nn.Module):
    def __init__(self, source_size, target_size):
        super().__init__()
        self.read, self.write = nn.Embedding(source_size, 16), nn.Embedding(target_size, 16)
        self.encoder, self.decoder = nn.GRU(16, 24, batch_first=True), nn.GRU(16, 24, batch_first=True)
        self.head = nn.Linear(24, target_size)

    def forward(self, source, target):
        states, _ = self.encoder(self.read(source))
        last = states[torch.arange(len(source)), (source != 0).sum(1) - 1]
        return self.head(self.decoder(self.write(target), last[None])[0]).squeeze()

# %% wrong: batch_first forgotten in the decoder => "doesn't change the logits of the last place at all" and "the state runs on from one to the next"
class Translator(nn.Module):
    def __init__(self, source_size, target_size):
        super().__init__()
        self.read, self.write = nn.Embedding(source_size, 16), nn.Embedding(target_size, 16)
        self.encoder, self.decoder = nn.GRU(16, 24, batch_first=True), nn.GRU(40, 24)
        self.head = nn.Linear(24, target_size)

    def forward(self, source, target):
        states, _ = self.encoder(self.read(source))
        last = states[torch.arange(len(source)), (source != 0).sum(1) - 1]
        inputs = torch.cat([self.write(target), last[:, None].expand(-1, target.shape[1], -1)], dim=2)
        return self.head(self.decoder(inputs)[0])

# %% wrong: dropout that is never switched off => "something random is left on"
class Translator(nn.Module):
    def __init__(self, source_size, target_size):
        super().__init__()
        self.read, self.write = nn.Embedding(source_size, 16), nn.Embedding(target_size, 16)
        self.encoder, self.decoder = nn.GRU(16, 24, batch_first=True), nn.GRU(16, 24, batch_first=True)
        self.head = nn.Linear(24, target_size)

    def forward(self, source, target):
        states, _ = self.encoder(self.read(source))
        last = states[torch.arange(len(source)), (source != 0).sum(1) - 1]
        return self.head(nn.functional.dropout(self.decoder(self.write(target), last[None])[0]))

# %% wrong: the same scores for every pair => "All pairs get the same logits"
class Translator(nn.Module):
    def __init__(self, source_size, target_size):
        super().__init__()
        self.scores = nn.Parameter(torch.randn(64, target_size))

    def forward(self, source, target):
        return self.scores[: target.shape[1]].expand(len(source), -1, -1)

# %% wrong: probabilities in place of logits => "the network ends with softmax"
class Translator(nn.Module):
    def __init__(self, source_size, target_size):
        super().__init__()
        self.se = nn.Embedding(source_size, 32, padding_idx=0)
        self.te = nn.Embedding(target_size, 32, padding_idx=0)
        self.encoder = nn.GRU(32, 64, batch_first=True)
        self.decoder = nn.GRU(32, 64, batch_first=True)
        self.out = nn.Linear(64, target_size)

    def forward(self, source, target):
        lengths = (source != 0).sum(1)
        states, _ = self.encoder(self.se(source))
        h = states[torch.arange(len(source)), lengths - 1][None].contiguous()
        out, _ = self.decoder(self.te(target), h)
        return self.out(out).softmax(-1)

# %% wrong: ReLU after the last layer => "an activation stands after the last layer"
class Translator(nn.Module):
    def __init__(self, source_size, target_size):
        super().__init__()
        self.se = nn.Embedding(source_size, 32, padding_idx=0)
        self.te = nn.Embedding(target_size, 32, padding_idx=0)
        self.encoder = nn.GRU(32, 64, batch_first=True)
        self.decoder = nn.GRU(32, 64, batch_first=True)
        self.out = nn.Linear(64, target_size)

    def forward(self, source, target):
        lengths = (source != 0).sum(1)
        states, _ = self.encoder(self.se(source))
        h = states[torch.arange(len(source)), lengths - 1][None].contiguous()
        out, _ = self.decoder(self.te(target), h)
        return torch.relu(self.out(out))

# %% wrong: adds the source's word vectors up: order lost => "the order of its words plays no role"
class Translator(nn.Module):
    def __init__(self, source_size, target_size):
        super().__init__()
        self.se = nn.Embedding(source_size, 32, padding_idx=0)
        self.te = nn.Embedding(target_size, 32, padding_idx=0)
        self.encoder = nn.GRU(32, 64, batch_first=True)
        self.decoder = nn.GRU(32, 64, batch_first=True)
        self.lin = nn.Linear(32, 64)
        self.out = nn.Linear(64, target_size)

    def forward(self, source, target):
        lengths = (source != 0).sum(1)
        states, _ = self.encoder(self.se(source))
        h = torch.tanh(self.lin(self.se(source)).masked_fill((source == 0)[..., None], 0).sum(1))[None]
        out, _ = self.decoder(self.te(target), h)
        return self.out(out)

# %% wrong: logarithms of probabilities => "the network ends with log-softmax"
class Translator(nn.Module):
    def __init__(self, source_size, target_size):
        super().__init__()
        self.se = nn.Embedding(source_size, 32, padding_idx=0)
        self.te = nn.Embedding(target_size, 32, padding_idx=0)
        self.encoder = nn.GRU(32, 64, batch_first=True)
        self.decoder = nn.GRU(32, 64, batch_first=True)
        self.out = nn.Linear(64, target_size)

    def forward(self, source, target):
        lengths = (source != 0).sum(1)
        states, _ = self.encoder(self.se(source))
        h = states[torch.arange(len(source)), lengths - 1][None].contiguous()
        out, _ = self.decoder(self.te(target), h)
        return self.out(out).log_softmax(-1)
