"""What a browser would send of a page's form: its hidden fields, and what a test fills in."""

from __future__ import annotations

from html.parser import HTMLParser


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str | None, dict[str, str | None]] = {}
        self.open: dict[str, str | None] | None = None

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "form":
            self.open = self.forms.setdefault(values.get("action"), {})
        if tag == "input" and self.open is not None and values.get("name"):
            kind = values.get("type", "text")
            if kind in ("radio", "checkbox") and "checked" not in values:
                return
            self.open[values["name"]] = values.get("value", "")

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = None


def fields(answer, action):
    """The fields of the form that leads to an address, as they stand."""
    parser = _Forms()
    parser.feed(answer.text)
    return dict(parser.forms[action])


def has(answer, action):
    """Whether a page has a form that leads to an address."""
    parser = _Forms()
    parser.feed(answer.text)
    return action in parser.forms
