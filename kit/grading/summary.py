"""Says how a class did: at the terminal, and as a page with a histogram."""

from cs231n.checks import messages

from .page import apart, bar, cleaned, page, plain, points
from .survey import BINS

LISTED = 25
WIDTH, HEIGHT = 640, 190  # of the histogram, in pixels
STYLE = """
.facts { display: flex; flex-wrap: wrap; gap: .4rem 2.2rem; margin: 1rem 0 }
.facts div b { display: block; font-size: 1.7rem; line-height: 1.2 }
svg { width: 100%; height: auto; max-width: 44rem; font: 11px system-ui, sans-serif }
svg rect { fill: var(--good) } svg text { fill: var(--faint); text-anchor: middle }
svg line { stroke: var(--faint) }
.reason { color: var(--faint) }
"""


def text(survey):
    """The summary for a terminal."""
    lines = [f"{survey.submissions:,} submissions: {_statuses(survey)}", *_scores(survey), ""]
    tallest = max(survey.histogram())
    for i, count in enumerate(survey.histogram()):
        low, high = 100 * i // BINS, 100 * (i + 1) // BINS
        lines.append(f"  {low:>3}–{high:<3} % {'#' * round(40 * count / tallest):<40} {count:>6,}")
    if survey.most_failed(10):
        lines += ["", "Most failed checks:"]
    for share in survey.most_failed(10):
        lines.append(f"  {1 - share.rate:>4.0%}  {_line(share.name, 60):<40} {_reason(share, 100)}")
    lines += ["", "Exercises, hardest first:"] * bool(survey.exercises)
    for share in sorted(survey.exercises.values(), key=lambda e: e.rate)[:10]:
        lines.append(
            f"  {share.rate:>4.0%} right  {share.mean:>4.0%} of the points  {_line(share.name, 60)}"
        )
    lines += ["", "Questions:"] * bool(survey.questions)
    lines += [f"  {_line(q.name, 40):<10} {_question(q)}" for q in survey.hardest()[:10]]
    return "\n".join([*lines, "", _time(survey)])


def say(survey):
    """Print the summary."""
    messages.say(text(survey))


def html(survey, left):
    """The summary as a page, with links to the answers and the table of grades.

    Inputs:
    - survey: A Survey
    - left: Sentences on what a person should know
    """
    quartiles = " – ".join(points(score) for score in survey.quartiles()[::2])
    facts = {
        "submissions": f"{survey.submissions:,}",
        f"median, {_unit(survey)} for the checks": points(_median(survey)),
        "the middle half": quartiles or "–",
        "grading time": _duration(survey.seconds),
    }
    boxes = "".join(f"<div><b>{value}</b>{name}</div>" for name, value in facts.items())
    notes = "".join(f"<p class=part>{plain(note, 1000)}</p>" for note in left)
    links = '<a href="answers.html">answers to mark</a> · <a href="grades.csv">grades.csv</a>'
    body = [
        f'<h1>Summary</h1><p class=small>{links}</p>{notes}<div class="facts">{boxes}</div>',
        f"<h2>Scores of the checks</h2>{histogram(survey.histogram())}",
        f"<h2>Status</h2><table>{_status_rows(survey)}</table>",
        _exercises(survey),
        _failed(survey),
        _questions(survey),
        f"<h2>Time</h2><p>{plain(_time(survey))}</p>",
    ]
    return page("Summary", "\n".join(body), STYLE)


def histogram(bins):
    """Bars of counts over twentieths of the points, as SVG."""
    step, tallest = WIDTH / len(bins), max(1, *bins)
    bars = []
    for i, count in enumerate(bins):
        height = (HEIGHT - 50) * count / tallest
        left, top = i * step, HEIGHT - 25 - height
        label = (
            f'<text x="{left + step / 2:.1f}" y="{top - 4:.1f}">{count:,}</text>' if count else ""
        )
        bars.append(
            f'<rect x="{left + 1:.1f}" y="{top:.1f}" width="{step - 2:.1f}" height="{height:.1f}"/>'
            + label
        )
    base = HEIGHT - 25
    bars.append(f'<line x1="0" x2="{WIDTH}" y1="{base}" y2="{base}"/>')
    for percent in range(0, 101, 20):
        x = WIDTH * percent / 100
        bars.append(f'<text x="{x:.1f}" y="{HEIGHT - 8}">{percent} %</text>')
    box = f"-20 0 {WIDTH + 40} {HEIGHT}"
    title = "How many submissions earned which share of the checks' points"
    return f'<svg viewBox="{box}" role="img" aria-label="{title}">{"".join(bars)}</svg>'


