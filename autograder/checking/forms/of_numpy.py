"""What NumPy 1.26 to 2.x, and Matplotlib, say of a mistake (see the package for what stands in braces)."""

NUMPY = r"""
operands could not be broadcast together with shape {shape} {shape}
operands could not be broadcast together with shapes {shape} {shape}
operands could not be broadcast together with shapes {shape} {shape} {shape}
operands could not be broadcast together with shapes {shape} {shape} {shape} {shape}
operands could not be broadcast together with remapped shapes{rest}
non-broadcastable output operand with shape {shape} doesn't match the broadcast shape {shape}
could not broadcast input array from shape {shape} into shape {shape}
shape mismatch: objects cannot be broadcast to a single shape{rest}
shape mismatch: indexing arrays could not be broadcast together with shapes {shape} {shape}
shape mismatch: value array of shape {shape} could not be broadcast to indexing result of shape {shape}
NumPy boolean array indexing assignment cannot assign {n} input values to the {n} output values where the mask is true
shapes {shape} and {shape} not aligned: {n} (dim {c}) != {n} (dim {c})
matmul: Input operand {c} has a mismatch in its core dimension {c}, with gufunc signature {axes} (size {n} is different from {n})
matmul: Input operand {c} does not have enough dimensions (has {c}, gufunc core with signature {axes} requires {c})
index {n} is out of bounds for axis {c} with size {n}
index {n} is out of bounds for array with size {n}
index {n} is out of bounds for size {n}
too many indices for array: array is {c}-dimensional, but {c} were indexed
only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid indices
arrays used as indices must be of integer (or boolean) type
boolean index did not match indexed array along axis {c}; size of axis is {n} but size of corresponding boolean axis is {n}
boolean index did not match indexed array along dimension {c}; dimension is {n} but corresponding boolean dimension is {n}
invalid index to scalar variable.
an index can only have a single ellipsis ('...')
cannot do a non-empty take from an empty axes.
cannot reshape array of size {n} into shape {shape}
can only specify one unknown dimension
total size of new array must be unchanged
axis {c} is out of bounds for array of dimension {c}
{name}: axis {c} is out of bounds for array of dimension {c}
axes don't match array
repeated axis in transpose
duplicate value in 'axis'
repeated axis in `{name}` argument
Axes must be different.
cannot select an axis to squeeze out which has size not equal to one
only size-1 arrays can be converted to Python scalars
only length-1 arrays can be converted to Python scalars
only 0-dimensional arrays can be converted to Python scalars
only integer scalar arrays can be converted to a scalar index
can only convert an array of size 1 to a Python scalar
The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()
The truth value of an empty array is ambiguous.{rest}
len() of unsized object
iteration over a 0-d array
setting an array element with a sequence.
setting an array element with a sequence. The requested array has an inhomogeneous shape after {c} dimensions. The detected shape was {shape} + inhomogeneous part.
setting an array element with a sequence. The requested array would exceed the maximum number of dimension of {c}.
zero-size array to reduction operation {name} which has no identity
attempt to get {name} of an empty sequence
need at least one array to concatenate
need at least one array to stack
zero-dimensional arrays cannot be concatenated
all input arrays must have the same shape
all the input array dimensions except for the concatenation axis must match exactly, but along dimension {c}, the array at index {c} has size {n} and the array at index {c} has size {n}
all the input array dimensions for the concatenation axis must match exactly, but along dimension {c}, the array at index {c} has size {n} and the array at index {c} has size {n}
all the input arrays must have same number of dimensions, but the array at index {c} has {c} dimension(s) and the array at index {c} has {c} dimension(s)
Cannot interpret '{c}' as a data type
Cannot interpret '{name}' as a data type
data type {text} not understood
Field elements must be 2- or 3-tuples, got '{c}'
expected a sequence of integers or a single integer, got '{value}'
negative dimensions are not allowed
arange() not supported for inputs with DType <class '{name}'>.
could not convert string to float: np.str_({text})
invalid literal for int() with base 10: np.str_({text})
ufunc '{name}' did not contain a loop with signature matching types {dtypes} -> None
ufunc '{name}' did not contain a loop with signature matching types {dtypes} -> {dtypes}
ufunc '{name}' not supported for the input types, and the inputs could not be safely coerced to any supported types according to the casting rule ''safe''
loop of ufunc does not support argument {c} of type {name} which has no callable {name} method
Cannot cast ufunc '{name}' output from {dtypes} to {dtypes} with casting rule '{name}'
Cannot cast ufunc '{name}' input from {dtypes} to {dtypes} with casting rule '{name}'
Cannot cast ufunc '{name}' input {c} from {dtypes} to {dtypes} with casting rule '{name}'
Cannot cast array data from {dtypes} to {dtypes} according to the rule '{name}'
The 'out' kwarg is necessary when using the string multiply ufunc directly.{rest}
The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the logical_not function instead.
numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator, or the logical_xor function instead.
assignment destination is read-only
output array is read-only
index can't contain negative values
mode {text} is not supported
`pad_width` must be of integral type.
can't extend empty axis {c} using modes other than 'constant' or 'empty'
repeats may not contain negative values.
array split does not result in an equal division
number sections must be larger than 0.
'list' argument must have no negative elements
Singular matrix
Last 2 dimensions of the array must be square
{c}-dimensional array given. Array must be at least two-dimensional
Array must not contain infs or NaNs
einstein sum subscripts string contains too many subscripts for operand {c}
operand has more dimensions than subscripts given in einstein sum, but no '...' ellipsis provided to broadcast the extra dimensions.
more operands provided to einstein sum function than specified in the subscripts string
fewer operands provided to einstein sum function than specified in the subscripts string
object too deep for desired array
v cannot be empty
a cannot be empty
Cannot take a larger sample than population when 'replace=False'
Cannot take a larger sample than population when replace is False
'a' cannot be empty unless no samples are taken
a cannot be empty unless no samples are taken
a must be greater than 0 unless no samples are taken
'a' and 'p' must have same size
a and p must have same size
probabilities do not sum to 1
probabilities are not non-negative
high <= 0
low >= high
scale < 0
Seed must be between 0 and 2**32 - 1
x must be an integer or at least 1-dimensional
window shape cannot be larger than input array shape
Since axis is `None`, must provide window_shape for all dimensions of `x`; got {c} window_shape elements and `x.ndim` is {c}.
fp and xp are not of the same length.
Input must be 1- or 2-d.
One of min or max must be given
x and y must have same first dimension, but have shapes {shape} and {shape}
`np.{name}` was removed in the NumPy 2.0 release.{rest}
{text} is not a valid package style{rest}
When used as a decorator, only accepts keyword arguments.
"""
