"""Generated pictures: the same on every machine, ready in seconds, free of anyone's licence.

toy10     the set of ten classes, in the shape of CIFAR-10
objects   the ten objects, as shapes
scenery   places, things in the way, and the light
canvas    antialiased shapes on a batch of pictures
dice      random numbers that are the same everywhere
"""

from . import toy10 as toy10
