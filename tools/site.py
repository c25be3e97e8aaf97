"""Writes the course as pages that need no kernel: `make site`, or `python -m tools.site FOLDER`.

Each notebook runs once, in a fresh kernel. Its page gets the text, the formulas as MathML, the outputs, and the models
of its live pictures, which `tools/site/site.js` plays. The pages use nothing but what lies beside them. They are built
in a temporary folder and then take the place of the old ones; a failure leaves those as they were.
"""

import argparse
import asyncio
import base64
import html
import json
import os
import pathlib
import re
import shutil
import struct
import sys
import tempfile

import nbformat
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import MarkdownWithMath

from bpcourse.text import readable
from tools import decks, site_decks, site_lite, site_search
from tools.formulas import MathRenderer, font_face, held_together, wrapped
from tools.handout import without_answers
from tools.site_about import about
from tools.site_models import VIEW, Models, widgets_of
from tools.site_runs import Fault, execute
from tools.typed import lines, printed, typed

ROOT = pathlib.Path(__file__).resolve().parents[1]
SHELL = ROOT / "tools" / "site"
SCRIPTS = ("search.js", "print.js", "run.js", "fit.js", "site.js")
NOTE = (
    "Nothing is computed on this page: it shows what its notebook gave when the page was built, and the live pictures "
    'play the numbers that came with it. Where the text says "run the cell", the result is already there. To change '
    "code and numbers, [run the course on your own machine](index.html#Start)."
)
INDEX_NOTE = "These pages need a browser and nothing else. To change code and numbers, [run the course](#Start)."


# What the hand does to a picture and no page can answer: a weight, a bias, a target, another sample or function.
HAND = re.compile(
    r"(?:(?:^|[.:;,] |\band |\b[Nn]ow |\b[Tt]hen )[Mm]ove (?!all\b|by\b|the slider,)|\bto move (?:its|their)|"
    r"Take the step|[Cc]lick a bird|[Cc]hoose (?:sample|another bird|sigmoid|tanh))"
)
NAMES = re.compile(r"(?<=[a-z][._(])(?=[a-zA-Z])")  # where a narrow column of a table breaks a line of code

# Text -----------------------------------------------------------------------------------------------------------------


