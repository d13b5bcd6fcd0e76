"""Sees what is in toycap's pictures, as a network trained on photographs sees it in those of COCO.

network   runs the network: whole numbers, so that its outputs have the same bits everywhere
features  makes of them what captioning starts from: `describe(pictures)`
cells     what the network should see, and how often it does
train     how it was trained: `python -m cs231n.vision.train FILE`
"""

from .features import describe as describe
