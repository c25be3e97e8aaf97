"""What nobody would write, by a grammar: lines in and outside the notation, and learners' functions."""

import functools
import gc
import sys
import time
import warnings

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

import bpcourse as bp
from bpcourse.exercises import running
from bpcourse.exercises.judging import Verdict
from bpcourse.exercises.next_line import NOT_JUDGED
from tools.patience import ON_A_QUICK_MACHINE, patience

AT_ONCE = 2.0  # seconds, on a quick machine
QUICK = settings(derandomize=True, database=None, deadline=None, suppress_health_check=[*HealthCheck])


def repeated(times, step, start):
    """step(step(… start))."""
    return functools.reduce(lambda value, _: step(value), range(times), start)


class Odd:
    """An object of which nothing can be asked; `how` is raised, or done, whatever is tried."""

    def __init__(self, how):
        self.how = how

    def _answer(self, *_):
        raise self.how

    __repr__ = __str__ = __len__ = __iter__ = __array__ = __float__ = __index__ = __format__ = __bool__ = _answer
    __eq__ = __lt__ = __add__ = __radd__ = __mul__ = __rmul__ = __hash__ = __getitem__ = __getattr__ = _answer


class NoText(Exception):
    def __str__(self):
        raise self


class NoTextButExit(Exception):
    def __str__(self):
        sys.exit()


def fails(error):
    raise error


def forever(*_):
    while True:
        pass


def stubborn():
    """Catches what should stop it."""
    while True:
        try:
            continue
        except BaseException:
            continue


NAMES = {name: getattr(bp.notation, name) for name in bp.notation.__all__}
KNOWN = {**NAMES, "np": np, "bp": bp, "repeated": repeated, "fails": fails, "forever": forever, "stubborn": stubborn}
KNOWN |= {"Odd": Odd, "NoText": NoText, "NoTextButExit": NoTextButExit, "sys": sys}

# Lines ---------------------------------------------------------------------------------------------------------------

ANSWERS = {
    "bp1": "partial(C_x, a[L, j]) * a[L, j] * (1 - a[L, j])",
    "bp2": "Sum(k, L)(w[L, k, j] * partial(C_x, a[L, k]) * sigma_prime(z[L, k])) * sigma_prime(z[L - 1, j])",
    "bp3": "Sum(k, l + 1)(w[l + 1, k, j] * delta[l + 1, k]) * sigma_prime(z[l, j])",
    "bp4": "partial(C_x, b[l, j]) * a[l - 1, k]",
}
INDICES = [
    *"lLjki",
    "1",
    "2",
    "l + 1",
    "L - 1",
    "j + 1",
    "1 + l",
    "l - j",
    "0",
    "-1",
    "99",
    "10**30",
    "10**5000",
    "True",
]
INDICES += [
    "np.int64(2)",
    "1.5",
    "1.0",
    "'L'",
    "None",
    ":",
    "[1]",
    "(j,)",
    "j, k",
    "L + 0.5",
    "z",
    "z[2, 1]",
    "1j",
    "a",
]
INDICES += ["np.ones(2)", "Odd(KeyError)", "float('nan')"]
ODD_TERMS = [
    "0",
    "1",
    "3",
    "0.5",
    "'text'",
    "None",
    "np.ones(3)",
    "np.int64(2)",
    "1j",
    "float('nan')",
    "10**400",
    "...",
    "C",
]
ODD_TERMS += [
    "True",
    "eta",
    "C_x",
    "L",
    "z",
    "Sum",
    "Sum(k, L)",
    "Exp",
    "object()",
    "[]",
    "sys.exit()",
    "forever()",
    "C",
]
ODD_TERMS += ["Odd(ValueError)", "Odd(SystemExit)", "fails(NoText())", "fails(KeyError)", "fails(GeneratorExit)"]
ODD_TERMS += ["fails(NoTextButExit())", "1 / 0", "fails(KeyboardInterrupt)", "print", "lambda: 1", "np.array([[1]])"]
SMALL = st.integers(0, 20) | st.sampled_from([40, 300, 3000])


