"""Cases: what the checks feed the package with, notebook by notebook in the order of work."""

# In the order of work: the first cases of a notebook open its room.
# isort: off
from . import fully_connected as fully_connected
from . import update_rules as update_rules
from . import normalization as normalization
from . import normalized_networks as normalized_networks
from . import dropout as dropout
from . import convolution as convolution
from . import convolutional_networks as convolutional_networks
from . import spatial_normalization as spatial_normalization
from . import recurrent as recurrent
from . import captioning as captioning
from . import lstm as lstm
from . import attention as attention

# isort: on
from .registry import CASES as CASES
from .registry import EXERCISES as EXERCISES
from .registry import Case as Case
from .registry import Exercise as Exercise
from .registry import case as case
from .registry import cases_of as cases_of
