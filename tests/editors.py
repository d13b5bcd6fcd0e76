"""Rewrites a notebook as other editors save it, for tests: Colab, VS Code, and old formats."""

import copy
import random
import string

LETTERS = string.ascii_letters + string.digits + "_-"


def as_colab(notebook, seed=231):
    """Colab: format 4.0, no ids of the file's; ids of its own, tags lost, outputs renumbered."""
    rng, result = random.Random(seed), copy.deepcopy(notebook)
    result.update(nbformat=4, nbformat_minor=0)
    result["metadata"] = {
        "colab": {"provenance": [], "toc_visible": True},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
    }
    for cell in result["cells"]:
        cell.pop("id", None)
        cell["metadata"] = {"id": "".join(rng.choices(LETTERS, k=12))}
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
        if cell["cell_type"] == "code":
            cell["metadata"].update(
                colab={"base_uri": "https://localhost:8080/"}, outputId="1b6f-4f3a"
            )
    return result


def as_old_colab(notebook):
    """Colab before 2020: not even ids of its own."""
    result = as_colab(notebook)
    for cell in result["cells"]:
        del cell["metadata"]["id"]
    return result


def as_vscode(notebook):
    """VS Code, format 4.5: ids stay, tags go, cells get its language mark."""
    result = copy.deepcopy(notebook)
    for cell in result["cells"]:
        cell["metadata"] = {"vscode": {"languageId": "python"}} if "outputs" in cell else {}
    result["metadata"] = {"language_info": {"name": "python", "version": "3.12.1"}}
    return result


def as_vscode_4_2(notebook):
    """VS Code on a file that came in an old format: it stays old, without ids."""
    result = as_vscode(notebook)
    result["nbformat_minor"] = 2
    for cell in result["cells"]:
        cell.pop("id", None)
    return result


EDITORS = {
    "jupyter": copy.deepcopy,
    "colab": as_colab,
    "old-colab": as_old_colab,
    "vscode": as_vscode,
    "vscode-4.2": as_vscode_4_2,
}