def wrapped(term, index):
    """A term in something else."""
    around = ["-{}", "({})", "Exp({})", "Ln({})", "Square({})", "sigma({})", "sigma_prime({})", "{} ** 2", "{} ** 3"]
    around += [
        "{}.T",
        "Negative({})",
        "Mean({})",
        "[{}]",
        "Number({})",
        "abs({})",
        "{}[1]",
        "Same({}, 1)",
        "0 * {}",
        "1 / {}",
    ]
    two = [
        "{} + {}",
        "{} - {}",
        "{} * {}",
        "{} / {}",
        "{} @ {}",
        "({} == {})",
        "partial({}, {})",
        "Number({}, {})",
        "({}, {})",
    ]
    many = ["repeated({}, lambda e: -e, {})", "repeated({}, Square, {})", "repeated({}, lambda e: e + e, {})"]
    many += ["repeated({}, lambda e: e * e, {})", "repeated({}, lambda e: e / e, {})", "repeated({}, Exp, {})"]
    many += ["repeated({}, Sum(k, L), {})", "repeated({}, lambda e: Square(1 - e), {})", "repeated({}, Sum(l, 2), {})"]
    many += ["repeated({}, lambda e: Grid(e, j, L, k), {})", "repeated({}, lambda e: (e + 1) * (e + z[L, j]), {})"]
    return st.one_of(
        st.builds(lambda form, one: form.format(one), st.sampled_from(around), term),
        st.builds(lambda form, one, other: form.format(one, other), st.sampled_from(two), term, term),
        st.builds(lambda form, times, one: form.format(times, one), st.sampled_from(many), SMALL, term),
        st.builds("Sum({}, {})({})".format, index, index, term),
        st.builds("Grid({}, {}, {})".format, term, index, index),
    )


def lines(begins, answer):
    """Sources of lines; most begin as they should, some are true."""
    index = st.sampled_from(INDICES[:12]) | st.sampled_from(INDICES)
    symbol = st.sampled_from(["z", "a", "w", "b", "y", "delta"])
    leaf = st.one_of(
        st.builds("{}[{}, {}]".format, symbol, index, index),
        st.builds("w[{}, {}, {}]".format, index, index, index),
        st.builds("{}[{}]".format, symbol, index),
        st.builds("partial(C_x, {}[{}, {}])".format, symbol, index, index),
        st.sampled_from(ODD_TERMS),
        st.just(answer),
    )
    term = st.recursive(leaf, lambda inner: wrapped(inner, index), max_leaves=8)
    forms = [f"{begins} == {{}}"] * 4 + [f"{begins} == {answer} + 0 * ({{}})"] * 2
    forms += [f"{{}} == {begins}", f"{begins} == {answer} * ({{}})", f"{begins} == {answer} + ({{}}) - ({{}})", "{}"]
    return st.builds(lambda form, one: form.replace("{}", one), st.sampled_from(forms), term)


# Functions -----------------------------------------------------------------------------------------------------------

BEFORE = [
    "0",
    "sys.exit()",
    "forever()",
    "stubborn()",
    "fails(KeyError)",
    "fails(KeyError(Odd(KeyError)))",
    "fails(NoText())",
]
BEFORE += [
    "fails(NoTextButExit())",
    "fails(GeneratorExit)",
    "fails(KeyboardInterrupt)",
    "fails(MemoryError)",
    "1 / 0",
    "f(*given)",
]
BEFORE += [
    "fails(StopIteration)",
    "fails(RecursionError)",
    "fails(ExceptionGroup('', [NoText()]))",
    "fails(UserWarning)",
]
BEFORE += ["given[0].fill(0)", "given[-1].resize(1, 1)", "setattr(given[-1], 'shape', (-1,))", "np.seterr(all='raise')"]
BEFORE += [
    "vars(given[0]).clear()",
    "unlock(given[0])",
    "given[0].w[2].fill(0)",
    "object.__setattr__(given[0], 'w', {})",
]
BEFORE += ["given[0].w._values.clear()", "np.log(np.array([-1, 0]))", "__import__('warnings').warn('x')", "given[1][:]"]
BEFORE += ["np.broadcast_to(1.0, (2, 2)).__setitem__(0, 1)", "bp.Network([2, 2]).w[2].fill(1)", "sys.setprofile(None)"]
RESULTS = [
    "right",
    "table",
    "None",
    "...",
    "0",
    "'δ'",
    "object()",
    "print",
    "(1 for _ in table)",
    "wait()",
    "1j * table",
    "given[0]",
]
RESULTS += [
    "table * 1e308",
    "table * 1e-308",
    "table * np.nan",
    "np.full(table.shape, 1e308)",
    "np.full(table.shape, 5e-324)",
]
RESULTS += [
    "table * 0",
    "-table",
    "table.T",
    "table[..., None]",
    "table[:0]",
    "table.astype(object)",
    "table.astype('f2')",
]
RESULTS += [
    "np.longdouble('1e4000') * table",
    "table.astype(int)",
    "table.astype('U')",
    "table.astype('M8[s]')",
    "table > 0",
]
RESULTS += [
    "np.full(table.shape, 10**400)",
    "np.full(table.shape, None)",
    "np.broadcast_to(1.0, (10**6, 10**6))",
    "table + 1e-9",
]
RESULTS += [
    "np.ma.masked_all(table.shape)",
    "np.array(Odd(ValueError), object)",
    "Odd(ValueError)",
    "Odd(SystemExit)",
    "{}",
    "[]",
]
RESULTS += [
    "np.random.default_rng(0).normal(size=table.shape)",
    "table.tolist()",
    "table.view(np.matrix)",
    "10**400",
    "1e400",
]
RESULTS += [
    "np.full((1,) * 32, 2)",
    "np.zeros(3, 'i4,f8')",
    "np.float64(3)",
    "right * 2",
    "Exception",
    "type('x', (), {})()",
]


