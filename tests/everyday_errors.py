"""Mistakes that students make every day, each of which really raises: sources in which ``np``, ``torch`` and ``nn`` are there."""

PYTHON = r"""
correlate
stride.shape
def f(x, W): ...;\nf(1)
def f(x, W, stride): ...;\nf()
def f(x, *, stride): ...;\nf(1)
def f(x, *, stride, padding): ...;\nf(1)
def f(x): ...;\nf(1, 2)
def f(x, W=1): ...;\nf()
def f(x, W=1): ...;\nf(1, 2, 3)
def f(): ...;\nf(1)
def f(): ...;\nf(x=1)
def f(x): ...;\nf(1, x=2)
def f(x, *, W=1): ...;\nf(1, 2)
def f(x, /): ...;\nf(x=1)
def f(a, b, c, d): ...;\nf()
class CNN:\n  def __init__(self, width): ...;\nCNN()
class CNN:\n  def forward(x): ...;\nCNN().forward(1)
class CNN: ...;\nCNN(1)
class CNN:\n  def __init__(self): return 3\nCNN()
class CNN: ...;\nCNN.width
class CNN:\n  __slots__ = ()\nCNN().width = 3
class CNN:\n  width = property(lambda self: 3)\nCNN().width = 4
def f():\n  patch += 1\nf()
def f():\n  def g(): return patch\n  g()\n  patch = 1\nf()
def f():\n  def g(x): ...;\n  g()\nf()
def f(): return lambda x: x\nf()()
1 + 'a'
'a' + 1
[1] + 1
[1] + (1,)
(1,) + [1]
(1, 2) ** 2
(3, 3) // 2
'3' - 1
[1] - [2]
None + 1
{} + {}
x = 1\nx += 'a'
x = [1]\nx -= [1]
-'a'
~1.5
[1, 2] * 1.5
[1, 2] * (1, 2)
3 < 'a'
None > 1
[1] < 3
sorted([1, 'a'])
max(1, None)
None[0]
(3)()
'abc'()
[1, 2](0)
for x in 3: pass
for x in None: pass
a, b = 3
a, b = None
a, b = 1, 2, 3
a, b = range(5)
a, b, c = 1, 2
a, *b = []
3 in 5
[1].patch
'a'.patch
(1).shape
len.stride
print[0]
len(3)
len(None)
len(x for x in [1])
(x for x in [1])[0]
range(1.5)
range('a')
range(0, 3, 0)
[0] * 'a'
[][0]
()[0]
''[0]
[1][3] = 1
[1]['a']
[1][1.5]
[1][0, 1]
(1,)['a']
(1,)[0] = 1
'ab'[0] = 'c'
'ab'['c']
'ab'[1.5]
[1][:1.5]
[1][::0]
del (1,)[0]
{'stride': 1}['padding']
{'stride': 1}[7]
{}[3, 3]
{[1]: 2}
{[1]}
{np.zeros(3): 2}
hash([1])
{}[[1]]
[].pop()
{}.pop('stride')
[1].remove(3)
[1].index(3)
[1, 2].index('a')
'abc'.index('x')
max([])
min([])
max(())
sum(['a'])
sum([[1]])
int('three')
int('3.5')
float('wide')
int([1])
int(None)
float([1])
float('nan').as_integer_ratio()
int(float('nan'))
int(float('inf'))
round('a')
abs('a')
chr(-1)
ord('ab')
', '.join([1])
'%d' % 'a'
'%d %d' % 3
'%d' % (1, 2)
f'{"a":d}'
f'{1.5:d}'
f'{[1]:.2f}'
f'{None:.2f}'
'{} {}'.format(1)
'{stride}'.format()
1 / 0
1 // 0
1 % 0
1.0 / 0
1.0 // 0
1.0 % 0
0 ** -1
10.0 ** 1000
divmod(1, 0)
import math\nmath.sqrt(-1)
import math\nmath.log(0)
import math\nmath.exp(1000)
import math\nmath.sqrt('a')
import math\nmath.factorial(-1)
import math\nmath.prod(3)
def f(): f()\nf()
import patch
import torch.patch
from math import patch
from numpy import patch
import math\nmath.patch
import math\nmath()
np.patch
open('patch.npy')
assert False, 'the kernel must be odd'
raise ValueError('even kernels are refused')
raise ValueError("a kernel can't be 'even'")
raise ValueError('even' ' kernels')
k = 4\nraise ValueError(f'the kernel {k} is even')
k = 4\nraise ValueError('the kernel {} is even'.format(k))
k = 4\nraise ValueError('the kernel %d is even' % k)
raise 'patch'
raise
isinstance(1, 'int')
super().__init__()
class CNN:\n  def __init__(self): super(list, self).__init__()\nCNN()
def f():\n  yield 1\nf().append(2)
def f():\n  yield 1\nf() + 1
print(1, stride=2)
sorted(3)
sorted([1], key=3)
list(zip([1], 2))
list(map(3, [1]))
enumerate(3)
dict([1])
dict([(1, 2, 3)])
set(3)
sum(3)
all(3)
list(3)
tuple(3)
str(1, 2)
for k in (d := {1: 2}): d[k + 1] = 1
list(zip([1], [1, 2], strict=True))
import random\nrandom.choice([])
import random\nrandom.sample([1], 2)
import random\nrandom.randint(1.5, 2)
import copy\ncopy.stride
from collections import namedtuple\nnamedtuple('Layer', 'kernel stride')(1)
from dataclasses import dataclass\n@dataclass\nclass Layer: kernel: int\nLayer()
lambda x: x + 1 if x else (lambda: patch)()\n(lambda x: x)()
"""

