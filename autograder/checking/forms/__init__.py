"""The forms of everyday exceptions' messages: what Python 3.11 to 3.14, NumPy 1.26 to 2.x and PyTorch 2 say of a mistake.

One form a line. In braces stands what differs from one mistake to the next; `redaction` says what of it may be shown:

- ``{n}`` a whole number, ``{c}`` a count, ``{shape}`` a shape, ``{size}`` one such as 32x784;
- ``{name}`` a name, ``{names}`` quoted ones in a row, ``{kinds}`` types in a row, ``{type}`` a type of C's, ``{dtypes}`` NumPy's;
- ``{text}`` a text in quotes, ``{op}`` an operator, ``{axes}`` the axes of a gufunc;
- ``{value}`` anything short, and ``{rest}`` all that follows: neither is ever shown.
"""

from __future__ import annotations

from autograder.checking.forms.of_numpy import NUMPY
from autograder.checking.forms.of_python import PYTHON
from autograder.checking.forms.of_torch import TORCH

FORMS = tuple(line for table in (PYTHON, NUMPY, TORCH) for line in table.strip().split("\n"))

TYPES = frozenset(  # names of types, functions and arguments that messages hold although a student's code doesn't
    "NoneType Tensor module function method generator type ellipsis builtin_function_or_method method_descriptor method-wrapper"
    " dict_keys dict_values dict_items range_iterator list_iterator numpy ndarray random _generator Generator float16 float32 float64 int8"
    " int16 int32 int64 uint8 uint16 uint32 uint64 complex64 complex128 bool_ bool str_ object_ float_ dtypes StrDType ObjectDType Float64DType"
    " Int64DType BoolDType torch FloatTensor DoubleTensor LongTensor IntTensor ByteTensor BoolTensor HalfTensor Float Double Long Int Byte Bool"
    " Half ComplexFloat ComplexDouble Char Short size dtype nn functional Module Parameter ModuleList Sequential Linear _MaxPoolNd _AvgPoolNd"
    " _ConvNd RNN LSTM GRU RNNCell ints Tensors Number sum _sum mean _mean max min _amax _amin maximum minimum add subtract multiply divide"
    " true_divide power matmul less greater equal less_equal greater_equal not_equal bitwise_and bitwise_or bitwise_xor invert left_shift"
    " right_shift negative exp log sqrt tanh argmax argmin same_kind safe unsafe source destination axis1 axis2 input other self tensors target"
    " dim indices weight bias running_mean running_var batch1 batch2 linear conv1d conv2d conv3d embedding cross_entropy_loss nll_loss_nd"
    " mse_loss binary_cross_entropy max_pool1d max_pool2d avg_pool2d adaptive_avg_pool2d batch_norm layer_norm softmax log_softmax"
    " dropout relu empty zeros ones tensor cat stack sparse_coo values axes shape fill_value repeats end in_features out_features"
    " kernel_size hidden_size num_embeddings __init__ __new__ __call__ __class__ forward backward append extend detach encoding reps <locals> <lambda>"
    " softmax_lastdim_kernel_impl log_softmax_lastdim_kernel_impl bitwise_and_cpu bitwise_or_cpu mse_cpu max_pool2d_cpu"
    " addmm_impl_cpu_ slow_conv2d_cpu batch_norm_cpu nll_loss_out_frame nll_loss_forward_reduce_cuda_kernel_2d_index avg_pool2d_out_frame"
    " avg_pool2d_cpu smooth_l1_cpu exp_vml_cpu tanh_vml_cpu sigmoid_cpu check_uniform_bounds normal_kernel_cpu dot _local_scalar_dense_cpu".split()
)

EXCEPTIONS = frozenset(  # of the libraries; Python's own are known
    "AxisError UFuncTypeError _UFuncNoLoopError _UFuncInputCastingError _UFuncOutputCastingError _UFuncBinaryResolutionError LinAlgError"
    " _ArrayMemoryError TooHardError ComplexWarning VisibleDeprecationWarning OutOfMemoryError AcceleratorError UnpicklingError JSONDecodeError"
    " ParserError BadZipFile DTypePromotionError".split()
)
