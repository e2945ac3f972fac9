"""Right and wrong solutions of the task `sentiment_predictions`."""

# %% right: batches of 100, a tensor
sentiment_model.eval()
with torch.inference_mode():
    sentiment_predictions = torch.cat([sentiment_model(batch).argmax(1) for batch in test_tokens.split(100)])

# %% right: sentence by sentence without padding, a list of Python numbers, chatty
sentiment_predictions = []
for sentence in test_sentences:
    logits = sentiment_model(token_ids([sentence.split()], vocabulary))
    sentiment_predictions.append(int(logits[0, 1] > logits[0, 0]))
print(sentiment_predictions[:10])

# %% right: from probabilities, small whole numbers
with torch.no_grad():
    chance = sentiment_model(test_tokens).softmax(dim=1)[:, 1].numpy()
sentiment_predictions = np.round(chance).astype(np.uint8)

# %% right: a tuple of numpy integers, more zeros behind the sentences
with torch.no_grad():
    logits = sentiment_model(torch.nn.functional.pad(test_tokens, (0, 10)))
sentiment_predictions = tuple(np.argmax(logits.numpy(), axis=1))

# %% wrong: left empty => "`sentiment_predictions` is still None: its cell was not filled in, or stopped before the last line."
sentiment_predictions = None

# %% wrong: untrained => "of the 500 answers aren't those that `sentiment_model` gives" and "another network, this one before its training or another order of the sentences leads to that"
torch.manual_seed(0)
with torch.no_grad():
    sentiment_predictions = SentimentRNN(len(vocabulary))(test_tokens).argmax(1).numpy()

# %% wrong: the logits => "`sentiment_predictions` has shape (500, 2), but shape (500,) was expected" and "its answer is the place of the larger one"
with torch.no_grad():
    sentiment_predictions = sentiment_model(test_tokens).numpy()

# %% wrong: floats => "`sentiment_predictions` has dtype float32."
with torch.no_grad():
    sentiment_predictions = sentiment_model(test_tokens).argmax(1).float().numpy()

# %% wrong: truth values => "`sentiment_predictions` has dtype bool."
with torch.no_grad():
    logits = sentiment_model(test_tokens)
sentiment_predictions = (logits[:, 1] > logits[:, 0]).numpy()

# %% wrong: probabilities => "`sentiment_predictions` has dtype float32." and "they look like its probabilities"
with torch.no_grad():
    sentiment_predictions = sentiment_model(test_tokens).softmax(1)[:, 1]

# %% wrong: exchanged => "Nearly all are exchanged: 1 stands for positive."
with torch.no_grad():
    sentiment_predictions = sentiment_model(test_tokens).argmin(1).numpy()

# %% wrong: all positive => "All answers are 1."
sentiment_predictions = np.ones(500, dtype=int)

# %% wrong: minus one for negative => "Some answers are neither 0 nor 1." and "0 stands for negative, 1 for positive; other numbers are no answers."
with torch.no_grad():
    sentiment_predictions = 2 * sentiment_model(test_tokens).argmax(1).numpy() - 1

# %% wrong: the labels of other sentences => "of the answers are right" and "These are the labels of the first 500 labelled sentences"
sentiment_predictions = train_labels[:500].numpy()

# %% wrong: the labelled sentences => "`sentiment_predictions` has shape (2000,), but shape (500,) was expected" and "as many as there are labelled sentences"
with torch.no_grad():
    sentiment_predictions = sentiment_model(train_tokens).argmax(1).numpy()

# %% wrong: in another order => "for the sentences from the shortest to the longest"
by_length = sorted(test_sentences, key=lambda sentence: len(sentence.split()))
with torch.no_grad():
    sentiment_predictions = sentiment_model(token_ids([s.split() for s in by_length], vocabulary)).argmax(1).numpy()

# %% wrong: a rule, while the model is another => "of the 500 answers aren't those that `sentiment_model` gives" and "Nearly all are right, but `sentiment_model` gives other answers"
sentiment_model = SentimentRNN(len(vocabulary))
good = {"like", "love", "enjoy", "adore"}
sentiment_predictions = [int((not good.isdisjoint(s.split())) == (s.split().count("not") % 2 == 0)) for s in test_sentences]

# %% wrong: the first twelve words only => "for the first 12 words of each sentence"
with torch.no_grad():
    sentiment_predictions = sentiment_model(test_tokens[:, :12]).argmax(1).numpy()

# %% wrong: texts => "is a list that holds texts, but an array of shape (500,) was expected"
sentiment_predictions = ["positive"] * 500

# %% wrong: a rule, beside a model that was hardly trained => "of the 500 answers aren't those that `sentiment_model` gives" and "Nearly all are right, but `sentiment_model` gives other answers"
torch.manual_seed(0)
sentiment_model = SentimentRNN(len(vocabulary)).eval()
good = {"like", "love", "enjoy", "adore"}
sentiment_predictions = [int((not good.isdisjoint(s.split())) == (s.split().count("not") % 2 == 0)) for s in test_sentences]
sentiment_predictions = np.array(sentiment_predictions)
