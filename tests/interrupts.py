"""Ctrl-C in the middle of training."""


def interrupt_at(s, iteration):
    """Let the solver's next drawing of minibatch number `iteration` be cut off by Ctrl-C."""
    draw = s.draw_batch

    def draw_or_stop():
        if s.iteration == iteration:
            s.draw_batch = draw
            raise KeyboardInterrupt
        return draw()

    s.draw_batch = draw_or_stop
