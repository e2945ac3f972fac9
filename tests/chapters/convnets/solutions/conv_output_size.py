"""Right and wrong solutions of the task `conv_output_size`."""

# %% right: the formula
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise ValueError("no window fits")
    return room // stride + 1

# %% right: counts the windows one by one
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    count, start = 0, -padding
    while start + dilation * (kernel - 1) < n + padding:
        count += 1
        start += stride
    if not count:
        raise ValueError("not one window fits")
    return count

# %% right: the length of a range
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    starts = range(0, n + 2 * padding - dilation * (kernel - 1), stride)
    if len(starts) == 0:
        raise ValueError(f"{kernel} taps, {dilation} apart, don't fit into {n} + 2·{padding}")
    return len(starts)

# %% right: recursion
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    if padding:
        return conv_output_size(n + 2 * padding, kernel, stride, 0, dilation)
    if dilation > 1:
        return conv_output_size(n, dilation * (kernel - 1) + 1, stride)
    if kernel > n:
        raise ValueError("too long")
    return 1 if n - stride < kernel else 1 + conv_output_size(n - stride, kernel, stride)

# %% right: floor of a float, turned into an int, chatty
import math
import warnings


def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    """Prints its steps."""
    padded = n + padding + padding
    span = kernel + (kernel - 1) * (dilation - 1)
    print(f"{padded=} {span=}")
    warnings.warn("a size is computed")
    if span > padded:
        raise ValueError(f"{span} > {padded}")
    return int(math.floor((padded - span) / stride) + 1)

