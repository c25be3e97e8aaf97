"""Sixty small faults, by the room they are in: code as it stands, and what someone might write by mistake."""

MUTANTS = [
    # tables and text
    ("tables", "if value.ndim != 2:", "if value.ndim > 2:"),
    ("tables", "if value.size == 0:", "if value.size < 0:"),
    ("tables", 'shape: str = COLUMNS, kinds: str = "biuf")', 'shape: str = COLUMNS, kinds: str = "biufc")'),
    ("tables", "return iter(sorted(self._values))", "return iter(self._values)"),
    ("tables", "            value.setflags(write=False)\n", "            value.setflags()\n"),
    ("text", 'return text.lstrip("-") if float(text) == 0', 'return text.lstrip("-") if float(text) == 1'),
    ("text", 'comma = "," if any(len(str(index)) > 1', 'comma = "," if any(len(str(index)) > 2'),
    # network
    ("network", "t = np.exp(np.where(negative, z, -z))", "t = np.exp(-np.abs(z))"),
    ("network", "return 4 * sigmoid_prime(2 * np.asarray(z))", "return 4 * sigmoid_prime(np.asarray(z))"),
    ("network", "e = np.exp(z - z.real.max(axis=0))", "e = np.exp(z - z.real.max())"),
    ("network", "return -_y_log(y, a).sum(axis=0, keepdims=True)", "return -_y_log(y, a).sum(axis=1, keepdims=True)"),
    ("network", "return y * np.log(np.where(y == 0, 1, a))", "return y * np.log(a)"),
    ("network", "return nabla_a_C * sigma_prime_z  # BP1", "return nabla_a_C / sigma_prime_z  # BP1"),
    ("network", "return (w_next.T @ delta_next) * sigma_prime_z", "return w_next.T @ (delta_next * delta_next.mean())"),
    ("network", "keepdims=True) / delta.shape[1]  # BP3", "keepdims=True)  # BP3"),
    ("network", "return (delta / delta.shape[1]) @ a_previous.T", "return (delta / delta.shape[0]) @ a_previous.T"),
    ("network", "        w_l[j - 1, k - 1] = finite_number", "        w_l[j - 1, -1] = finite_number"),
    ("network", "random.normal(size=(here, before)) / np.sqrt(before)", "random.normal(size=(here, before)) / before"),
    ("network", "if b[l].shape != (len(w[l]), 1):", "if b[l].shape[0] != len(w[l]):"),
    ("network", "delta[L] = a[L] - y  #", "delta[L] = y - a[L]  #"),
    ("network", "net.w[l] - eta * trace.grad_w[l]", "net.w[l] - eta * eta * trace.grad_w[l]"),
    ("network", "some = order[start : start + batch]", "some = order[start : start + batch + 1]"),
    ("tables", "if value <= 0:", "if value < 0:"),
    # numeric
    ("numeric", "return (value(step) - value(-step)) / (2 * step)", "return (value(step) - value(-step)) / step"),
    ("numeric", "onward(net, l, z, a)\n    return z, a", "return z, a"),
    ("numeric", "    values[place] += push\n", "    values[place] = push\n"),
    ("numeric", "if can_lose <= KEPT * size:", "if can_lose <= 1e6 * size:"),
    # notation
    ("notation", "return np.abs(self.compute(trace))", "return np.ones_like(self.compute(trace))"),
    ("notation", "isinstance(member, Total | Negative) or open_end", "isinstance(member, Negative) or open_end"),
    ("notation", "return value**2", "return value * 2"),
    ("notation", "self.shift + shift)", "self.shift - shift)"),
    ("notation", "return result[j, j] if result.ndim == 3", "return result[j, 0] if result.ndim == 3"),
    ("notation", "swapaxes(0, 1)", "copy()"),
    ("notation", "return value.mean(axis=-1, keepdims=True)", "return value.sum(axis=-1, keepdims=True)"),
    ("notation", 'return {"−": "-", "⊙": r"\\odot"}', 'return {"−": "+", "⊙": r"\\odot"}'),
    ("notation", "tuple(sorted(f + g, key=repr))", "tuple(f + g)"),
    # proofs
    ("proofs", "b[l, j] - eta * partial(C_x, b[l, j])", "b[l, j] + eta * partial(C_x, b[l, j])"),
    ("proofs", "main(partial(C_x, a[L]) == a[L] - y[L], ", "main(partial(C_x, a[L]) == y[L] - a[L], "),
    (
        "proofs",
        'delta[l] == (w[l + 1].T @ delta[l + 1]) * sigma_prime(z[l]),\n        "The sum',
        'delta[l] == (w[l + 1] @ delta[l + 1]) * sigma_prime(z[l]),\n        "The sum',
    ),
    ("proofs", "(w[l + 1, k, i] * sigma(z[l, i])) + b[l + 1, k]", "(w[l + 1, k, i] * sigma(z[l, i]))"),
    ("proofs", "z[L, j]) == a[L, k] * (Same(k, j) - a[L, j])", "z[L, j]) == a[L, k] * (Same(k, j) - a[L, k])"),
    ("proofs", "        if not line.side:\n", "        if line.side:\n"),
    # exercises
    ("exercises", "CLOSE = 4e-6", "CLOSE = 4e-3"),
    ("exercises", 'len(said) > 1:\n            said = ["More', 'len(said) > 2:\n            said = ["More'),
    ("exercises", "wrong = [g and not same(*pair)", "wrong = [g and same(*pair)"),
    ("exercises", '−σ′ for σ′", lambda a, y: y - a)', '−σ′ for σ′", lambda a, y: y + a)'),
    (
        "exercises",
        "if not np.isfinite(found).all():\n        word",
        "if np.isfinite(found).any() and False:\n        word",
    ),
    ("exercises", "if any(part.canonical() == left.canonical()", "if all(part.canonical() == left.canonical()"),
    # questions
    ("questions", "j = int(z.argmax()) + 1", "j = int(np.abs(z).argmax()) + 1"),
    ("questions", "found[i + 1], trace.sigma_prime(i))", "found[i + 1], trace.a[i])"),
    ("questions", "net.w[2][0, 0] + 1)", "net.w[2][0, 0] + 0)"),
    # pictures
    ("pictures", "length = ((qx - px) ** 2 + (qy - py) ** 2) ** 0.5\n    ux", "length = abs(qx - px)\n    ux"),
    ("pictures", "row * ((n + 1) / 2 - j)", "row * (n / 2 - j)"),
    ("pictures", "HALF_WIDTH, HALF_HEIGHT = 0.135, 0.115", "HALF_WIDTH, HALF_HEIGHT = 0.035, 0.015"),
    ("pictures", "number.set_text(shown(values[j - 1, 0], digits))", "number.set_text(shown(values[0, 0], digits))"),
    # widgets
    (
        "widgets",
        '("sum", l, net.w[l + 1].T @ trace.delta[l + 1])',
        '("sum", l, net.w[l + 1].T @ trace.delta[l + 1] / 2)',
    ),
    ("widgets", "if across != up and min(across, up) >= 1", "if min(across, up) >= 1"),
    ("widgets", 'pulses += [[Part("delta", l, j)', 'pulses += [[Part("a", l, j)'),
    (
        "widgets",
        '["", *(label for label, _ in self.story["answers"])]',
        '[label for label, _ in self.story["answers"]]',
    ),
    ("data", "if not 0 <= bird < self.x.shape[1]:", "if not 0 <= bird <= self.x.shape[1]:"),
]
