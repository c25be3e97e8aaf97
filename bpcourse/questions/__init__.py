"""The predictions, for `bp.Predict`: a question, its answers, a reason for each, which is right, and how to know it.

Which answer is right, and every number in a reason, is computed from the trace that the question is asked of, so a
question fits any network, or says in a sentence what it needs. Those of notebooks 00 to 05 are about one step or one
equation, those of 06 to 08 about several layers. Someone who adds a question writes here.
"""

from bpcourse.questions import many_layers, one_equation
from bpcourse.questions.question import Answers, Question

__all__ = ["BP1", "BP2", "BP3", "BP4", "DEEP", "FORWARD", "NEEDED", "SPOILED", "START", "Answers", "Question"]

START = Question(
    "You move one weight: w²₁₁, on the wire from x₁ to neuron 1 of layer 2. Which activations change?",
    "input",
    "cost",
    "Green in the network: the wire, and all that follows it, the cost included. Move the slider of the wire.",
    one_equation.what_follows,
)
FORWARD = Question(
    "Which neuron of layer 2 collects the largest sum?",
    "input",
    "forward",
    "Each neuron of layer 2 now has its sum z, and shows its activation σ(z). Below: how the largest sum comes about.",
    one_equation.largest_sum,
)
BP1 = Question(
    "Which output has the bigger error δ, counting size and not sign?",
    "cost",
    "BP1",
    "Both errors now stand in the network. Click an output to see its two factors.",
    one_equation.bigger_output_error,
)
BP2 = Question(
    "Which hidden neuron gets the biggest error, counting size and not sign?",
    "BP1",
    "BP2",
    "The errors have travelled back. Click a neuron to see what arrived along its wires.",
    one_equation.biggest_hidden_error,
)
BP3 = Question(
    "You may move one bias by 0.1. Which move lowers the cost most?",
    "BP2",
    "BP3",
    "Each neuron now shows the gradient of its bias. Its slider moves the bias: watch the cost.",
    one_equation.best_bias,
)
BP4 = Question(
    "Which of these weights has the biggest gradient, counting size and not sign?",
    "BP1",
    "BP4",
    "Each wire now shows its gradient, the wider the bigger.",
    one_equation.biggest_weight_gradient,
)
NEEDED = Question(
    "The gradient of w²₂₁, on the wire from x₁ to neuron 2 of layer 2, is wanted and no other. Which errors δ must be "
    "computed for it?",
    "cost",
    "BP4",
    "Green in the network: the wire, and the way from the cost back to it. ◀ goes back to BP1 and BP2.",
    many_layers.what_a_gradient_needs,
)
DEEP = Question(
    "The errors of the last layer are there. BP2 takes them back, layer by layer, with two factors: weights and "
    "slopes. How big are the errors of layer 2, compared with those of the last layer?",
    "BP1",
    "BP2",
    "Press ◀ until only the last layer has errors, then ▶, and compare their sizes layer by layer.",
    many_layers.how_small,
    last=True,
)
SPOILED = Question(
    "In a program the error of output 1 comes out with the wrong sign. All else in the program is right. How many "
    "gradients are wrong?",
    "BP1",
    "BP4",
    "Green in the network: what is still right. All other gradients would be wrong; their numbers here are those that "
    "the program should get.",
    many_layers.what_is_spoiled,
)