# %% right: rounds the number of starts up, numpy's whole numbers
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    starts = np.int32(n + 2 * padding) - np.int32(dilation * (kernel - 1))
    if starts <= 0:
        raise ValueError("no starts")
    return -(-starts // np.int32(stride))

# %% right: slides a real window over real zeros
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    taps = np.zeros(dilation * (kernel - 1) + 1)
    taps[::dilation] = 1
    line = np.pad(np.zeros(n), padding)
    windows = np.lib.stride_tricks.sliding_window_view(line, taps.size)  # raises ValueError where none fits
    return (windows[::stride] @ taps).shape[0]

# %% right: a class with __call__, annotated, divmod
class OutputSize:
    def __call__(self, n: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
        steps, _ = divmod(n + 2 * padding - self.span(kernel, dilation), stride)
        return self.positive(steps + 1)

    @staticmethod
    def span(kernel: int, dilation: int) -> int:
        return max((tap * dilation for tap in range(kernel)), default=0) + 1

    @staticmethod
    def positive(count: int) -> int:
        if count > 0:
            return count
        raise ValueError("no output at all")


conv_output_size = OutputSize()

# %% right: exact fractions, keywords with other defaults for None
from fractions import Fraction


def conv_output_size(n, kernel, stride=None, padding=None, dilation=None):
    stride, padding, dilation = stride or 1, padding or 0, dilation or 1
    steps = Fraction(n + 2 * padding - dilation * (kernel - 1) - 1, stride)
    if steps < 0:
        raise ValueError("negative")
    return math.floor(steps) + 1 if (math := __import__("math")) else None

# %% right: one expression, np.arange as an array of starts
def refuse(text):
    raise ValueError(text)


conv_output_size = lambda n, kernel, stride=1, padding=0, dilation=1: (
    np.arange(-padding, n + padding - dilation * (kernel - 1), stride).size or refuse("no window fits")
)

# %% wrong: rounds up => "Round down, not up: an incomplete step gives no output."
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise ValueError("no window fits")
    return int(np.ceil(room / stride)) + 1

# %% wrong: rounds to the nearest => "Round down, not to the nearest: an incomplete step gives no output."
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise ValueError("no window fits")
    return round(room / stride) + 1

# %% wrong: without the last + 1 => "The + 1 is missing."
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise ValueError("no window fits")
    return room // stride

# %% wrong: + 1 before the division => "The last + 1 belongs outside the division."
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise ValueError("no window fits")
    return (room + 1) // stride

# %% wrong: a step too many => "The - 1 is missing."
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (kernel - 1)
    if room <= 0:
        raise ValueError("no window fits")
    return room // stride + 1

# %% wrong: padding at one end => "The padding counts at both ends." and "Padded at both ends, the input is as long as the kernel there: one window fits."
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    room = n + padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise ValueError("no window fits")
    return room // stride + 1

# %% wrong: padding forgotten => "The padding is ignored." and "Padded at both ends, the input is as long as the kernel there: one window fits."
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    room = n - dilation * (kernel - 1) - 1
    if room < 0:
        raise ValueError("no window fits")
    return room // stride + 1

# %% wrong: stride forgotten => "The stride is ignored."
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    if n + 2 * padding < dilation * (kernel - 1) + 1:
        raise ValueError("no window fits")
    return n + 2 * padding - dilation * (kernel - 1)

# %% wrong: dilation forgotten => "The dilation is ignored."
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    if n + 2 * padding < kernel:
        raise ValueError("no window fits")
    return (n + 2 * padding - kernel) // stride + 1

# %% wrong: a span of D·K => "A kernel of K taps spans D(K-1) + 1 inputs, not D·K." and "The dilated kernel spans as many inputs as there are: one window fits."
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    span = dilation * kernel
    if span > n + 2 * padding:
        raise ValueError("no window fits")
    return (n + 2 * padding - span) // stride + 1

# %% wrong: dilation as the number of holes => "Neighbouring taps lie D apart: D - 1 inputs lie between them, not D." and "The dilated kernel spans as many inputs as there are: one window fits."
def conv_output_size(n, kernel, stride=1, padding=0, dilation=0):
    span = kernel + dilation * (kernel - 1)
    if span > n + 2 * padding:
        raise ValueError("no window fits")
    return (n + 2 * padding - span) // stride + 1

# %% wrong: subtracts the padding => "The padding is added, not subtracted." and "Padded at both ends, the input is as long as the kernel there: one window fits."
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    room = n - 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise ValueError("no window fits")
    return room // stride + 1

# %% wrong: a float => ", but an integer was expected"
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise ValueError("no window fits")
    return np.floor(room / stride) + 1

# %% wrong: a fraction => "Round down: an incomplete step gives no output."
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise ValueError("no window fits")
    return room / stride + 1

# %% wrong: cuts -1/3 to 0 => "must raise ValueError when the kernel is one longer than the input, with stride 3, but it returned"
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    size = int((n + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1
    if size <= 0:
        raise ValueError("no window fits")
    return size

# %% wrong: nothing is refused => "must raise ValueError when the kernel is one longer than the input, but it returned"
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    return (n + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1

# %% wrong: 0 instead of an error => "must raise ValueError when the kernel is one longer than the input, but it returned an int"
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    return max(0, (n + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1)

# %% wrong: compares with the input without padding => "raised ValueError" and "Padded at both ends, the input is as long as the kernel there: one window fits."
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    if kernel > n:
        raise ValueError("the kernel is longer than the input")
    return (n + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1

# %% wrong: compares the kernel without its dilation => "must raise ValueError when the dilated kernel is longer than the input"
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    if kernel > n + 2 * padding:
        raise ValueError("the kernel is longer than the padded input")
    return (n + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1

# %% wrong: refuses a kernel that just fits => "raised ValueError" and "One window fits exactly there: only a longer kernel is to be refused."
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (kernel - 1) - 1
    if room <= 0:
        raise ValueError("no window fits")
    return room // stride + 1

# %% wrong: refuses leftovers => "`conv_output_size` raised ValueError"
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0 or room % stride:
        raise ValueError("the stride doesn't divide the room")
    return room // stride + 1

# %% wrong: padding before the stride => "their order is n, kernel, stride, padding, dilation"
def conv_output_size(n, kernel, padding=0, stride=1, dilation=1):
    room = n + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise ValueError("no window fits")
    return room // stride + 1

# %% wrong: its own names for the arguments => "got an unexpected keyword argument"
def conv_output_size(n, k, s=1, p=0, d=1):
    room = n + 2 * p - d * (k - 1) - 1
    if room < 0:
        raise ValueError("no window fits")
    return room // s + 1

# %% wrong: another error => "but it raised AssertionError"
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (kernel - 1) - 1
    assert room >= 0
    return room // stride + 1

# %% wrong: prints => "is None (is a `return` missing?), but a number was expected"
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise ValueError("no window fits")
    print(room // stride + 1)

# %% wrong: a text => "is a str, but a number was expected"
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise ValueError("no window fits")
    return f"{room // stride + 1}"

# %% wrong: a tuple of height and width => "is a tuple, but a number was expected"
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    room = n + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise ValueError("no window fits")
    return room // stride + 1, room // stride + 1

# %% wrong: asks torch => "uses torch, but this task asks for numpy only"
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    if n + 2 * padding < dilation * (kernel - 1) + 1:
        raise ValueError("no window fits")
    return nn.Conv1d(1, 1, kernel, stride, padding, dilation)(torch.zeros(1, 1, n)).shape[-1]

# %% wrong: the visible examples by heart => "is 5, but"
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    known = {(7, 3, 1, 0, 1): 5, (7, 3, 2, 0, 1): 3, (7, 3, 3, 0, 1): 2, (32, 5, 1, 2, 1): 32, (12, 3, 1, 0, 3): 6}
    if (n, kernel) == (2, 3):
        raise ValueError("doesn't fit")
    return known.get((n, kernel, stride, padding, dilation), 5)

# %% wrong: the formula of the transposed convolution => "This is the size after a transposed convolution."
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    if n + 2 * padding < dilation * (kernel - 1) + 1:
        raise ValueError("no window fits")
    return (n - 1) * stride - 2 * padding + dilation * (kernel - 1) + 1

# %% wrong: the padding divided for itself => "The padding was divided by the stride for itself"
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    span = dilation * (kernel - 1) + 1
    if span > n + 2 * padding:
        raise ValueError("no window fits")
    return (n - span) // stride + 2 * padding // stride + 1

# %% wrong: a span of K + D - 1 => "A kernel of K taps spans D(K-1) + 1 inputs, not K + D - 1."
def conv_output_size(n, kernel, stride=1, padding=0, dilation=1):
    span = kernel + dilation - 1
    if dilation * (kernel - 1) + 1 > n + 2 * padding:
        raise ValueError("no window fits")
    return (n + 2 * padding - span) // stride + 1
