"""Neural networks in NumPy, written by you: layers, networks, update rules, a solver and its data.

    layers/         one file for each family of layers; forward and backward stand side by side
    layer_utils     layers that are often used together, as one
    fast_layers     convolution and pooling for training; the loops to learn from are in layers
    rnn_layers      recurrent layers, LSTM, attention, word embedding: the door to them
    optim           update rules: a step downhill from a weight and its gradient
    classifiers/    networks: `params`, and `loss(X, y=None)`
    solver          the training loop; captioning_solver, the same for captions
    data_utils      CIFAR-10, or pictures generated here
    coco_utils      COCO's captions, or scenes and captions generated here
    image_utils     the picture at an address
    gradient_check  numeric gradients to hold yours against
    vis_utils       figures: image grids, training curves, weights; diagrams, computational graphs
    checks/         a verdict and a hint on every exercise: `python -m cs231n.checks`

Shape letters, the same in every docstring:

    N  pictures in a minibatch        C, H, W   channels, height, width of a picture
    D  features going into a layer    F, HH, WW filters, their height and width
    M  features coming out            T, V      time steps, words in the vocabulary
    C  classes, where scores are (N, C)   P    places of a picture that attention weighs
    H  units of a recurrent layer's state, where there is no height

`dx` is the derivative of the loss by `x`: it has the shape of `x`, and is returned where `x` was
passed.
"""
