"""The judges on a thousand networks of 2 to 10 layers, with weights from 1e-8 to 1e2."""

import pytest

from tests.proofs.any_network import of_gradients, of_lines, of_many

NETWORKS = 1000
WHAT = f"""On {NETWORKS:,} random networks of 2 to 10 layers, with all activations and costs and weights of a scale from
1e-8 to 1e2: right errors and gradients, and the same with a wrong sign and with a factor of 1.001 in one place. Not
judged is what double precision keeps fewer than 4 digits of, neither true nor false."""
JUDGES = [("`verify`", of_lines), ("`gradient_check`", of_gradients)]


@pytest.mark.parametrize(("judge", "judged"), JUDGES, ids=[name for name, _ in JUDGES])
def test_nothing_wrong_is_accepted_and_nothing_true_called_false(judge, judged, proved):
    found = of_many(judged, range(NETWORKS))
    told = {name: f"{found[name]:,}" for name in ("checks", "false alarms", "spoiled", "accepted", "not judged")}
    told["checks not judged"] = f"{found['lost']:,} ({found['lost'] / found['checks']:.2%})"
    proved("Judges", WHAT, {"judge": judge} | told)
    assert (found["false alarms"], found["accepted"]) == (0, 0)
    assert found["found"] + found["not judged"] == found["spoiled"] > NETWORKS
    assert found["lost"] < 0.05 * found["checks"]