NUMPY = r"""
np.zeros(3)[5]
np.zeros(3)[-7]
np.zeros((2, 3))[0, 5]
np.zeros(3)[0, 0]
np.zeros((2, 3))[0, 0, 0]
np.zeros(3)['a']
np.zeros(3)[1.5]
np.zeros(3)[[0.5]]
np.zeros(3)[np.array([1.0])]
np.zeros(3)[[True, False]]
np.zeros((3, 3))[np.ones((2, 3), bool)]
np.zeros((3, 3))[[0, 1], [0, 1, 2]]
np.zeros(3)[np.ones((3, 3), bool)]
np.zeros((2, 3)) + np.zeros((3, 2))
x = np.zeros(3)\nx += np.zeros((2, 3))
x = np.zeros(3)\nx += np.zeros(4)
np.where(np.zeros(2), np.zeros(3), 0)
np.zeros(3)[:] = np.zeros(4)
np.zeros((3, 3))[0] = np.zeros(4)
np.zeros(3)[[0, 1]] = np.zeros(3)
np.zeros(3)[np.ones(3, bool)] = np.zeros(2)
np.zeros(3)[0] = [1, 2]
np.zeros(3)[0] = 'a'
np.zeros(3)[0] = np.zeros(2)
np.zeros((2, 3)).dot(np.zeros((2, 3)))
np.dot(np.zeros(3), np.zeros(2))
np.zeros((2, 3)) @ np.zeros((2, 3))
np.zeros(3) @ np.zeros(2)
np.zeros(3) @ 2
np.matmul(np.zeros((2, 2, 3)), np.zeros((3, 3, 3)))
np.zeros(6).reshape(4, 4)
np.zeros(6).reshape(-1, 4)
np.zeros(6).reshape(-1, -1)
np.zeros(6).reshape('a')
np.zeros((2, 3)).transpose(0, 1, 2)
np.zeros((2, 3)).transpose(0, 0)
np.zeros((2, 3)).swapaxes(0, 2)
np.moveaxis(np.zeros((2, 3)), 0, 3)
np.zeros(3).sum(axis=1)
np.zeros((2, 3)).max(axis=(0, 0))
np.zeros((2, 3)).mean(axis='rows')
np.zeros(3).sum(axis=1.5)
np.zeros(3).sum(dim=0)
np.sum(np.zeros(3), dim=0)
np.sum(np.zeros(3), stride=0)
np.argmax(np.zeros((2, 0)), axis=1)
np.argmax([])
np.max([])
np.zeros((0, 3)).min()
np.concatenate([np.zeros((2, 3)), np.zeros((3, 2))])
np.concatenate([np.zeros(2), np.zeros((3, 2))])
np.concatenate(np.zeros(2), np.zeros(3))
np.concatenate([])
np.concatenate([np.zeros(2)], axis=1)
np.stack([np.zeros(3), np.zeros(2)])
np.stack([])
np.vstack([np.zeros(3), np.zeros(2)])
np.hstack([np.zeros((2, 2)), np.zeros((3, 2))])
np.array([[1, 2], [3]])
np.array([np.zeros(2), np.zeros(3)])
np.array([1, [2]])
np.array(['a'], dtype=float)
np.array(1, 2)
np.array([1, 2], dtype='flat')
np.zeros(3, 3)
np.zeros(2, 3)
np.zeros('a')
np.zeros(1.5)
np.zeros((2, 1.5))
np.zeros(-1)
np.zeros((2, None))
np.ones([2, 3], [2])
np.empty(np.zeros(2))
np.arange('a')
np.linspace(0, 1, 2.5)
np.eye(1.5)
np.full(3)
np.full((2, 2), [1, 2, 3])
float(np.zeros(3))
int(np.zeros((2, 2)))
bool(np.zeros(3))
if np.zeros(3) > 0: pass
np.zeros(3) and 1
range(np.zeros(3))
range(np.float64(3))
for i in np.float64(3): pass
len(np.float64(3))
len(np.array(3))
np.float64(3)[0]
np.array(3)[0]
for x in np.array(3): pass
a, b = np.zeros(3)
np.zeros(3)()
np.zeros(3).append(1)
np.zeros(3).stride
np.zeros(3) + 'a'
np.zeros(3) + None
np.zeros(3) * [1, 2]
np.array(['a']) + 1
np.array(['a']) * 2
np.zeros(3) + {}
np.exp('a')
np.exp(None)
np.sqrt([1, 'a'])
np.exp(np.array([None]))
np.zeros(3) < 'a'
-np.ones(3, bool)
np.ones(3, bool) - np.ones(3, bool)
np.ones(3) & np.ones(3)
~np.ones(3)
np.ones(3) << 1
x = np.zeros(3, int)\nx += 0.5
x = np.zeros(3, np.uint8)\nx *= 1.5
x = np.zeros(3, np.uint8)\nx -= np.ones(3, int)
x = np.zeros(3, int)\nx /= 2
x = np.zeros(3)\nx.flags.writeable = False\nx[0] = 1
np.broadcast_to(np.zeros(3), (2,))
np.broadcast_to(np.zeros(3), (2, 2))[0, 0] = 1
np.squeeze(np.zeros((2, 3)), axis=0)
np.expand_dims(np.zeros(3), 5)
np.pad(np.zeros(3), -1)
np.pad(np.zeros(3), (1, 2, 3))
np.pad(np.zeros((2, 2)), 1, mode='same')
np.pad(np.zeros(3), 1.5)
np.repeat(np.zeros(3), [1, 2])
np.repeat(np.zeros(3), -1)
np.tile()
np.split(np.zeros(5), 2)
np.array_split(np.zeros(5), 0)
np.take(np.zeros(3), 5)
np.eye(3)[[5]]
np.eye(3)[np.array([0.0])]
np.bincount([-1])
np.linalg.inv(np.zeros((2, 2)))
np.linalg.inv(np.zeros((2, 3)))
np.linalg.inv(np.zeros(3))
np.linalg.norm('a')
np.einsum('ij,jk->ik', np.zeros((2, 3)), np.zeros((2, 3)))
np.einsum('ij->i', np.zeros(3))
np.einsum('ij,jk', np.zeros((2, 3)))
np.convolve(np.zeros((2, 2)), np.zeros(2))
np.convolve(np.zeros(3), [])
np.random.choice(3, 5, replace=False)
np.random.choice([], 1)
np.random.choice(3, p=[0.5, 0.5])
np.random.choice(3, p=[0.5, 0.2, 0.2])
np.random.default_rng(0).rand(3)
np.random.default_rng(0).integers(0)
np.random.default_rng(0).choice(3, 5, replace=False)
np.random.default_rng(0).normal(0, -1)
np.random.rand((2, 3))
np.random.randn('a')
np.random.seed(-1)
np.random.normal(size=1.5)
np.random.permutation('a')
np.random.shuffle(3)
np.load('patch.npy')
np.zeros(3).astype('flat')
np.zeros(3).view(np.int64)[0.5]
np.lib.stride_tricks.sliding_window_view(np.zeros(3), 5)
np.lib.stride_tricks.sliding_window_view(np.zeros((3, 3)), 2)
np.meshgrid(stride=1)
np.cumsum(np.zeros(3), axis=2)
np.delete(np.zeros(3), 5)
np.insert(np.zeros(3), 5, 1)
np.flip(np.zeros(3), 1)
np.roll(np.zeros(3), 'a')
np.roll(np.zeros(3), 1, axis=1)
np.rot90(np.zeros(3))
np.digitize([1], [[1]])
np.interp(1, [1, 2], [1])
np.allclose(np.zeros(2), np.zeros(3))
np.testing.stride
np.zeros(3).item()
np.zeros(3).item(5)
np.argsort(np.zeros(3), axis=1)
np.diag(np.zeros((1, 1, 1)))
np.outer(1)
np.int('3')
np.float
np.product([1])
np.unravel_index(9, (2, 2))
np.asarray([1, 2]).resize((3, 3), refcheck=5, order=1)
np.vectorize(3)
np.apply_along_axis(3, 0, np.zeros(3))
"""

