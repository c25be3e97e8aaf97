"""Small faults outside the Python of the package, by the file they are in and the tests that should see them, the
quickest first: what stands there, and what someone might write by mistake."""

from tests.places import NOTEBOOKS

NAMES = {path.name[:2]: f"notebooks/{path.name}" for path in NOTEBOOKS}
WORDS = ["tests/notebooks/test_every_number.py", "tests/notebooks/test_numbers_in_prose.py"]


def script(name, *pairs, tests=None):
    """Faults in the JavaScript of a widget, which its tests on the stage should see."""
    tests = tests or [f"tests/widgets/on_stage/test_{name}_on_stage.py"]
    return [(f"bpcourse/widgets/{name}.js", right, wrong, tests) for right, wrong in pairs]


def notebook(number, tests, *pairs):
    """Faults in a notebook; `tests` are those of its words or formulas, None runs it and compares what it prints."""
    return [(NAMES[number], right, wrong, tests or [NAMES[number]]) for right, wrong in pairs]


def other(path, tests, *pairs):
    return [(path, right, wrong, tests) for right, wrong in pairs]


SCRIPTS = [
    *script(
        "common",
        ('text.replace("-", "−");\n}', "text;\n}"),
        ("numbers[n + 1]", "numbers[n]"),
        ('text.startsWith("−") ? `(${text})` : text', "text"),
        tests=["tests/widgets/on_stage/test_flow_on_stage.py"],
    ),
    *script(
        "common",
        ("if (sent) return (next = change);", ""),
        tests=["tests/widgets/on_stage/test_silence.py"],
    ),
    *script(
        "common",
        ("dataset.lmSuppressShortcuts", "dataset.lmSuppress"),
        tests=["tests/browser/test_03_in_jupyterlab.py"],
    ),
    *script(
        "flow",
        ('shownBy("cost") && say(values.C)', "say(values.C)"),
        ("carried[n] < 0);", "carried[n] > 0);"),
        ('for (const also of ["arrow", "label"])', 'for (const also of ["arrow"])'),
        ("Math.min(low, Math.floor(value))", "low"),
        ("before = sent?.descend && ", "before = "),
        ('if (model.get("step") === end) goTo(0);', ""),
        ("if (heading !== null) land(heading);\n    else if", "if"),
        ("parts[Math.max(here - 1, 0)]", "parts[here]"),
    ),
    *script(
        "flow",
        ("still.matches ? [] : story.steps", "story.steps"),
        tests=["tests/widgets/on_stage/test_flow_for_everyone.py"],
    ),
    *script(
        "flow",
        ("phases.length ? depart(to) : goTo(to)", "goTo(to)"),
        ("if (!coming.size) return;", "return;"),
        ('"unknown", !isKnown(part, symbol)', '"unknown", !symbol'),
        tests=["tests/widgets/on_stage/test_told_as_it_plays.py"],
    ),
    *script("common", ("other.focus()", ""), tests=["tests/widgets/on_stage/test_focus_stays.py"]),
    *script("flow", ("disabled: noKernel", "disabled: false"), tests=["tests/course/test_site_in_browsers.py"]),
    *script(
        "stepper",
        ("current < story.lines.length - 1", "true"),
        ("story.lines.slice(0, current + 1)", "story.lines.slice(0, current)"),
        ('!entry || form === "general"', "!entry"),
        ("if (fits) chosen = select;", "chosen = select;"),
    ),
    *script(
        "matrix",
        ("t ? [from, to] : [to, from]", "[to, from]"),
        ("if (l === n - 1 && !k)", "if (l === n - 2 && !k)"),
        ("lit = name === header || cells.includes(name)", "lit = cells.includes(name)"),
    ),
    *script(
        "predict",
        ('flow.get("step") > opens', 'flow.get("step") > opens + 9'),
        ('model.get("answer") || tell(model', "tell(model"),
    ),
    *script(
        "replay",
        ("said !== truth[n]", "said === truth[n]"),
        ("(epoch) => epoch <= ", "(epoch) => epoch < "),
        ("(box.bottom - box.top);", "(box.right - box.left);"),
    ),
]

