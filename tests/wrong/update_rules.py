"""Mistakes in the update rules of FullyConnectedNets."""

import numpy as np

from cs231n import optim

from . import wrong

DEFAULTS = {
    "sgd_momentum": {"learning_rate": 1e-2, "momentum": 0.9},
    "rmsprop": {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8},
    "adam": {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0},
    "adagrad": {"learning_rate": 1e-2, "epsilon": 1e-8},
}
MEMORY = {"sgd_momentum": ["velocity"], "rmsprop": ["cache"], "adam": ["m", "v"]}


def _rule(name, cause):
    """Enter `step(w, dw, c) -> next_w` as a mistake; c is config with defaults filled in."""

    def enter(step):
        def rule(w, dw, config=None):
            config = {} if config is None else config
            for key, value in DEFAULTS[name].items():
                config.setdefault(key, value)
            for key in MEMORY.get(name, ["cache"]):
                config.setdefault(key, np.zeros_like(w))
            with np.errstate(all="ignore"):
                return step(w, dw, config), config

        wrong(name, cause)(rule)
        return rule

    return enter


# sgd_momentum


@_rule("sgd_momentum", "the velocity is subtracted although it already points downhill")
def momentum_subtracted(w, dw, c):
    c["velocity"] = c["momentum"] * c["velocity"] - c["learning_rate"] * dw
    return w - c["velocity"]


@_rule("sgd_momentum", "the velocity grows along the gradient: it points uphill")
def momentum_uphill(w, dw, c):
    c["velocity"] = c["momentum"] * c["velocity"] + c["learning_rate"] * dw
    return w + c["velocity"]


@_rule("sgd_momentum", "the step uses the old velocity; compute the new one first")
def momentum_old_velocity(w, dw, c):
    old = c["velocity"]
    c["velocity"] = c["momentum"] * old - c["learning_rate"] * dw
    return w + old


@_rule("sgd_momentum", "the new velocity is not stored in config")
def momentum_forgotten(w, dw, c):
    return w + c["momentum"] * c["velocity"] - c["learning_rate"] * dw


@_rule("sgd_momentum", "momentum is left out: plain gradient descent")
def momentum_none(w, dw, c):
    c["velocity"] = -c["learning_rate"] * dw
    return w + c["velocity"]


@_rule("sgd_momentum", "the gradient counts by 1 - momentum: an average, which the rule is not")
def momentum_averaged(w, dw, c):
    c["velocity"] = c["momentum"] * c["velocity"] - (1 - c["momentum"]) * c["learning_rate"] * dw
    return w + c["velocity"]


@_rule("sgd_momentum", "the learning rate is applied to the whole velocity, the old part included")
def momentum_rate_outside(w, dw, c):
    c["velocity"] = c["momentum"] * c["velocity"] - dw
    return w + c["learning_rate"] * c["velocity"]


@_rule("sgd_momentum", "Nesterov's look-ahead step, which is another rule")
def momentum_nesterov(w, dw, c):
    c["velocity"] = c["momentum"] * c["velocity"] - c["learning_rate"] * dw
    return w + c["momentum"] * c["velocity"] - c["learning_rate"] * dw


@_rule("sgd_momentum", "the velocity is cut to whole numbers; keep it as it is")
def momentum_whole_numbers(w, dw, c):
    v = c["momentum"] * c["velocity"] - c["learning_rate"] * dw
    c["velocity"] = v.astype(int)
    return w + c["velocity"]


@_rule("sgd_momentum", "dw is scaled in place; it is not this rule's to change")
def momentum_writes_dw(w, dw, c):
    dw *= c["learning_rate"]
    c["velocity"] = c["momentum"] * c["velocity"] - dw
    return w + c["velocity"]


@wrong("sgd_momentum", cause="a copy of config is updated; the dictionary that was passed must be")
def momentum_copied_config(w, dw, config=None):
    return optim.sgd_momentum(
        w, dw, None if config is None else dict(config, velocity=config["velocity"].copy())
    )


# rmsprop and adagrad: what goes wrong with a cache goes wrong in both


def _mean(c, dw):
    c["cache"] = c["decay_rate"] * c["cache"] + (1 - c["decay_rate"]) * dw**2


def _sum(c, dw):
    c["cache"] = c["cache"] + dw**2


