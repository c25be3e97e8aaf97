"""The widgets of a notebook as a page without a kernel needs them: `tools/site/site.js` plays what is written here."""

import base64
import hashlib
import json
import pathlib
import re

import nbformat

VIEW, STATE = "application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json"
REFERENCE = re.compile(r'"IPY_MODEL_(\w+)"')


def widgets_of(notebook: nbformat.NotebookNode) -> dict[str, dict]:
    """The widgets of a notebook that has run; font.css has their font, for all pages and all of a page."""
    states = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    for model in states.values():
        model["state"].pop("font", None)
    return states


def uncounted(frame: str) -> str:
    """A frame without the count of those before it: how many a training sends depends on the machine."""
    return base64.b64encode(bytes(8) + base64.b64decode(frame)[8:]).decode()


class Models:
    """The widgets of a notebook, as its page needs them: numbered, without what only Jupyter reads."""

    def __init__(self, states: dict[str, dict]):
        self.states, self.numbers, self.codes = states, {}, {}

    def playable(self, key: str) -> bool:
        """Whether the page can show a widget: it has JavaScript of its own, or is a box of such widgets."""
        state = self.states.get(key, {"state": {}})["state"]
        children = state.get("children")
        if children:
            return all(self.playable(child.removeprefix("IPY_MODEL_")) for child in children)
        return "_esm" in state

    def take(self, key: str) -> str:
        """Takes a widget and all that it refers to along; returns its id on the page."""
        if key not in self.numbers:
            self.numbers[key] = f"w{len(self.numbers) + 1}"
            for other in REFERENCE.findall(json.dumps(self.states[key]["state"])):
                if self.states[other]["model_name"] != "LayoutModel":
                    self.take(other)
        return self.numbers[key]

    def described(self) -> dict[str, dict]:
        """What travels with the page: each model's traits, bytes, layout and code; JavaScript goes to `codes`."""
        for key, model in self.states.items():
            ends = REFERENCE.findall(json.dumps(model["state"]))
            if model["model_name"].endswith("LinkModel") and all(end in self.numbers for end in ends):
                self.take(key)
        text = json.dumps({number: self._described(key) for key, number in self.numbers.items()}, ensure_ascii=False)
        return json.loads(REFERENCE.sub(lambda found: f'"IPY_MODEL_{self.numbers[found[1]]}"', text))

    def write_codes(self, folder: pathlib.Path) -> list[str]:
        """Writes the JavaScript of the widgets to files of its own, which pages share; returns their names."""
        for name, source in self.codes.items():
            text = f"site.code({json.dumps(name)}, {json.dumps(source)});\n"
            (folder / f"{name}.js").write_text(text, encoding="utf-8")
        return [f"{name}.js" for name in self.codes]

    def _described(self, key: str) -> dict:
        model = self.states[key]
        traits = {name: value for name, value in model["state"].items() if name[0] != "_" and value is not None}
        layout = self.states.get(traits.pop("layout", "").removeprefix("IPY_MODEL_"), {"state": {}})["state"]
        layout = {name.replace("_", "-"): value for name, value in layout.items() if name[0] != "_" and value}
        described = {"traits": traits, "layout": layout}
        if "children" in traits:
            described["children"] = traits["children"]
        if model["model_name"].endswith("LinkModel"):
            described["link"] = "both" if model["model_name"] == "LinkModel" else "one"
        if model.get("buffers"):
            described["bytes"] = {buffer["path"][0]: buffer["data"].strip() for buffer in model["buffers"]}
            if "frame" in described["bytes"]:
                described["bytes"]["frame"] = uncounted(described["bytes"]["frame"])
        if "_esm" in model["state"]:
            source = model["state"]["_esm"]
            name = model["state"]["_anywidget_id"].rpartition(".")[2].lower()
            described["code"] = f"{name}-{hashlib.sha256(source.encode()).hexdigest()[:8]}"
            self.codes[described["code"]] = source
        return described
