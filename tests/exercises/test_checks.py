"""How a check judges: the whole bank of mistakes, what is not attempted, and the sentences that are said."""

import re
from dataclasses import replace

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.exercises.answers import NOT_YET, same
from bpcourse.proofs import DERIVATIONS

CHECKS = list(bp.check)
MISTAKES = {mistake for check in CHECKS for slip in check.slips for _, mistake in slip}
BY_NAME = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)

# The bank ------------------------------------------------------------------------------------------------------------


def names(slip):
    return {mistake.name for _, mistake in slip}


def given(check, slip):
    """What someone who makes these mistakes gives on every case."""
    return [check.expected(slip, n) for n in range(len(check.cases))]


@BY_NAME
def test_every_mistake_is_named_on_twenty_random_sets_of_networks(check):
    for seed in range(2000, 2020):
        check = replace(check, seed=seed)
        for slip in check.slips:
            if len(slip) == 1:
                results = given(check, slip)
                assert not all(same(*pair) for pair in zip(results, check.wanted, strict=True))
                assert names(check._recognised(results)) == names(slip)


@BY_NAME
def test_two_mistakes_at_once_are_named_where_it_can_be_told(check):
    """Two that nobody can tell from another one or two give the same numbers and refusals everywhere."""
    pairs = [slip for slip in check.slips if len(slip) == 2]
    untold = 0
    for slip in pairs:
        results = given(check, slip)
        if not any(isinstance(result, dict) for result in results):
            continue  # numpy refuses everything: there is nothing to go by
        found = check._recognised(results)
        if names(found) != names(slip):
            untold += 1
            for one, other in zip(results, given(check, found), strict=True):
                assert same(one, other) or not (isinstance(one, dict) or isinstance(other, dict))
    assert untold <= 0.2 * len(pairs)


@BY_NAME
def test_the_cases_differ_in_size_and_most_have_no_square(check):
    shapes = [[value.shape for value in case if isinstance(value, np.ndarray)] for case in check.cases]
    if check.name in ("backprop", "step"):
        shapes = [[table.shape for table in case[0].w.values()] for case in check.cases]
    open_ = [case for case in shapes if all(rows != columns for rows, columns in case)]
    assert len({str(case) for case in open_}) >= 4


def test_a_function_that_is_right_on_square_matrices_alone_is_not_accepted():
    def square(w, delta, z):
        return (w.T @ delta) * bp.sigmoid_prime(z) if w.shape[0] == w.shape[1] else np.ones(z.shape)

    assert not bp.check.bp2(square)
    assert not bp.check.bp2(lambda w, d, z: (w if w.shape[0] == w.shape[1] else w.T) @ d * bp.sigmoid_prime(z))


# What is said --------------------------------------------------------------------------------------------------------


def nothing(w_next, delta_next, z):
    """The errors of a layer."""


def dots(w_next, delta_next, z):
    """The errors of a layer."""
    ...


def skipped(w_next, delta_next, z):
    pass


def not_implemented(w_next, delta_next, z):
    raise NotImplementedError


@pytest.mark.parametrize("function", [nothing, dots, skipped, not_implemented, lambda w, d, z: ..., None, ...])
def test_not_attempted(function):
    verdict = bp.check.bp2(function)
    assert (repr(verdict), bool(verdict), verdict.mistakes) == (NOT_YET, False, ())


@BY_NAME
def test_not_attempted_in_each_exercise(check):
    assert repr(check(lambda *inputs: ...)) == NOT_YET
    if check.name in ("backprop", "step"):
        assert repr(check(lambda *inputs: (..., ...))) == NOT_YET


def test_what_is_shown_fits_a_cell_and_two_mistakes_have_a_line_each():
    verdict = bp.check.bp2(lambda w, d, z: (w @ d) * bp.sigmoid(z))
    assert verdict.mistakes == ("missing transpose", "σ for σ′")
    assert [line.split()[0] for line in verdict.text.splitlines()] == ["More", "1.", "2."]
    for shown in (verdict, bp.check.bp2.hint(3), bp.check):
        assert max(map(len, repr(shown).splitlines())) <= 76


