"""Generated pictures: the same on every machine, ready in seconds, free of anyone's licence.

toy10         the set of ten classes, in the shape of CIFAR-10
toycap        the set with captions: pictures of one or two objects
scene_graphs  what is where in them
captions      what is said of them, and its words as numbers
truth         whether a caption is true of a scene
objects       the ten objects, as shapes
scenery       places, things in the way, and the light
canvas        antialiased shapes on a batch of pictures
dice          random numbers that are the same everywhere
"""

from . import captions as captions
from . import toy10 as toy10
from . import toycap as toycap
from . import truth as truth