class Renderer(MathRenderer):
    """Markdown to HTML, with formulas as MathML and links that lead to what is on the site."""

    def __init__(self, folder: pathlib.Path, site: pathlib.Path):
        super().__init__(escape=False)
        self.folder, self.site, self.addresses = folder, site, set()

    def block_math(self, body: str) -> str:
        return f'<span class="wide formula">{wrapped(body)}</span>'

    def text(self, text: str) -> str:
        return super().text(re.sub(r"(?<=\d) (?=[×%])|(?<=×) ", "\xa0", text))  # 4 × 3 and 95 % are one word

    def told(self, text: str) -> str:
        """A sentence that asks for what needs a kernel, with a word about it; README.md speaks of the notebooks."""
        if self.folder == ROOT or not HAND.search(html.unescape(re.sub(r"<[^>]*>", "", text))):
            return text
        return f'{text} <a class="needs" href="index.html#Start">(this needs Python)</a>'

    def paragraph(self, text: str) -> str:
        return super().paragraph(self.told(text))

    def block_text(self, text: str) -> str:  # a list item's
        return super().block_text(self.told(text))

    def heading(self, text: str, level: int, **attributes) -> str:
        words = html.unescape(re.sub(r"<[^>]*>", "", text)).strip().replace(" ", "-")  # as Jupyter calls it
        address = next(name for n in range(1, 1000) if (name := words + f"-{n}" * (n > 1)) not in self.addresses)
        self.addresses.add(address)
        return f'<h{level} id="{typed(address)}">{text}</h{level}>\n'

    def table(self, text: str) -> str:
        text = re.sub("<code>.*?</code>", lambda code: NAMES.sub("<wbr>", code[0]), text)
        return f'<div class="wide"><table>{text}</table></div>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        address = self.on_site(url)
        if address is None:
            return f'{text} (<span class="path">{typed(self.path_of(url))}</span>, in the folder of the course)'
        return super().link(text, address, title)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        address = self.on_site(url)
        if address is None:
            raise Fault(f"the picture {url} is not in images/.")
        return super().image(text, address, title)

    def path_of(self, url: str) -> str:
        """The file that a link means, from the root of the course; raises Fault if it is not there."""
        file = (self.folder / url.partition("#")[0]).resolve()
        if not file.exists() or not file.is_relative_to(ROOT):
            raise Fault(f"a link leads to {url}, which is not there.")
        return file.relative_to(ROOT).as_posix()

    def on_site(self, url: str) -> str | None:
        """The address of a link on the site, where what it needs is copied to; None for what stays in the course."""
        if url.startswith("#") or re.match(r"[a-z]+:", url):
            return url
        if re.fullmatch(r"[\w.-]+\.html(#.*)?", url):  # already an address on the site
            return url
        path, fragment = pathlib.PurePosixPath(self.path_of(url)), "#".join(["", *url.split("#")[1:]])
        if path.match("notebooks/*.ipynb"):
            return f"{path.stem}.html{fragment}"
        if path.match("images/*.*") or path.name == "LICENSE":
            name = path if path.suffix else path.with_suffix(".txt")
            (self.site / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(ROOT / path, self.site / name)
            return f"{name}{fragment}"
        return None


def readme() -> tuple[str, dict[str, str]]:
    """README.md: what stands before its first section, and its sections by their titles."""
    head, *sections = re.split(r"^## ", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return head, {title: text for title, _, text in (section.partition("\n") for section in sections)}


def section(title: str) -> str:
    """A section of README.md."""
    try:
        return readme()[1][title]
    except KeyError:
        raise Fault(f'README.md has no section "{title}".') from None


def listed(path: pathlib.Path) -> dict[str, str]:
    """What README.md's table says of a notebook, and where its page will be."""
    name = re.escape(path.name)
    row = re.search(rf"^\| \[(.+?)\]\(notebooks/{name}\) \| (.+?) \| (\d+) \|$", section("What is in it"), re.M)
    if not row:
        raise Fault(f"the table in README.md has no row for notebooks/{path.name}.")
    sentence = re.sub(r"^[^:]*=[^:]*: ", "", row[2])  # without the equation, which the page typesets
    told = {"name": row[1], "gives": sentence, "minutes": row[3]}
    return told | {"number": row[1].split()[0], "address": f"{path.stem}.html"}


# Notebooks ------------------------------------------------------------------------------------------------------------


def read(path: pathlib.Path, solutions: bool = True) -> nbformat.NotebookNode:
    """A notebook as it is committed, or as it is given out."""
    notebook = nbformat.read(path, as_version=4)
    return notebook if solutions else without_answers(notebook)


async def run(path: pathlib.Path, solutions: bool = True) -> nbformat.NotebookNode:
    """A notebook as it is after a run in a fresh kernel; raises Fault if a cell does.

    What no run repeats, a timing, is not taken again: the text beside it speaks of the numbers that are committed.
    """
    notebook = await execute(read(path, solutions), path)
    committed = {cell.id: cell for cell in read(path).cells}
    for cell in notebook.cells:
        if "nbval-ignore-output" in cell.metadata.get("tags", []):
            cell.outputs = committed[cell.id].outputs
    return notebook


def picture(output: nbformat.NotebookNode, name: str, site: pathlib.Path) -> None:
    """Writes the PNG of an output to a file of its own, and its place and size into the output."""
    png = base64.b64decode(output.data["image/png"])
    (site / "images").mkdir(exist_ok=True)
    (site / "images" / name).write_bytes(png)
    told = output.metadata.setdefault("image/png", nbformat.NotebookNode())
    wide, high = struct.unpack(">II", png[16:24])
    width = told.get("width", wide)
    told.update({"file": f"images/{name}", "width": width, "height": round(high * width / wide)})
    told.setdefault("alt", output.data.get("text/plain", ""))


# Pages ----------------------------------------------------------------------------------------------------------------


def write_page(notebook: nbformat.NotebookNode, folder: pathlib.Path, file: pathlib.Path, page: dict) -> str:
    """Writes a notebook as a page, and beside it the pictures, models and JavaScript that it needs; returns it."""
    models = Models(widgets_of(notebook))
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output]
    for n, output in enumerate(outputs, start=1):
        if "image/png" in output.data:
            picture(output, f"{file.stem}-{n}.png", file.parent)
        if view := output.data.pop(VIEW, None):
            key = view["model_id"]
            output.metadata.update({"live": models.take(key)} if models.playable(key) else {"needs_kernel": True})
    described = models.described()
    scripts = models.write_codes(file.parent)
    if described:
        text = f"site.play({json.dumps(described, ensure_ascii=False)});\n"
        file.with_suffix(".js").write_text(text, encoding="utf-8")
        scripts.append(f"{file.stem}.js")
    renderer = Renderer(folder, file.parent)
    markdown = MarkdownWithMath(renderer).render
    filters = {
        "markdown2html": lambda text: held_together(markdown(readable(text))),
        "printed": lambda text: "".join(f"<span>{line}</span>" for line in lines(printed(text))),
        "readable": readable,
        "typed": typed,
        "latex2html": lambda latex: renderer.block_math(latex.strip().strip("$")),
        "headings": re.compile(r'<h2 id="(.*?)">(.*?)</h2>').findall,
    }
    page = page | {
        "note": markdown(page["note"]),
        "scripts": ["lite.js", *SCRIPTS, *scripts],
    }
    exporter = HTMLExporter(template_name="site", extra_template_basedirs=[str(SHELL.parent)], filters=filters)
    try:
        body, _ = exporter.from_notebook_node(notebook, resources={"page": page})
    except (Fault, ValueError) as error:
        raise Fault(f"{page['source']}: {error}") from None
    file.write_text(body, encoding="utf-8")
    return body


def index(paths: list[pathlib.Path], pages: list[dict]) -> nbformat.NotebookNode:
    """The first page, as a notebook: README.md's opening, what each notebook gives, and how to run it all."""
    cells = [nbformat.v4.new_markdown_cell(readme()[0]), nbformat.v4.new_markdown_cell("## The notebooks")]
    for path, page in zip(paths, pages, strict=True):
        opening = nbformat.read(path, as_version=4).cells[0].source
        formulas = re.findall(r"\$\$.+?\$\$", opening, re.DOTALL)
        gives = f"{page['gives'][0].upper()}{page['gives'][1:]}. About {page['minutes']} minutes."
        text = f"### [{page['name']}]({page['address']})\n\n{gives}\n\n"
        cells.append(nbformat.v4.new_markdown_cell(text + "\n\n".join(formulas), metadata={"tags": ["entry"]}))
    after = section("What is in it").rpartition("|\n")[2].partition("```")[0]  # what stands between table and code
    cells.append(nbformat.v4.new_markdown_cell(f"{after}\n\n## Start\n{section('Start')}"))
    return nbformat.v4.new_notebook(cells=cells)


async def write_site(paths: list[pathlib.Path], site: pathlib.Path, solutions: bool = True) -> None:
    """Runs the notebooks, two at a time, and writes all pages."""
    for name in ("site.css", "theme.js", *SCRIPTS):
        shutil.copyfile(SHELL / name, site / name)
    shutil.copyfile(ROOT / "CITATION.cff", site / "CITATION.cff")
    (site / "notebooks").mkdir()
    if solutions:
        site_decks.write_shared(site / "slides")
    (site / "font.css").write_text(font_face(), encoding="utf-8")
    title, pages = readme()[0].partition("\n")[0].lstrip("# "), [listed(path) for path in paths]
    shared = {
        "course": title.partition(":")[0],
        "pages": pages,
        "about": about(),
        "licence": MarkdownWithMath(Renderer(ROOT, site)).render(section("Licence")),
    }
    first = {"kind": "index", "title": title, "note": INDEX_NOTE, "next": pages[0], "source": "README.md"}
    bodies = {"index.html": write_page(index(paths, pages), ROOT, site / "index.html", shared | first)}
    gate = asyncio.Semaphore(2)

    async def write(n: int, path: pathlib.Path) -> None:
        async with gate:
            notebook = await run(path, solutions)
        nbformat.write(read(path, solutions), site / "notebooks" / path.name)
        page = {"kind": "notebook", "note": NOTE, "source": path.name, **pages[n]}
        page |= {"previous": pages[n - 1] if n else None, "next": pages[n + 1] if n + 1 < len(pages) else None}
        page["title"] = f"{decks.title(notebook).replace('$', '')} · {shared['course']}"
        if solutions and decks.slides(read(path)):  # the deck is the teacher's
            page["deck"] = f"slides/{page['address']}"
            async with gate:
                shown = await site_decks.run(path)
            site_decks.write(shown, site / page["deck"])
        bodies[page["address"]] = write_page(notebook, path.parent, site / page["address"], shared | page)

    ended = await asyncio.gather(*(write(n, path) for n, path in enumerate(paths)), return_exceptions=True)
    for error in filter(None, ended):
        raise error
    names = {"index.html": shared["course"], **{page["address"]: page["name"] for page in pages}}
    found = [part for at, name in names.items() for part in site_search.sections(at, name, main_of(bodies[at]))]
    site_search.write(found, site / "search-index.js")


def main_of(body: str) -> str:
    """What a page says: without its frame, its notes and its list of headings."""
    return body.partition("<main")[2].partition("</main>")[0]


def build(paths: list[pathlib.Path], site: pathlib.Path, solutions: bool = True) -> None:
    """Puts a new site in the place of the old one; raises Fault, and leaves the old one, if it cannot be built."""
    kept = site / site_lite.FOLDER
    if site.exists() and {*site.iterdir()} - {kept, site / "lite.js"} and not (site / "site.js").exists():
        raise Fault(f"{site} is no site, and would be replaced.")
    site.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".site-", dir=site.parent) as folder:
        new, old = pathlib.Path(folder, "new"), pathlib.Path(folder, "old")
        new.mkdir()
        asyncio.run(write_site(paths, new, solutions))
        if kept.exists():
            os.replace(kept, new / kept.name)
        site_lite.tell(new)
        if site.exists():
            os.replace(site, old)
        os.replace(new, site)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="site", description="Writes the course as pages that need no kernel.")
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=ROOT / "site", help="where they go")
    parser.add_argument("--without-solutions", action="store_true", help="as a teacher gives it out")
    asked = parser.parse_args(arguments)
    target = asked.folder.resolve()
    try:
        build(sorted((ROOT / "notebooks").glob("*.ipynb")), target, not asked.without_solutions)
    except Fault as fault:
        sys.exit(f"No new site: {fault}")
    print(f"{target}: open index.html, or put the folder on any file server.")


if __name__ == "__main__":
    main(sys.argv[1:])