def _status_rows(survey):
    return "\n".join(
        f"<tr><td>{plain(status, 60)}<td>{bar(count / survey.submissions)}"
        f"<td class=number>{count:,}<td class=number>{count / survey.submissions:.1%}</tr>"
        for status, count in survey.statuses.most_common()
    )


def _exercises(survey):
    rows, before = [], None
    for share in survey.exercises.values():
        if share.room != before:
            rows.append(f'<tr><th colspan="5">{plain(share.room, 100)}</tr>')
        before = share.room
        rows.append(
            f"<tr><td><code>{plain(share.name, 100)}</code><td>{bar(share.rate)}"
            f"<td class=number>{share.rate:.0%}<td class=number>{share.blank / share.counted:.0%}"
            f"<td class=number>{share.mean:.0%}</tr>"
        )
    head = "<th>Exercise<th>All right<th><th class=number>Not written<th class=number>Points"
    return f"<h2>Exercises</h2><table><tr>{head}</tr>{''.join(rows)}</table>" if rows else ""


def _failed(survey):
    rows = "\n".join(
        f"<tr><td class=number>{1 - share.rate:.0%}<td><code>{plain(share.name, 100)}</code>: "
        f'{plain(share.title, 200)}<br><span class="small reason">{plain(_reason(share, 300))}'
        "</span></tr>"
        for share in survey.most_failed(LISTED)
    )
    head = "<tr><th class=number>Failed<th>Check, and the most frequent reason</tr>"
    return f"<h2>Most failed checks</h2><table>{head}{rows}</table>" if rows else ""


def _questions(survey):
    rows = "\n".join(
        f"<tr><td>{apart(q.name, 80)}<td>{bar(q.mean if q.right else 0)}<td>{_question(q)}</tr>"
        for q in survey.hardest()
    )
    return f"<h2>Questions, hardest first</h2><table>{rows}</table>" if rows else ""


def _question(share):
    waiting = share.counted - share.right - share.blank
    mean = f"{share.mean:.0%} of the points; " if share.right else ""
    rest = f", {waiting:,} to mark" if waiting > 0 else ""
    return f"{mean}{share.right:,} marked{rest}, {share.blank:,} unanswered"


def _reason(share, longest):
    """The most frequent reason of a check's failures, and how frequent."""
    if not share.reasons:
        return ""
    text, count = share.reasons.most_common(1)[0]
    failures = share.counted - share.right
    return f"{_line(text, longest)} ({count:,} of {failures:,})"


def _statuses(survey):
    return ", ".join(f"{count:,} {_line(s, 60)}" for s, count in survey.statuses.most_common())


def _scores(survey):
    quartiles = survey.quartiles()
    mean = sum(score * count for score, count in survey.measured()) / survey.submissions
    middle = f"the middle half {points(quartiles[0])} to {points(quartiles[2])}"
    told = f"median {points(quartiles[1])}, mean {points(mean)}, {middle}"
    return [f"checks, {_unit(survey)}: {told}"]


def _unit(survey):
    totals = " or ".join(map(points, survey.totals)) or "0"
    many = len(survey.totals) > 1
    return f"in % of each one's own total of {totals} points" if many else f"of {totals} points"


def _median(survey):
    return survey.quartiles()[1] if survey.scores else 0


def _time(survey):
    slowest = ", ".join(
        f"{_line(name, 60)} {_duration(seconds)}"
        for seconds, name in sorted(survey.longest, reverse=True)
    )
    mean = survey.seconds / survey.submissions
    return f"Grading took {_duration(survey.seconds)}, {_duration(mean)} each; longest: {slowest}"


def _line(text, longest):
    """A foreign text as a part of one line."""
    return " ".join(cleaned(text, longest).split())


def _duration(seconds):
    if seconds < 120:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
