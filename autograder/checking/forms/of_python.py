"""What Python 3.11 to 3.14 say of a mistake (see the package for what stands in braces)."""

PYTHON = r"""
name '{name}' is not defined
cannot access local variable '{name}' where it is not associated with a value
cannot access free variable '{name}' where it is not associated with a value in enclosing scope
local variable '{name}' referenced before assignment
free variable '{name}' referenced before assignment in enclosing scope
'{name}' object is not callable
'{name}' object is not callable. Did you mean: '{name}(...)'?
'{name}' object is not subscriptable
'{name}' object is not iterable
'{name}' object is not an iterator
'{name}' object is not reversible
type '{name}' is not subscriptable
'{name}' object has no attribute '{name}'
'{name}' object has no attribute '{name}' and no __dict__ for setting new attributes
'{name}' object attribute '{name}' is read-only
type object '{name}' has no attribute '{name}'
module '{name}' has no attribute '{name}'
module '{name}' has no attribute '{name}'.
property '{name}' of '{name}' object has no setter
can't set attribute '{name}'
property '{name}' of '{name}' object has no deleter
No module named '{name}'
No module named '{name}'; '{name}' is not a package
cannot import name '{name}' from '{name}'{rest}
attempted relative import with no known parent package
{name}() missing {c} required positional argument: {names}
{name}() missing {c} required positional arguments: {names}
{name}() missing {c} required keyword-only argument: {names}
{name}() missing {c} required keyword-only arguments: {names}
{name}() takes {c} positional argument but {c} was given
{name}() takes {c} positional argument but {c} were given
{name}() takes {c} positional arguments but {c} was given
{name}() takes {c} positional arguments but {c} were given
{name}() takes from {c} to {c} positional arguments but {c} were given
{name}() takes {c} positional argument but {c} positional arguments (and {c} keyword-only argument) were given
{name}() takes {c} positional arguments but {c} positional arguments (and {c} keyword-only argument) were given
{name}() takes {c} positional argument but {c} positional arguments (and {c} keyword-only arguments) were given
{name}() takes {c} positional arguments but {c} positional arguments (and {c} keyword-only arguments) were given
{name}() takes no arguments
{name}() takes no arguments ({c} given)
{name}() takes no keyword arguments
{name}() takes exactly one argument ({c} given)
{name}() takes exactly {c} arguments ({c} given)
{name}() takes at least {c} argument ({c} given)
{name}() takes at least {c} arguments ({c} given)
{name}() takes at most {c} argument ({c} given)
{name}() takes at most {c} arguments ({c} given)
function takes at most {c} keyword argument ({c} given)
{name} expected {c} argument, got {c}
{name} expected {c} arguments, got {c}
{name} expected at least {c} argument, got {c}
{name} expected at least {c} arguments, got {c}
{name} expected at most {c} argument, got {c}
{name} expected at most {c} arguments, got {c}
{name}() got an unexpected keyword argument '{name}'
{name}() got an unexpected keyword argument '{name}'. Did you mean '{name}'?
{name}() got multiple values for argument '{name}'
{name}() got some positional-only arguments passed as keyword arguments: {names}
'{name}' is an invalid keyword argument for {name}()
{name}() argument '{name}' must be {name}, not {name}
{name}() argument {c} must be {name}, not {name}
__init__() should return None, not '{name}'
descriptor '{name}' of '{name}' object needs an argument
unsupported operand type(s) for {op}: '{name}' and '{name}'
bad operand type for unary {op}: '{name}'
bad operand type for abs(): '{name}'
can only concatenate {name} (not "{name}") to {name}
can't multiply sequence by non-int of type '{name}'
'{op}' not supported between instances of '{name}' and '{name}'
argument of type '{name}' is not iterable
argument of type '{name}' is not a container or iterable
object of type '{name}' has no len()
'{name}' object cannot be interpreted as an integer
'{name}' object does not support item assignment
'{name}' object doesn't support item deletion
'{name}' object does not support the context manager protocol
cannot unpack non-iterable {name} object
not enough values to unpack (expected {c}, got {c})
not enough values to unpack (expected at least {c}, got {c})
too many values to unpack (expected {c})
too many values to unpack (expected {c}, got {c})
list index out of range
tuple index out of range
string index out of range
list assignment index out of range
pop from empty list
pop index out of range
pop from an empty deque
list.remove(x): x not in list
list.index(x): x not in list
tuple.index(x): x not in tuple
{value} is not in list
substring not found
string indices must be integers
string indices must be integers, not '{name}'
{name} indices must be integers or slices, not {name}
slice indices must be integers or None or have an __index__ method
slice step cannot be zero
unhashable type: '{name}'
cannot use '{name}' as a dict key (unhashable type: '{name}')
cannot use '{name}' as a set element (unhashable type: '{name}')
dictionary changed size during iteration
dictionary keys changed during iteration
Set changed size during iteration
object is not iterable
cannot convert dictionary update sequence element #{c} to a sequence
dictionary update sequence element #{c} has length {c}; {c} is required
max() arg is an empty sequence
min() arg is an empty sequence
max() iterable argument is empty
min() iterable argument is empty
reduce() of empty iterable with no initial value
range() arg 3 must not be zero
zip() argument {c} is longer than argument {c}
zip() argument {c} is shorter than argument {c}
zip() argument {c} is longer than arguments 1-{c}
zip() argument {c} is shorter than arguments 1-{c}
invalid literal for int() with base 10: {text}
could not convert string to float: {text}
int() argument must be a string, a bytes-like object or a real number, not '{name}'
float() argument must be a string or a real number, not '{name}'
must be real number, not {name}
type {name} doesn't define __round__ method
cannot convert float NaN to integer
cannot convert float infinity to integer
cannot convert NaN to integer ratio
int too large to convert to float
chr() arg not in range(0x110000)
ord() expected a character, but string of length {c} found
sequence item {c}: expected str instance, {name} found
%{name} format: a real number is required, not {name}
not enough arguments for format string
not all arguments converted during string formatting
Unknown format code '{name}' for object of type '{name}'
unsupported format string passed to {name}.__format__
Invalid format specifier{rest}
Replacement index {c} out of range for positional args tuple
division by zero
float division by zero
integer division or modulo by zero
integer modulo by zero
float floor division by zero
float modulo
float modulo by zero
integer or modulo by zero
0.0 cannot be raised to a negative power
zero to a negative power
(34, 'Numerical result out of range')
math domain error
math range error
expected a nonnegative input, got {value}
expected a positive input
expected a positive input, got {value}
expected a finite input, got {value}
expected a number in range from -1 up to 1, got {value}
factorial() not defined for negative values
maximum recursion depth exceeded
maximum recursion depth exceeded while calling a Python object
maximum recursion depth exceeded in comparison
[Errno 2] No such file or directory: {text}
[Errno 13] Permission denied: {text}
exceptions must derive from BaseException
No active exception to reraise
catching classes that do not inherit from BaseException is not allowed
isinstance() arg 2 must be a type, a tuple of types, or a union
issubclass() arg 1 must be a class
super(): no arguments
super(): __class__ cell not found
super(type, obj): obj must be an instance or subtype of type
super(type, obj): obj (instance of {name}) is not an instance or subtype of type ({name}).
Can't instantiate abstract class {name}{rest}
generator raised StopIteration
generator already executing
Cannot choose from an empty sequence
Sample larger than population or is negative
non-integer arg 1 for randrange()
empty range for randrange(){rest}
empty range in randrange{rest}
nobody can answer `input()` while grading
nobody can answer `getpass()` while grading
"""
