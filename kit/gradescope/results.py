"""Turns a result of the grader into Gradescope's results.json."""

FAILED = "The grader failed: this says nothing about your work. Tell the course staff."


def of(result, boundary):
    """A result as Gradescope reads it.

    Inputs:
    - result: As kit.grading.grade.grade gives it
    - boundary: A sentence for staff: what kept the submission from the grader's files

    Returns a dictionary for results.json. Source: gradescope-autograders.readthedocs.io/en/latest/
    specs (score, execution_time, output, visibility, tests).
    """
    return {
        "score": result["score"],
        "execution_time": result["seconds"],
        "output": _output(result),
        "output_format": "text",
        "visibility": "visible",
        "tests": [*map(_test, result["checks"]), _for_staff(result, boundary)],
    }


def _test(check):
    return {
        "name": f"{check['name']}: {check['title']}",
        "score": check["points"],
        "max_score": check["worth"],
        "status": "passed" if check["passed"] else "failed",
        "output": "\n".join(_lines(check)),
        "output_format": "text",
        "visibility": "visible",
    }


def _lines(check):
    yield from check["lines"]
    if check["hint"]:
        yield f"This looks like: {check['hint']}"
    if check["carried_on"]:
        yield "Carried on: judged with right functions in the place of some that yours needs."
    yield from (f"Advice: {line}" for line in check["advice"])


def _output(result):
    if result["status"] == "grader error":
        return FAILED
    told = [result["message"], *result["notes"]]
    asked, written = result["answers"], [a for a in result["answers"] if _answered(a)]
    if asked:
        told.append(f"{len(written)} of {len(asked)} inline answers are there; people mark them.")
    told += [f"{answer['id']}: no answer was found" for answer in asked if not _answered(answer)]
    return "\n".join(told)


def _answered(answer):
    return answer["state"] not in ("missing", "unanswered") and bool(answer["text"].strip())


def _for_staff(result, boundary):
    lines = [boundary, f"{result['status']}: {result['message']}", f"sha256 {result['sha256']}"]
    lines += [f"graded with {name} {value}" for name, value in result["graded_with"].items()]
    return {
        "name": "For staff only: the boundary",
        "output": "\n".join(lines),
        "output_format": "text",
        "visibility": "hidden",
    }
