"""What PyTorch 2 says of a mistake (see the package for what stands in braces)."""

TORCH = r"""
mat1 and mat2 shapes cannot be multiplied ({size} and {size})
mat1 and mat2 must have the same dtype, but got {name} and {name}
mat2 must be a matrix
{name} must be a 3D tensor
size mismatch, got input ({n}), mat ({size}), vec ({n})
inconsistent tensor size, expected tensor {shape} and src {shape} to have the same number of elements, but got {n} and {n} elements respectively
Expected size for first two dimensions of batch2 tensor to be: {shape} but got: {shape}.
dot : expected both vectors to have same dtype, but found {name} and {name}
expected m1 and m2 to have the same dtype, but got: {type} != {type}
expected scalar type {name} but found {name}
The size of tensor a ({n}) must match the size of tensor b ({n}) at non-singleton dimension {c}
The expanded size of the tensor ({n}) must match the existing size ({n}) at non-singleton dimension {c}.  Target sizes: {shape}.  Tensor sizes: {shape}
expand({name}{{shape}}, size={shape}): the number of sizes provided ({c}) must be greater or equal to the number of dimensions in the tensor ({c})
output with shape {shape} doesn't match the broadcast shape {shape}
shape mismatch: value tensor of shape {shape} cannot be broadcast to indexing result of shape {shape}
result type {name} can't be cast to the desired output type {name}
index {n} is out of bounds for dimension {c} with size {n}
index out of range in self
too many indices for tensor of dimension {c}
index {n} is out of range
The shape of the mask {shape} at index {c} does not match the shape of the indexed tensor {shape} at index {c}
tensors used as indices must be long, int, byte or bool tensors
only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices (got {name})
new(): invalid data type '{name}'
invalid index of a 0-dim tensor.{rest}
Dimension out of range (expected to be in range of {shape}, but got {c})
Dimension specified as {c} but tensor has no dimensions
shape '{shape}' is invalid for input of size {n}
only one dimension can be inferred
cannot reshape tensor of 0 elements into shape {shape} because the unspecified dimension size -1 can be any value and is ambiguous
view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). Use .reshape(...) instead.
permute({name}): number of dimensions in the tensor input does not match the length of the desired ordering of dimensions i.e. input.dim() = {c} is not equal to len(dims) = {c}
permute(): duplicate dims are not allowed.
t() expects a tensor with <= 2 dimensions, but self is {c}D
{name}() received an invalid combination of arguments - got ({kinds}){rest}
{name}(): argument '{name}' (position {c}) must be {name}, not {name}
{name}(): argument '{name}' (position {c}) must be tuple of {name}, not {name}
{name}(): argument '{name}' must be {name}, not {name}
{name}(): argument '{name}' must be tuple of {name}, not {name}
{name}(): argument '{name}' failed to unpack the object at pos {c} with error "type must be tuple of ints,but got {name}"
{name}() missing {c} required positional arguments: "{name}"
{name}(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: {name}
{name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.
{name}(): Expected reduction dim {c} to have non-zero size.
{name}: Dimension size must be non-negative.
Trying to create tensor with negative dimension {n}: {shape}
"{name}" not implemented for '{name}'
Sizes of tensors must match except in dimension {c}. Expected size {n} but got size {n} for tensor number {c} in the list.
Tensors must have same number of dimensions: got {c} and {c}
expected Tensor as element {c} in argument {c}, but got {name}
torch.cat(): expected a non-empty list of Tensors
expected a non-empty list of Tensors
stack expects each tensor to be equal size, but got {shape} at entry {c} and {shape} at entry {c}
stack expects a non-empty TensorList
expected sequence of length {n} at dim {c} (got {n})
too many dimensions '{name}'
Could not infer dtype of {name}
expected np.ndarray (got {name})
can't convert np.ndarray of type {name}{rest}
At least one stride in the given numpy array is negative{rest}
only Tensors of floating point dtype can require gradients
only Tensors of floating point and complex dtype can require gradients
Only Tensors of floating point and complex dtype can require gradients
Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.
element {c} of tensors does not require grad and does not have a grad_fn
grad can be implicitly created only for scalar outputs
grad can be implicitly created only for real scalar outputs but got {name}
a leaf Variable that requires grad is being used in an in-place operation.
a leaf Variable that requires grad has been used in an in-place operation.
a view of a leaf Variable that requires grad is being used in an in-place operation.
Trying to backward through the graph a second time{rest}
one of the variables needed for gradient computation has been modified by an inplace operation{rest}
The differentiated Tensor at index {c} appears to not have been used in the graph.{rest}
One of the differentiated Tensors appears to not have been used in the graph.{rest}
One of the differentiated Tensors does not require grad
Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment.{rest}
you can only change requires_grad flags of leaf variables.{rest}
Inplace update to inference tensor outside InferenceMode is not allowed.{rest}
only one element tensors can be converted to Python scalars
a Tensor with {n} elements cannot be converted to Scalar
Boolean value of Tensor with more than one value is ambiguous
Boolean value of Tensor with no values is ambiguous
only integer tensors of a single element can be converted to an index
len() of a 0-d tensor
iteration over a 0-d tensor
~ (operator.invert) is only implemented on integer and Boolean-type tensors
Negation, the `-` operator, on a bool tensor is not supported.{rest}
Subtraction, the `-` operator, with two bool tensors is not supported.{rest}
Subtraction, the `-` operator, with a bool tensor is not supported.{rest}
Given groups={c}, weight of size {shape}, expected input{shape} to have {n} channels, but got {n} channels instead
Given groups={c}, expected weight to be at least {c} at dimension {c}{rest}
Given weight of size {shape}, expected bias to be {c}-dimensional with {n} elements, but got bias of size {shape} instead
Expected {c}D (unbatched) or {c}D (batched) input to {name}, but got input of size: {shape}
Expected {c}D or {c}D (batch mode) tensor{rest}
non-empty {c}D or {c}D (batch mode) tensor expected for input{rest}
expected stride to be a single integer value or a list of {c} values to match the convolution dimensions, but got stride={shape}
Calculated padded input size per channel: ({size}). Kernel size: ({size}). Kernel size can't be greater than actual input size
Given input size: ({size}). Calculated output size: ({size}). Output size is too small
Input type ({type}) and bias type ({type}) should be the same
Input type ({name}) and weight type ({name}) should be the same
non-positive stride is not supported
stride should not be zero
negative padding is not supported
padding='same' is not supported for strided convolutions
Invalid padding string {text}, should be one of{rest}
in_channels must be divisible by groups
out_channels must be divisible by groups
Padding length must be divisible by 2
Padding length should be less than or equal to two times the input dimension{rest}
Padding size {c} is not supported for {c}D input tensor.
Only {c}D, {c}D, {c}D padding with non-constant padding are supported for now
pad should be at most half of effective kernel size, but got pad={c}, kernel_size={c} and dilation={c}
pad should be at most half of kernel size, but got pad={c}, kernel_size={c} and dilation={c}
kernel size should be greater than zero, but got{rest}
stride should be greater than zero, but got{rest}
{name} should contain {n} elements not {n}
expected {c}D input (got {c}D input)
expected {c}D or {c}D input (got {c}D input)
Expected more than 1 value per channel when training, got input size {shape}
Given normalized_shape={shape}, expected input with shape [*, {n}], but got input of size{shape}
num_channels ({n}) must be divisible by num_groups ({n})
num_channels must be divisible by num_groups
dropout probability has to be between 0 and 1, but got {value}
Expected tensor for argument #{c} '{name}' to have one of the following scalar types: Long, Int; but got {name} instead (while checking arguments for {name})
input.size(-1) must be equal to input_size. Expected {n}, got {n}
input must have {c} dimensions, got {c}
{name}: Expected input to be {c}D or {c}D, got {c}D instead
{name}: Expected input to be {c}D or {c}D, got {c}D tensor instead
Expected hidden size {shape}, got {shape}
Expected hidden[{c}] size {shape}, got {shape}
For batched {c}-D input, hx should also be {c}-D but got {c}-D tensor
For unbatched {c}-D input, hx should also be {c}-D but got {c}-D tensor
For batched 3-D input, hx and cx should also be 3-D but got ({c}-D, {c}-D) tensors
input has inconsistent input_size: got {n} expected {n}
RNN input dtype ({name}) does not match weight dtype ({name}).{rest}
Expected input batch_size ({n}) to match target batch_size ({n}).
expected target dtype to be Long or Byte, but got {name}
0D or 1D target tensor expected, multi-target not supported
1D target tensor expected, multi-target not supported
Target {n} is out of bounds.
Expected floating point type for target with class probabilities, got {name}
Expected target size {shape}, got {shape}
one_hot is only applicable to index tensor{rest}
Class values must be smaller than num_classes.
Class values must be non-negative.
all elements of input should be between 0 and 1
all elements of target should be between 0 and 1
Found dtype {name} but expected {name}
Using a target size ({shape}) that is different to the input size ({shape}) is deprecated.{rest}
Target size ({shape}) must be the same as input size ({shape})
cannot assign module before Module.__init__() call
cannot assign parameters before Module.__init__() call
cannot assign buffer before Module.__init__() call
Module [{name}] is missing the required "forward" function
cannot assign '{name}' as parameter '{name}' (torch.nn.Parameter or None expected)
cannot assign '{name}' as child module '{name}' (torch.nn.Module or None expected)
cannot assign '{name}' object to buffer '{name}' (torch Tensor or None required)
{value} is not a Module subclass
{name}.{name} should be called with an iterable, but got {name}
attribute '{name}' already exists
optimizer got an empty parameter list
params argument given to the optimizer should be an iterable of Tensors or dicts, but got {name}
optimizer can only optimize Tensors, but one of the params is {name}
can't optimize a non-leaf Tensor
Invalid learning rate: {value}
Invalid momentum value: {value}
Error(s) in loading state_dict for {name}:
Expected state_dict to be dict-like, got <class '{name}'>.
upper bound and lower bound inconsistent with step sign
upper bound and larger bound inconsistent with step sign
random_ expects 'from' to be less than 'to', but got from={n} >= to={n}
uniform_ expects to return a [from, to) range, but found from={value} > to={value}
invalid multinomial distribution (sum of probabilities <= 0)
probability tensor contains either `inf`, `nan` or element < 0
where expected condition to be a boolean tensor, but got a tensor with dtype {name}
gather(): Expected dtype int64 for index
gather(): Expected dtype int32/int64 for index
scatter(): Expected dtype int64 for index
Index tensor must have the same number of dimensions as {name} tensor
Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor
selected index k out of range
torch.clamp: At least one of 'min' or 'max' must not be None
Expected p_in >= 0 && p_in <= 1 to be true, but got false.{rest}
split expects split_size be non-negative, but got split_size={n}
split_with_sizes expects split_sizes to sum exactly to {n} (input tensor's size at dimension {c}), but got split_sizes={shape}
chunk expects `chunks` to be greater than 0, got: {n}
einsum(): subscript {name} has size {n} for operand {c} which does not broadcast with previously seen size {n}
einsum(): the number of subscripts in the equation ({c}) does not match the number of dimensions ({c}) for operand {c} and no ellipsis was given
received an empty list of sequences
`lengths` array must be sorted in decreasing order when `enforce_sorted` is True.{rest}
Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0
Expected `len(lengths)` to be equal to batch_size, but got {n} (batch_size={n})
batch_size should be a positive integer value, but got batch_size={n}
num_samples should be a positive integer value, but got num_samples={n}
default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found <class '{name}'>
Size mismatch between tensors
Torch not compiled with CUDA enabled
Found no NVIDIA driver on your system.{rest}
Expected one of cpu, cuda,{rest}
Expected all tensors to be on the same device{rest}
"""
