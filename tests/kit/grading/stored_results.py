"""Writes believable results of grading, as the grader stores them, without grading anything."""

import json
import random
from pathlib import Path

from cs231n import assignment
from cs231n.checks.cases import CASES, EXERCISES

HINTS = ("the sign is flipped", "4 times the right numbers: a sum where the mean belongs", "")
WRONG = (
    "dx: shape (4, 5) and dtype float64, as it should be",
    "dx: largest error 2.3e-01 of the largest right value; limit 1e-08",
    "dx: 17 of 20 wrong, first at [0, 1]: got 0.25",
)
WORDS = (
    "The gradient of the sigmoid vanishes for large $|z|$, since $\\sigma'(z) \\to 0$.",
    "ReLU is **dead** where every input is negative; `leaky` keeps a slope of 0.01.",
    "* Batch norm centres features\n* the scale of $W$ cancels:\n\n$$\\hat x = \\frac{x-\\mu}{s}$$",
    "The variance of a layer's output is $n \\cdot \\mathrm{Var}(w)$ times that of its input.",
    "Adam divides by a moving average, which forgets; AdaGrad's sum only grows.",
    "I think the deeper network is more sensitive, because errors multiply from layer to layer.",
    "한 층을 지날 때마다 분산이 곱해지므로 깊은 네트워크가 더 민감하다.",
)


def result(name, rng, ability=0.8):
    """One graded submission as a dictionary; how much of it is right follows the ability."""
    checks = [_check(case, rng, ability) for case in CASES.values()]
    asked = assignment.load().questions
    return {
        "submission": name,
        "source": f"{name}.zip",
        "sha256": f"{rng.getrandbits(256):064x}",
        "status": "graded",
        "message": "Every check was run.",
        "score": round(sum(check["points"] for check in checks), 2),
        "out_of": sum(check["worth"] for check in checks),
        "checks": checks,
        "answers": [_answer(question, rng) for question in asked],
        "notes": [],
        "seconds": round(rng.uniform(2, 9), 2),
        "graded_with": {"version": "0.1.0"},
    }


def failed(name, status, message):
    """One submission of which nothing could be graded."""
    empty = {"checks": [], "answers": [], "notes": [], "seconds": 0.1, "graded_with": {}}
    empty["out_of"] = sum(case.points for case in CASES.values())
    known = {"submission": name, "source": f"{name}.zip", "sha256": "0" * 64, "score": 0}
    return {**known, "status": status, "message": message, **empty}


def fill(folder, number, seed=0):
    """Write the results of a class into a grading folder; returns the folder."""
    rng = random.Random(seed)
    for i in range(number):
        name = f"student{i:05d}"
        data = result(name, rng, rng.betavariate(4, 1.5))
        if i % 50 == 7:
            data = failed(name, "unreadable", "This is no zip: the file is cut off.")
        if i % 50 == 9:
            data["status"], data["message"] = "timed out", "Two checks took longer than 60 seconds."
        store(folder, data)
    return Path(folder)


def store(folder, data):
    """Write one result where the grader would."""
    home = Path(folder, "results")
    home.mkdir(parents=True, exist_ok=True)
    text = json.dumps(data)
    (home / f"{data['submission']}.json").write_text(text, encoding="utf-8")


def _check(case, rng, ability):
    status = "passed"
    if rng.random() > ability:
        status = rng.choices(("failed", "error", "blank", "timeout", "killed"), (8, 3, 5, 1, 1))[0]
    lines = {"failed": WRONG, "error": ("TypeError: 'NoneType' object is not iterable",)}
    passed = status == "passed"
    return {
        "name": case.name,
        "exercise": case.exercise,
        "room": EXERCISES[case.exercise].room,
        "title": case.title,
        "points": case.points if passed else 0,
        "worth": case.points,
        "passed": passed,
        "status": status,
        "lines": list(lines.get(status, ())),
        "hint": rng.choice(HINTS) if status == "failed" else "",
        "advice": ["out is float64 where the input is float32"] * (rng.random() < 0.02),
        "carried_on": rng.random() < 0.03,
    }


def _answer(question, rng):
    text = " ".join(rng.choices(WORDS, k=rng.randint(1, 3))) if rng.random() > 0.08 else ""
    text += f"\n\nRun {rng.randrange(10**6)}." if text and rng.random() > 0.1 else ""
    return {
        "id": question.id,
        "notebook": question.notebook,
        "question": question.text,
        "text": text,
        "state": rng.choice(["answered"] * 20 + ["recovered"]) if text else "unanswered",
        "worth": question.points,
    }