for _name, _update in (("rmsprop", _mean), ("adagrad", _sum)):

    @_rule(_name, "epsilon stands inside the root; it belongs outside, beside the root")
    def epsilon_inside(w, dw, c, update=_update):
        update(c, dw)
        return w - c["learning_rate"] * dw / np.sqrt(c["cache"] + c["epsilon"])

    @_rule(_name, "epsilon is missing: where every gradient was 0, this is 0/0")
    def epsilon_missing(w, dw, c, update=_update):
        update(c, dw)
        return w - c["learning_rate"] * dw / np.sqrt(c["cache"])

    @_rule(_name, "the root is missing: the step is divided by the squares themselves")
    def root_missing(w, dw, c, update=_update):
        update(c, dw)
        return w - c["learning_rate"] * dw / (c["cache"] + c["epsilon"])

    @_rule(_name, "the new cache is not stored in config")
    def cache_forgotten(w, dw, c, update=_update):
        scratch = dict(c)
        update(scratch, dw)
        return w - c["learning_rate"] * dw / (np.sqrt(scratch["cache"]) + c["epsilon"])

    @_rule(_name, "the step divides by the old cache; update the cache first")
    def cache_old(w, dw, c, update=_update):
        old = c["cache"]
        update(c, dw)
        return w - c["learning_rate"] * dw / (np.sqrt(old) + c["epsilon"])

    @_rule(_name, "dw is squared in place; it is not this rule's to change")
    def writes_dw(w, dw, c, update=_update):
        update(c, dw)
        step = c["learning_rate"] * dw / (np.sqrt(c["cache"]) + c["epsilon"])
        dw *= dw
        return w - step

    @_rule(_name, "the learning rate is left out of the step")
    def rate_missing(w, dw, c, update=_update):
        update(c, dw)
        return w - dw / (np.sqrt(c["cache"]) + c["epsilon"])

    @_rule(_name, "the step is added: it goes uphill")
    def uphill(w, dw, c, update=_update):
        update(c, dw)
        return w + c["learning_rate"] * dw / (np.sqrt(c["cache"]) + c["epsilon"])

    @_rule(_name, "the gradient is not squared before it goes into the cache")
    def not_squared(w, dw, c, update=_update):
        update(c, np.sqrt(np.abs(dw)))
        return w - c["learning_rate"] * dw / (np.sqrt(c["cache"]) + c["epsilon"])


@_rule("rmsprop", "decay_rate and 1 - decay_rate are exchanged")
def rmsprop_exchanged(w, dw, c):
    c["cache"] = (1 - c["decay_rate"]) * c["cache"] + c["decay_rate"] * dw**2
    return w - c["learning_rate"] * dw / (np.sqrt(c["cache"]) + c["epsilon"])


@_rule("rmsprop", "squares are summed without decay: this is AdaGrad")
def rmsprop_sums(w, dw, c):
    c["cache"] = c["cache"] + dw**2
    return w - c["learning_rate"] * dw / (np.sqrt(c["cache"]) + c["epsilon"])


@_rule("rmsprop", "the new square counts fully: the factor 1 - decay_rate is missing")
def rmsprop_undamped(w, dw, c):
    c["cache"] = c["decay_rate"] * c["cache"] + dw**2
    return w - c["learning_rate"] * dw / (np.sqrt(c["cache"]) + c["epsilon"])


@_rule("adagrad", "old squares decay: this is RMSProp")
def adagrad_decays(w, dw, c):
    c["cache"] = 0.99 * c["cache"] + (1 - 0.99) * dw**2
    return w - c["learning_rate"] * dw / (np.sqrt(c["cache"]) + c["epsilon"])


@_rule("adagrad", "the cache holds the last square only; squares are summed over all steps")
def adagrad_overwrites(w, dw, c):
    c["cache"] = dw**2
    return w - c["learning_rate"] * dw / (np.sqrt(c["cache"]) + c["epsilon"])


# adam


def _moments(c, dw, count=True):
    c["t"] += count
    c["m"] = c["beta1"] * c["m"] + (1 - c["beta1"]) * dw
    c["v"] = c["beta2"] * c["v"] + (1 - c["beta2"]) * dw**2


def _corrected(c):
    return c["m"] / (1 - c["beta1"] ** c["t"]), c["v"] / (1 - c["beta2"] ** c["t"])


@_rule("adam", "m and v are not corrected for having started at 0")
def adam_uncorrected(w, dw, c):
    _moments(c, dw)
    return w - c["learning_rate"] * c["m"] / (np.sqrt(c["v"]) + c["epsilon"])


@_rule("adam", "only m is corrected for its start at 0; v needs it too")
def adam_only_m_corrected(w, dw, c):
    _moments(c, dw)
    return w - c["learning_rate"] * _corrected(c)[0] / (np.sqrt(c["v"]) + c["epsilon"])


@_rule("adam", "only v is corrected for its start at 0; m needs it too")
def adam_only_v_corrected(w, dw, c):
    _moments(c, dw)
    return w - c["learning_rate"] * c["m"] / (np.sqrt(_corrected(c)[1]) + c["epsilon"])