def functions():
    """Sources of what a function does first and what it returns."""
    result = st.recursive(
        st.sampled_from(RESULTS),
        lambda inner: st.one_of(
            st.builds("[{}]".format, inner),
            st.builds("({}, {})".format, inner, inner),
            st.builds("{{2: {}, 3: {}}}".format, inner, inner),
            st.builds("({{2: {}}}, {{l: 2 * t for l, t in tables.items()}})".format, inner),
            st.builds(
                "{{{}: {}}}".format, st.sampled_from(["2", "'x'", "None", "2.5", "(1, 2)", "Odd(KeyError)"]), inner
            ),
            st.builds("({} if table.shape[1] == 1 else {})".format, inner, inner),
            st.builds("np.array({})".format, inner),
        ),
        max_leaves=4,
    )
    return st.tuples(st.just("0") | st.sampled_from(BEFORE), result)


def unlock(net):
    for table in net.w.values():
        table.flags.writeable = True
        table[:] = 0


def learners(check, before, result):
    """A function that does this and returns that; `right` is the right answer and `table` a table of it."""
    done, back = (compile(source, "<a learner>", "eval") for source in (before, result))

    def f(*given):
        right = check.made(())(*given)
        tables = right[0] if isinstance(right, tuple) else {2: np.atleast_2d(right)}

        async def wait():
            return right

        known = {
            "f": f,
            "given": given,
            "right": right,
            "table": tables[2],
            "tables": tables,
            "unlock": unlock,
            "wait": wait,
        }
        eval(done, {**KNOWN, **known})
        return eval(back, {**KNOWN, **known})

    return f


# What must hold ------------------------------------------------------------------------------------------------------


def answered(check, given):
    """The verdict and after how many seconds it came: a sentence, at once, without a warning."""
    profile, state = sys.getprofile(), np.geterr()
    began = time.monotonic()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        gc.disable()  # hypothesis is called at each collection: a loop is not stopped where Python drops what is raised
        try:
            verdict = check(given)
        finally:
            gc.enable()
        shown = repr(verdict), verdict._repr_markdown_()
    seconds = time.monotonic() - began
    assert isinstance(verdict, Verdict)
    assert isinstance(verdict.text, str)
    assert verdict.text.strip()
    assert all(isinstance(text, str | None) for text in shown)
    assert NOT_JUDGED not in verdict.text
    assert [str(warning.message) for warning in warned] == []
    assert (sys.getprofile(), np.geterr()) == (profile, state)
    assert seconds < AT_ONCE * patience() / ON_A_QUICK_MACHINE
    return verdict, seconds


def a_shorter_wait(monkeypatch):
    """Endless loops end sooner."""
    monkeypatch.setattr(running, "SECONDS", 0.2)
    monkeypatch.setattr(running, "AGAIN", 0.02)
