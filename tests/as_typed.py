"""What somebody may type where a text is asked for, and how a test reads it back from Markdown and HTML."""

from html.parser import HTMLParser

HOSTILE = (
    "<script>window.ran = 1</script><img src=x onerror=\"window.ran = 2\">'\"]]>--><svg onload='window.ran = 3'>"
    "</title></textarea> &lt; $x$ \\(y\\) \\frac \\$ `c` {{ c }} {j} | *e* _f_ ~~g~~ [h](javascript:window.ran=4)"
    " www.a.b\n\n1. i\r\n# k\n    m \x00\x1b[31m \x85 \ud800 \uffff end"
)
BREAKS = [  # each alone means something to Markdown
    *("    code", "1. a", "1) a", "# a", "> a", "- a", "+ a", "* a", "|a|b|\n|-|-|\n|c|d|", "a\n===", "a\n---", "***"),
    *(
        "```\na\n```",
        "~~~\na\n~~~",
        "$$x$$",
        "$x$ and $y$",
        "\\begin{align}a\\end{align}",
        "\\(x\\) \\[y\\]",
        "\\\\(x\\\\)",
    ),
    *(
        "<b>a</b>",
        "<!-- a -->",
        "&lt;",
        "&#60;",
        "<https://a.b>",
        "https://a.b/c",
        "www.a.b",
        "a@b.c",
        "![a](b)",
        "[a]: b",
    ),
    *("__a__", "*a*", "~~a~~", "a  \nb", "a\\\nb", "`a`", "$", "\\", "@@0@@", ":smile:", "[^1]", "a\n\n\nb", "\ta"),
]


def hostile(tag):
    """A text to type, which is told from others by its first word."""
    return f"{tag} {HOSTILE}"


def as_read(text):
    """How it can be read."""
    text = text.replace("\r\n", "\n")
    for unshown in "\x00\x1b\x85\ud800\uffff":
        text = text.replace(unshown, "\N{REPLACEMENT CHARACTER}")
    return text


class Page(HTMLParser):
    """A piece of HTML: its `tags`, its `attributes` and its `text`."""

    def __init__(self, source):
        super().__init__()
        self.tags, self.attributes, self.text, self._inside = [], [], "", []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self.text += "\n" * (tag == "br")

    def handle_data(self, data):
        self.text += data
