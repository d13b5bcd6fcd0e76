"""The templates: valid, and what they call is there."""

import re

import pytest
import yaml

from kit.__main__ import _parser
from kit.manifest import ROOT

TEMPLATES = ROOT / "kit" / "templates"


def commands(workflow):
    """What a workflow's steps run, one text a step."""
    jobs = yaml.safe_load((TEMPLATES / workflow).read_text(encoding="utf-8"))["jobs"]
    return [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]


@pytest.mark.parametrize("workflow", ["checks.yml", "grade.yml"])
def test_a_workflow_is_one_and_reads_only(workflow):
    content = yaml.safe_load((TEMPLATES / workflow).read_text(encoding="utf-8"))
    assert content["permissions"] == {"contents": "read"}
    # YAML 1.1 reads `on` as true.
    assert True in content and all("timeout-minutes" in job for job in content["jobs"].values())


def test_students_checks_know_no_secret_and_call_what_ships():
    text = (TEMPLATES / "checks.yml").read_text(encoding="utf-8")
    assert "secrets." not in text and "pull_request_target" not in text
    modules = re.findall(r"python -m (\S+)", "\n".join(commands("checks.yml")))
    assert modules == ["cs231n.checks"]
    assert (ROOT / "cs231n/checks/__main__.py").is_file() and (ROOT / "requirements.txt").is_file()


def test_the_staffs_workflow_calls_the_grader_as_it_is():
    (line,) = re.findall(r"python -m kit (.*)", "\n".join(commands("grade.yml")))
    options = _parser().parse_args(line.replace('"', "").split())
    assert options.run and str(options.out) == "results"


def test_the_container_calls_the_grader_as_it_is():
    text = (TEMPLATES / "Containerfile").read_text(encoding="utf-8")
    for source in re.findall(r"^COPY (\S+) ", text, re.MULTILINE):
        assert (ROOT / source).exists()
    instructions = re.findall(r"^([A-Z]+) ", text, re.MULTILINE)
    assert instructions[0] == "FROM" and instructions[-1] == "ENTRYPOINT"
    assert {*instructions} <= {"FROM", "RUN", "COPY", "WORKDIR", "ENTRYPOINT"}
    (line,) = re.findall(r"cs231n-kit (grade .*)", text)
    assert _parser().parse_args(line.split()).run