def test_a_change_of_the_inputs_is_noticed_even_if_the_answer_is_right():
    def in_place(net, x, y, eta):
        step = bp.gradient_step(bp.backprop(net, x, y), eta)
        x *= 0
        return step

    def in_the_network(net, x, y, eta):
        for l, gradient in bp.backprop(net, x, y).grad_w.items():
            weights = net.w[l]
            weights -= eta * gradient
        return net.w, net.b

    for function, what in ((in_place, "changes x,"), (in_the_network, "changes net,")):
        verdict = bp.check.step(function)
        assert what in verdict.text
        assert verdict.mistakes == ("in-place change of the inputs",)


def test_the_cases_are_the_same_after_a_function_has_spoiled_its_copies():
    def spoil(a, y, z):
        a[:], y[:], z[:] = 0, 0, 0

    bp.check.bp1(spoil)
    assert bp.check.bp1(lambda a, y, z: (a - y) * bp.sigmoid_prime(z))


# Sentences -----------------------------------------------------------------------------------------------------------

CITED = {  # what stands in a line that a sentence or a hint sends the reader to
    "line 1 of the forward pass": r"\sum_{k} w^{l}_{jk} \, a^{l-1}_{k} + b^{l}_{j}",
    "line 2 of the forward pass": r"z^{l} = w^{l} \, a^{l-1} + b^{l}",
    "line 3 of the forward pass": r"a^{l}_{j} = \sigma(z^{l}_{j})",
    "line 4 of the forward pass": r"a^{l} = \sigma(z^{l})",
    "line 1 of the quadratic cost": r"\frac{1}{2} \, \sum_{j} (a^{L}_{j} - y_{j})^{2}",
    "line 2 of the quadratic cost": r"= a^{L}_{j} - y_{j}",
    "line 4 of the quadratic cost": r"(a^{L}_{j} - y_{j}) \, \sigma' (z^{L}_{j})",
    "line 6 of the quadratic cost": r"C = \frac{1}{m}",
    "line 6 of BP1": r"\sigma'(z^{L}_{j})",
    "line 8 of BP1": r"\odot \sigma'(z^{L})",
    "line 3 of BP2": r"\delta^{l+1}_{k}",
    "line 7 of BP2": r"\left(\sum_{k} w^{l+1}_{kj} \, \delta^{l+1}_{k}\right) \, \sigma'(z^{l}_{j})",
    "line 9 of BP2": r"((w^{l+1})^{T} \, \delta^{l+1}) \odot \sigma'(z^{l})",
    "line 4 of BP3": r"= \delta^{l}_{j}",
    "line 5 of BP3": r"= \delta^{l}",
    "line 6 of BP3": r"\frac{1}{m}",
    "line 4 of BP4": r"\delta^{l}_{j} \, a^{l-1}_{k}",
    "line 5 of BP4": r"\begin{bmatrix}",
    "line 6 of BP4": r"\delta^{l} \, (a^{l-1})^{T}",
    "line 7 of BP4": r"\frac{1}{m}",
}
TITLES = {"Forward": "the forward pass", "Quadratic cost": "the quadratic cost"}


SENTENCES = {mistake.sentence for mistake in MISTAKES}
HINTS = {hint for check in CHECKS for hint in check.hints}


def test_a_sentence_sends_the_reader_to_a_line_that_says_it():
    lines = {
        f"line {number} of {TITLES.get(derivation.name, derivation.name)}": line.equation.latex()
        for derivation in DERIVATIONS
        for number, line in enumerate(derivation.lines, start=1)
    }
    cited = {
        match.lower().replace("bp", "BP")
        for sentence in SENTENCES | HINTS
        for match in re.findall(r"[Ll]ine \d of (?:BP\d|the forward pass|the quadratic cost)", sentence)
    }
    assert cited - CITED.keys() == set()
    assert [place for place in cited if CITED[place].replace(" ", "") not in lines[place].replace(" ", "")] == []


def test_sentences_are_short_and_give_no_code_away():
    for sentence in SENTENCES | HINTS:
        assert len(sentence) <= 260
        assert sentence[0].isupper() or sentence[0] in "ησ("
        assert sentence[-1] in ".?"
    assert not re.search(r"\.T\b|@|keepdims|axis=", " ".join(SENTENCES))


def test_right_numbers_and_refusals_are_no_mistake_of_anybody():
    """A function that stops with many samples and is right with one made none of those that show with many alone."""
    verdict = bp.check.bp3(lambda delta: delta if delta.shape[1] == 1 else delta.no_such_thing)
    assert verdict.mistakes == ()
    assert "no_such_thing" in verdict.text