TORCH = r"""
torch.zeros(2, 3) @ torch.zeros(2, 3)
nn.Linear(784, 10)(torch.zeros(32, 400))
torch.zeros(2, 3).mm(torch.zeros(3))
torch.zeros(2, 3) @ torch.zeros(2)
torch.zeros(3) @ torch.zeros(2)
torch.zeros(3).dot(torch.zeros(2))
torch.bmm(torch.zeros(2, 3, 4), torch.zeros(2, 3, 4))
torch.bmm(torch.zeros(3, 4), torch.zeros(2, 3, 4))
torch.zeros(2, 3, 4) @ torch.zeros(3, 4, 5)
nn.Linear(3, 2)(torch.zeros(2, 3).double())
nn.Linear(3, 2)(torch.zeros(2, 3).long())
nn.Linear(3, 2)(np.zeros((2, 3)))
nn.Linear(3, 2)([1.0, 2.0, 3.0])
nn.Linear(3)
nn.Linear(3.5, 2)
nn.Linear('a', 2)
nn.Linear(3, 2)()
nn.Linear(3, 2)(torch.zeros(3), torch.zeros(3))
torch.zeros(3).float() @ torch.zeros(3).double()
torch.zeros(2, 3) + torch.zeros(2, 4)
torch.zeros(3) * torch.zeros(4)
x = torch.zeros(3)\nx += torch.zeros(2, 3)
torch.zeros(3).long().add_(0.5)
x = torch.zeros(3).long()\nx += torch.zeros(3)
torch.zeros(3)[5]
torch.zeros(3)[0, 0]
torch.zeros(3)['a']
torch.zeros(3)[1.5]
torch.zeros(3)[torch.zeros(1)]
torch.zeros(3)[torch.tensor([5])]
torch.zeros(3)[torch.tensor([True, False])]
torch.zeros(3)[:] = torch.zeros(4)
torch.zeros(3)[0] = torch.zeros(4)
torch.zeros(2, 3).view(4, 4)
torch.zeros(2, 3).reshape(4, -1)
torch.zeros(2, 3).view(-1, -1)
torch.zeros(2, 3).t().view(6)
torch.zeros(2, 3).permute(0, 1, 2)
torch.zeros(2, 3).permute(0, 0)
torch.zeros(2, 3).transpose(0, 2)
torch.zeros(2, 3, 4).t()
torch.zeros(3).sum(dim=1)
torch.zeros(3).sum(axis=1)
torch.zeros(3).sum(stride=1)
torch.zeros(3).sum('a')
torch.zeros(3).long().mean()
torch.zeros(0).max()
torch.zeros(0, 3).argmax(dim=0)
torch.zeros(3).max(dim=2)
torch.zeros(3).softmax()
torch.softmax(torch.zeros(3))
torch.softmax(torch.zeros(3).long(), 0)
torch.softmax(np.zeros(3), 0)
torch.cat([torch.zeros(2, 3), torch.zeros(2, 4)])
torch.cat([torch.zeros(2), torch.zeros(2, 4)])
torch.cat(torch.zeros(2), torch.zeros(2))
torch.cat([torch.zeros(2), 3])
torch.cat([])
torch.cat([np.zeros(2)])
torch.stack([torch.zeros(2), torch.zeros(3)])
torch.stack([])
torch.stack([1, 2])
torch.tensor([[1, 2], [3]])
torch.tensor(['a'])
torch.tensor([1, None])
torch.tensor([1, 2], [3])
torch.tensor([torch.zeros(2)])
torch.tensor({})
torch.from_numpy([1])
torch.from_numpy(np.array(['a']))
torch.from_numpy(np.zeros(3, np.dtype(object)))
torch.tensor(np.array([None]))
torch.from_numpy(np.zeros(3)[::-1])
torch.zeros(1.5)
torch.zeros(-1)
torch.zeros('a')
torch.zeros((2, None))
torch.zeros(2, 3, dtype='float')
torch.zeros(2, 3, dtype=np.float32)
torch.ones(3, requires_grad=True).long().requires_grad_()
torch.tensor([1], requires_grad=True)
torch.ones(3, requires_grad=True).numpy()
np.asarray(torch.ones(3, requires_grad=True))
torch.zeros(3).backward()
torch.ones(3, requires_grad=True).backward()
(torch.ones(3, requires_grad=True) * 2).backward()
torch.zeros(1).sum().backward()
x = torch.ones(3, requires_grad=True)\ny = (x * x).sum()\ny.backward()\ny.backward()
x = torch.ones(3, requires_grad=True)\nx += 1
x = torch.ones(3, requires_grad=True)\nx[0] = 1
x = torch.ones(3, requires_grad=True)\ny = x.exp()\ny += 1\ny.sum().backward()
x = torch.ones(3, requires_grad=True)\nx.grad.zero_()
torch.autograd.grad(torch.zeros(1), torch.zeros(1))
x = torch.ones(1, requires_grad=True)\ntorch.autograd.grad(x * 2, torch.ones(1, requires_grad=True))
import copy\ncopy.deepcopy(torch.ones(1, requires_grad=True) * 2)
with torch.no_grad():\n  torch.ones(1, requires_grad=True).sum().backward()
float(torch.zeros(3))
int(torch.zeros(2))
torch.zeros(3).item()
bool(torch.zeros(3))
if torch.zeros(3) > 0: pass
range(torch.zeros(3))
range(torch.zeros(1))
len(torch.tensor(3))
for x in torch.tensor(3): pass
torch.tensor(3)[0]
torch.zeros(3)()
torch.zeros(3).stride3
torch.zeros(3).patch
torch.zeros(3).astype(float)
torch.zeros(3) + 'a'
torch.zeros(3) + None
torch.zeros(3) + [1]
torch.zeros(3) ** 'a'
torch.zeros(3) & torch.zeros(3)
~torch.zeros(3)
-torch.ones(3).bool()
torch.ones(3).bool() - torch.ones(3).bool()
torch.exp(3)
torch.exp([1])
torch.sqrt(np.zeros(3))
torch.max(3)
torch.mean([1.0])
torch.clamp(torch.zeros(3))
torch.relu(3)
torch.patch
torch.nn.patch
nn.functional.patch
nn.Patch(3)
nn.Conv2d(3, 8, 3)(torch.zeros(2, 1, 5, 5))
nn.Conv2d(3, 8, 3)(torch.zeros(5, 5))
nn.Conv2d(3, 8, 3)(torch.zeros(1, 5, 5))
nn.Conv2d(1, 8, 3)(torch.zeros(2, 1, 2, 2))
nn.Conv2d(1, 8, 3)(torch.zeros(2, 1, 5, 5).double())
nn.Conv2d(1, 8, 3)(torch.zeros(2, 1, 5, 5).byte())
nn.Conv2d(1, 8, 3)(torch.zeros(2, 1, 5, 5).long())
nn.Conv2d(1, 8, 3)(np.zeros((2, 1, 5, 5)))
nn.Conv2d(1, 8)
nn.Conv2d(1, 8, 3, stride=0)(torch.zeros(2, 1, 5, 5))
nn.Conv2d(1, 8, 3, padding=-1)(torch.zeros(2, 1, 5, 5))
nn.Conv2d(1, 8, 3, stride=2, padding='same')
nn.Conv2d(1, 8, 3, padding='full')
nn.Conv2d(3, 8, 3, groups=2)
nn.Conv2d(4, 3, 3, groups=2)
nn.Conv2d(1, 8, 3, strides=2)
nn.Conv2d(1, 8, (3, 3, 3))(torch.zeros(2, 1, 5, 5))
nn.Conv2d(1, 8, 'a')
nn.Conv1d(3, 8, 3)(torch.zeros(2, 1, 5))
nn.functional.conv2d(torch.zeros(2, 3, 5, 5), torch.zeros(4, 1, 3, 3))
nn.functional.conv2d(torch.zeros(2, 3, 5, 5), torch.zeros(4, 3, 3, 3), torch.zeros(5))
nn.functional.conv2d(torch.zeros(2, 3, 5, 5), np.zeros((4, 1, 3, 3)))
nn.functional.conv2d(torch.zeros(5, 5), torch.zeros(3, 3))
nn.functional.pad(torch.zeros(2, 2), (1, 1, 1))
nn.functional.pad(torch.zeros(2), (1, 1), mode='reflect')
nn.functional.unfold(torch.zeros(5, 5), 3)
nn.MaxPool2d(2)(torch.zeros(5))
nn.MaxPool2d(2)(torch.zeros(1, 1, 1, 1))
nn.MaxPool2d(2, padding=2)(torch.zeros(1, 1, 4, 4))
nn.MaxPool2d()
nn.AvgPool2d(2)(torch.zeros(5))
nn.MaxPool2d(2)(np.zeros((1, 1, 4, 4)))
nn.BatchNorm2d(8)(torch.zeros(2, 4, 5, 5))
nn.BatchNorm2d(8)(torch.zeros(2, 8))
nn.BatchNorm1d(8)(torch.zeros(1, 8))
nn.BatchNorm1d(8)(torch.zeros(2, 4))
nn.BatchNorm1d(8)(torch.zeros(2, 8, 3, 3))
nn.LayerNorm(8)(torch.zeros(2, 4))
nn.GroupNorm(3, 8)
nn.Dropout(2)
nn.Flatten(1, 5)(torch.zeros(2, 3))
nn.Embedding(10, 3)(torch.zeros(2))
nn.Embedding(10, 3)(torch.tensor([10]))
nn.Embedding(10, 3)([1])
nn.RNN(3, 4)(torch.zeros(5, 2, 4))
nn.RNN(3, 4)(torch.zeros(5))
nn.RNN(3, 4)(torch.zeros(5, 2, 3), torch.zeros(1, 3, 4))
nn.RNN(3, 4)(torch.zeros(5, 2, 3), torch.zeros(1, 4))
nn.LSTM(3, 4)(torch.zeros(5, 2, 4))
nn.LSTM(3, 4)(torch.zeros(5, 2, 3), torch.zeros(1, 2, 4))
nn.GRU(3, 4)(torch.zeros(5, 2, 3), torch.zeros(1, 2, 5))
nn.GRU(3, 4)(torch.zeros(2, 3).long())
nn.RNNCell(3, 4)(torch.zeros(2, 4))
nn.RNN(3, 4)(torch.zeros(5, 2, 3))[2]
nn.CrossEntropyLoss()(torch.zeros(3, 4), torch.zeros(2).long())
nn.CrossEntropyLoss()(torch.zeros(3, 4), torch.zeros(3))
nn.CrossEntropyLoss()(torch.zeros(3, 4), torch.zeros(3, 1).long())
nn.CrossEntropyLoss()(torch.zeros(3, 4), torch.full((3,), 4))
nn.CrossEntropyLoss()(torch.zeros(3, 4), torch.zeros(3, 4).long())
nn.CrossEntropyLoss()(torch.zeros(3, 4), torch.zeros(3, dtype=torch.int32))
nn.CrossEntropyLoss()(torch.zeros(3, 4).long(), torch.zeros(3).long())
nn.CrossEntropyLoss()(torch.zeros(3, 4), np.zeros(3))
nn.CrossEntropyLoss()(torch.zeros(2, 3, 4), torch.zeros(2, 3).long())
nn.CrossEntropyLoss(torch.zeros(3, 4), torch.zeros(3).long())
nn.functional.nll_loss(torch.zeros(3, 4), torch.zeros(3))
nn.functional.one_hot(torch.zeros(3))
nn.functional.one_hot(torch.tensor([5]), 3)
nn.functional.one_hot(torch.tensor([-1]))
nn.BCELoss()(torch.full((3,), 2.0), torch.zeros(3))
nn.BCELoss()(torch.zeros(3), torch.zeros(3).long())
nn.BCELoss()(torch.zeros(3), torch.zeros(2))
nn.BCEWithLogitsLoss()(torch.zeros(3), torch.zeros(2))
nn.MSELoss()(torch.zeros(3))
nn.MSELoss()(torch.zeros(3), 1.0)
nn.MSELoss()(torch.zeros(3).long(), torch.zeros(3).long()).backward()
class CNN(nn.Module):\n  def __init__(self): self.conv = nn.Linear(1, 1)\nCNN()
class CNN(nn.Module):\n  def __init__(self): self.w = nn.Parameter(torch.zeros(1))\nCNN()
class CNN(nn.Module):\n  def __init__(self): self.register_buffer('w', torch.zeros(1))\nCNN()
class CNN(nn.Module): ...;\nCNN()(1)
class CNN(nn.Module):\n  def forward(self): ...;\nCNN()(1)
class CNN(nn.Module):\n  def forward(self, x): return self.conv(x)\nCNN()(1)
class CNN(nn.Module):\n  def __init__(self):\n    super().__init__()\n    self.w = nn.Parameter(torch.zeros(1))\n    self.w = torch.zeros(1)\nCNN()
class CNN(nn.Module):\n  def __init__(self):\n    super.__init__()\nCNN()
class CNN(nn.Module):\n  def __init__(self):\n    super().__init__(3)\nCNN()
class CNN(nn.Module):\n  def __init__(self):\n    super().__init__()\n    self.conv = nn.Linear(1, 1)\n    self.conv = 3\nCNN()
nn.Sequential(3)
nn.Sequential([nn.ReLU()])
nn.Sequential(nn.ReLU)(torch.zeros(3))
nn.Sequential(nn.ReLU())[3]
nn.Sequential(nn.ReLU()).relu
nn.Sequential(nn.Linear(3, 2), nn.Linear(3, 2))(torch.zeros(2, 3))
nn.ModuleList(nn.ReLU())
nn.ModuleList([nn.ReLU()])(torch.zeros(3))
nn.ReLU(torch.zeros(3)).backward()
nn.Parameter([1.0])
nn.Parameter(torch.zeros(3).long())
torch.optim.SGD([], lr=0.1)
torch.optim.SGD(nn.Linear(1, 1), lr=0.1)
torch.optim.SGD(torch.zeros(3), lr=0.1)
torch.optim.SGD([3], lr=0.1)
torch.optim.SGD([torch.ones(1, requires_grad=True) * 2], lr=0.1)
torch.optim.SGD(nn.Linear(1, 1).parameters(), lr=-1)
torch.optim.SGD(nn.Linear(1, 1).parameters(), rate=0.1)
torch.optim.SGD(nn.Linear(1, 1).parameters)
torch.optim.Adam(nn.Linear(1, 1).parameters(), momentum=0.9)
torch.optim.Patch
nn.Linear(1, 1).parameters().data
nn.Linear(1, 1).parameters()[0]
nn.Linear(1, 1).load_state_dict({})
nn.Linear(1, 1).load_state_dict({'weight': torch.zeros(2, 2), 'bias': torch.zeros(1)})
nn.Linear(1, 1).load_state_dict(3)
nn.Linear(1, 1).weight = torch.zeros(1)
nn.Linear(1, 1).state_dict()['patch']
nn.Linear(1, 1).forwards
torch.load('patch.pth')
torch.manual_seed('a')
torch.manual_seed(None)
torch.arange('a')
torch.arange(3, 0)
torch.linspace(0, 1)
torch.randint(0, 0, (3,))
torch.randint(3)
torch.randperm(3.5)
torch.rand(3).uniform_(1, 0)
torch.normal(0, 1)
torch.multinomial(torch.zeros(3), 1)
torch.bernoulli(torch.full((1,), 2.0))
torch.where(torch.zeros(3), 1, 0)
torch.gather(torch.zeros(3), 0, torch.zeros(3))
torch.gather(torch.zeros(3, 3), 1, torch.zeros(3).long())
torch.zeros(3).scatter_(0, torch.tensor([5]), 1.0)
torch.zeros(3, 3).scatter_(1, torch.zeros(3).long(), 1)
torch.zeros(3).expand(2)
torch.zeros(3).repeat()
torch.zeros(2, 3).repeat(2)
torch.zeros(2, 3).squeeze(5)
torch.zeros(2, 3).unsqueeze(5)
torch.zeros(2, 3).flatten(3)
torch.zeros(3).topk(5)
torch.zeros(3).flip(1)
torch.flip(torch.zeros(3), 0, 1)
torch.roll(torch.zeros(3), 1, 1)
torch.split(torch.zeros(3), -1)
torch.chunk(torch.zeros(3), 0)
torch.einsum('ij,jk->ik', torch.zeros(2, 3), torch.zeros(2, 3))
torch.einsum('ij->i', torch.zeros(3))
torch.nn.utils.rnn.pad_sequence([torch.zeros(2), torch.zeros(2, 2)])
torch.nn.utils.rnn.pad_sequence([])
torch.nn.utils.rnn.pack_padded_sequence(torch.zeros(3, 2, 1), torch.tensor([1, 3]))
torch.nn.utils.rnn.pack_padded_sequence(torch.zeros(3, 2, 1), torch.tensor([3, 0]))
torch.nn.utils.rnn.pack_padded_sequence(torch.zeros(3, 2, 1), torch.tensor([3]))
from torch.utils.data import DataLoader\nDataLoader([1], batch_size=0)
from torch.utils.data import DataLoader\nDataLoader([], shuffle=True)
from torch.utils.data import DataLoader\nDataLoader([1])[0]
from torch.utils.data import DataLoader\nlist(DataLoader([torch.zeros(2), torch.zeros(3)], batch_size=2))
from torch.utils.data import DataLoader\nlist(DataLoader([None]))
from torch.utils.data import TensorDataset\nTensorDataset(torch.zeros(2), torch.zeros(3))
from torch.utils.data import TensorDataset\nTensorDataset(np.zeros(2))
torch.zeros(3).to('patch')
torch.zeros(3).cuda()
torch.zeros(3).numpy().backward()
np.zeros(3).float()
np.zeros(3).unsqueeze(0)
np.zeros(3).backward()
np.dot(torch.zeros(3), torch.zeros(2))
np.concatenate([torch.zeros(3), torch.zeros(2, 2)])
np.zeros(3).sum(dim=0, keepdim=True)
torch.argmax(torch.zeros(3), dim=1)
torch.argmax(np.zeros(3))
torch.no_grad().item()
torch.zeros(3).sum().numpy().item().item()
"""


def sources(block: str) -> list[str]:
    """The mistakes of a block, one a line; ``\\n`` within one begins a new line of it."""
    return [line.replace("\\n", "\n") for line in block.strip().split("\n")]