@_rule("adam", "the corrected m and v are stored in config, so the next step corrects them again")
def adam_stores_corrected(w, dw, c):
    _moments(c, dw)
    c["m"], c["v"] = _corrected(c)
    return w - c["learning_rate"] * c["m"] / (np.sqrt(c["v"]) + c["epsilon"])


@_rule("adam", "t is not counted up")
def adam_t_stands_still(w, dw, c):
    _moments(c, dw, count=False)
    m, v = _corrected(c)
    return w - c["learning_rate"] * m / (np.sqrt(v) + c["epsilon"])


@_rule("adam", "t is counted up after its use; count first, or the first step divides by 0")
def adam_t_late(w, dw, c):
    _moments(c, dw, count=False)
    m, v = _corrected(c)
    c["t"] += 1
    return w - c["learning_rate"] * m / (np.sqrt(v) + c["epsilon"])


@_rule("adam", "epsilon stands inside the root; it belongs outside, beside the root")
def adam_epsilon_inside(w, dw, c):
    _moments(c, dw)
    m, v = _corrected(c)
    return w - c["learning_rate"] * m / np.sqrt(v + c["epsilon"])


@_rule("adam", "epsilon is missing: where every gradient was 0, this is 0/0")
def adam_epsilon_missing(w, dw, c):
    _moments(c, dw)
    m, v = _corrected(c)
    return w - c["learning_rate"] * m / np.sqrt(v)


@_rule("adam", "the root of v is divided by 1 - beta2^t; the correction belongs inside the root")
def adam_corrects_the_root(w, dw, c):
    _moments(c, dw)
    root = np.sqrt(c["v"]) / (1 - c["beta2"] ** c["t"])
    return w - c["learning_rate"] * _corrected(c)[0] / (root + c["epsilon"])


@_rule("adam", "epsilon is divided by the correction of v as well, once more than its root needs")
def adam_epsilon_corrected(w, dw, c):
    _moments(c, dw)
    m, start = _corrected(c)[0], 1 - c["beta2"] ** c["t"]
    return w - c["learning_rate"] * m / (np.sqrt(c["v"] / start) + c["epsilon"] / start)


@_rule("adam", "dw is squared in place; it is not this rule's to change")
def adam_writes_dw(w, dw, c):
    next_w, _ = optim.adam(w, dw, c)
    dw *= dw
    return next_w


@_rule("adam", "beta1 and beta2 are exchanged")
def adam_betas_exchanged(w, dw, c):
    c["t"] += 1
    c["m"] = c["beta2"] * c["m"] + (1 - c["beta2"]) * dw
    c["v"] = c["beta1"] * c["v"] + (1 - c["beta1"]) * dw**2
    m, v = c["m"] / (1 - c["beta2"] ** c["t"]), c["v"] / (1 - c["beta1"] ** c["t"])
    return w - c["learning_rate"] * m / (np.sqrt(v) + c["epsilon"])


@_rule("adam", "the correction multiplies by t instead of raising beta to the power t")
def adam_beta_times_t(w, dw, c):
    _moments(c, dw)
    m, v = c["m"] / (1 - c["beta1"] * c["t"]), c["v"] / (1 - c["beta2"] * c["t"])
    return w - c["learning_rate"] * m / (np.sqrt(v) + c["epsilon"])


@_rule("adam", "v averages dw instead of its square")
def adam_not_squared(w, dw, c):
    c["t"] += 1
    c["m"] = c["beta1"] * c["m"] + (1 - c["beta1"]) * dw
    c["v"] = c["beta2"] * c["v"] + (1 - c["beta2"]) * dw
    m, v = _corrected(c)
    return w - c["learning_rate"] * m / (np.sqrt(v) + c["epsilon"])


@_rule("adam", "the step follows dw, not its running mean m")
def adam_without_m(w, dw, c):
    _moments(c, dw)
    return w - c["learning_rate"] * dw / (np.sqrt(_corrected(c)[1]) + c["epsilon"])


@_rule("adam", "the root of v is missing")
def adam_root_missing(w, dw, c):
    _moments(c, dw)
    m, v = _corrected(c)
    return w - c["learning_rate"] * m / (v + c["epsilon"])


@_rule("adam", "the step is added: it goes uphill")
def adam_uphill(w, dw, c):
    _moments(c, dw)
    m, v = _corrected(c)
    return w + c["learning_rate"] * m / (np.sqrt(v) + c["epsilon"])


@_rule("adam", "m and v are not stored in config: every step starts anew")
def adam_forgets(w, dw, c):
    scratch = dict(c)
    _moments(scratch, dw)
    c["t"] = scratch["t"]
    m, v = _corrected(scratch)
    return w - c["learning_rate"] * m / (np.sqrt(v) + c["epsilon"])