FORMULAS = ["tests/notebooks/test_formulas.py"]
READ = [
    *notebook("02", FORMULAS, (r"\\odot \\sigma'(z^{L})", r"\\odot \\sigma(z^{L})")),
    *notebook("03", FORMULAS, (r"\\sum_{i} w^{l+1}_{ki}", r"\\sum_{i} w^{l+1}_{ik}")),
    *notebook("05", FORMULAS, (r"\\delta^{l}_{j} \\, a^{l-1}_{k}$$", r"\\delta^{l}_{j} \\, a^{l}_{k}$$")),
    *notebook("07", FORMULAS, (r"1_{k=j} - a^{L}_{j})", r"1_{k=j} - a^{L}_{k})")),
    *notebook("01", WORDS, ("$e^{-0.909} = 0.403$", "$e^{-0.909} = 0.430$")),
    *notebook("02", WORDS, ("The output is now 0.139", "The output is now 0.193")),
    *notebook("03", WORDS, ("the cost stays at $0.432$", "the cost stays at $0.423$")),
    *notebook("04", WORDS, ("1.337 - 0.074 = 1.263", "1.337 - 0.074 = 1.283")),
    *notebook("05", WORDS, ("the cost falls to $0.330$", "the cost falls to $0.303$")),
    *notebook("06", WORDS, ("It goes from $0.372$ to $0.366$", "It goes from $0.372$ to $0.387$")),
    *notebook("07", WORDS, ("$-0.161$ at epoch 2", "$-0.116$ at epoch 2")),
    *notebook("08", [*WORDS, "tests/notebooks/test_bug_hunt.py"], ("rises from 0.0109", "rises from 0.0119")),
    *notebook("00", None, ('"cost after:  0.256\\n"', '"cost after:  0.265\\n"')),
    *notebook("01", None, ("0.167434], [1.832602]", "0.167434], [1.823602]")),
    *notebook("03", None, ('"38 checks, all true\\n"', '"36 checks, all true\\n"')),
    *notebook("04", None, ("change / push:.3f", "change * push:.3f")),
    *notebook("05", None, ("bird.delta[3] @ bird.a[2].T", "bird.delta[3] * bird.a[3]")),
    *notebook("06", None, ("b²: 4 of 4", "b²: 3 of 4")),
    *notebook("08", ["tests/notebooks/test_bug_hunt.py"], ("d = (a3 - y)", "d = (y - a3)")),
    *notebook("03", ["tests/notebooks/test_decks.py"], ('"slide_type": "fragment"', '"slide_type": "fragmant"')),
]

PACKAGES = ["tests/tools/test_environment.py"]
AROUND = [
    *other("docs/teaching.md", ["tests/notebooks/test_teaching.py"], ("| 1 | 45 | 00, 01 |", "| 1 | 55 | 00, 01 |")),
    *other("environment.yml", PACKAGES, ("  - voila>=0.5.13\n", ""), ("numpy>=2.0", "numpy>=1.26")),
    *other("requirements.lock", PACKAGES, ("\nnumpy==", "\nnumpy>=")),
    *other("pyproject.toml", ["tests/tools/test_published.py"], ('version = "0.2.0"', 'version = "0.2.1"')),
    *other("tools/handout.py", ["tests/tools/test_handout.py"], ('if "solution" in tags:', 'if "solutions" in tags:')),
    *other("tools/notebooks.py", ["tests/notebooks/test_notebooks.py"], ('"image/svg+xml")', '"image/svg")')),
    *other(
        "bpcourse/data/penguins.csv", ["tests/test_data.py"], ("Torgersen,39.1,18.7,181", "Torgersen,39.7,18.1,181")
    ),
]
OUTSIDE = [*SCRIPTS, *READ, *AROUND]
