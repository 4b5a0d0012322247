"""From an assessment to one HTML file: text and tables as HTML, data of the figures as JSON, script and style inline, under its own policy.

The policy allows this script and this style sheet by their hashes, pictures that are in the page, and nothing else: the file asks for nothing from outside.
Whatever a scenario says is text: it is escaped as such in HTML, and in JSON no `<` is left. Without scripts the tables stand as they are.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from detente.ensemble import Assessment
from detente.report.bundle import bundle
from detente.report.contents import payload

SOME, LONG = 30, 60  # letters, from which a cell wants a wider column


def write(assessment: Assessment, path: str | Path, **parts: Any) -> None:
    """Write the report of an assessment; arguments as those of `payload`.

    Raises
    ------
    InvalidInput
        For an unknown standard of words.
    MissingExtra
        If the package was built without the figures.
    OSError
        If the file cannot be written.
    """
    Path(path).write_text(to_html(payload(assessment, **parts)), encoding="utf-8")


def to_html(told: Mapping[str, Any]) -> str:
    """The report as HTML."""
    made = bundle()
    # An end tag inside a script would end it; in JavaScript the backslash changes nothing.
    script, style = made.script.replace("</script", "<\\/script"), made.style.replace("</style", "<\\/style")
    policy = f"default-src 'none'; script-src {sha256(script)}; style-src {sha256(style)}; img-src data:; base-uri 'none'; form-action 'none'"
    question = told["question"]
    return "\n".join((
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f'<meta name="generator" content="detente {escape(question["version"])}">',
        f"<title>{escape(question['title'])}</title>",
        f"<style>{style}</style>",
        "</head>",
        "<body>",
        *_body(told),
        f'<script type="application/json" id="data">{island(told)}</script>',
        f"<script>{script}</script>",
        "</body>",
        "</html>\n",
    ))  # fmt: skip


def sha256(text: str) -> str:
    """A hash as a policy names it."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def island(told: Mapping[str, Any]) -> str:
    """Data of the figures as JSON that can stand in HTML."""
    figures = {panel["name"]: panel["figure"] for panel in told["panels"] if panel["figure"] is not None}
    data = {"format": told["format"], "scenario": told["question"]["scenario"], "figures": figures}
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")


def _body(told: Mapping[str, Any]) -> list[str]:
    question, panels = told["question"], told["panels"]
    about = [question["seen"], question["draws"], question["edits"]]
    lines = ['<a class="skip" href="#main">To the report</a>', "<header>", f"<h1>{escape(question['title'])}</h1>"]
    lines += [f'<p class="about">{escape(". ".join(about))}.</p>', f'<p class="limit">{escape(told["limits"])}</p>', '<div id="toolbar"></div>', "</header>"]
    lines += ['<nav aria-label="Contents"><ul>']
    lines += [f'<li data-mode="{panel["mode"]}"><a href="#{escape(panel["name"])}">{escape(panel["title"])}</a></li>' for panel in panels]
    lines += ["</ul></nav>", '<main id="main">', *(line for panel in panels for line in _panel(panel)), "</main>"]
    made = f"détente {question['version']}; scenario {question['scenario']}; digest {question['digest']}; result {question['result_digest']}"
    return [*lines, f"<footer><p>{escape(made)}</p></footer>"]


def paragraph(text: str) -> str:
    """A paragraph, in which no number is parted from its sign."""
    return f"<p>{re.sub(r'(?<=[0-9]) %', chr(0xA0) + '%', escape(text))}</p>"


def _panel(panel: Mapping[str, Any]) -> list[str]:
    name = escape(panel["name"])
    lines = [f'<section id="{name}" class="panel" data-mode="{panel["mode"]}" aria-labelledby="{name}-title">']
    lines += [f'<h2 id="{name}-title">{escape(panel["title"])}</h2>']
    lines += [paragraph(text) for text in panel["text"]]
    if panel["figure"] is not None:
        lines += [f'<figure hidden data-figure="{name}"><div class="drawing"></div><figcaption>{escape(panel["caption"])}</figcaption></figure>']
    lines += [line for table in panel["tables"] for line in table_html(table)]
    for part in panel["parts"]:
        lines += [f'<article id="{escape(part["name"])}" class="part"><h3>{escape(part["title"])}</h3>']
        lines += [paragraph(text) for text in part["text"]]
        lines += [*(line for table in part["tables"] for line in table_html(table)), "</article>"]
    return [*lines, "</section>"]


def table_html(table: Mapping[str, Any]) -> list[str]:
    """Lines of a table."""
    align = ["right" if sign == ">" else "left" for sign in table["align"]]
    name, count = escape(table["name"]), len(table["head"])
    searched = ' data-searched="true"' if table["searched"] else ""
    title = escape(table["title"])
    lines = [f'<details open class="table" id="table-{name}"{searched}><summary>{title}</summary>']
    lines += [f'<div class="scroll" tabindex="0" role="region" aria-label="{title}"><table><thead><tr>']
    lines += [f'<th scope="col" class="{side}">{escape(head)}</th>' for head, side in zip(table["head"], align, strict=True)]
    lines += ["</tr></thead><tbody>"]
    for index, row in enumerate(table["rows"]):
        anchor = f' id="{escape(table["anchors"][index])}"' if table["anchors"] else ""
        if len(row) == 1:
            lines.append(f'<tr{anchor}><th scope="rowgroup" colspan="{count}">{escape(row[0]["text"])}</th></tr>')
            continue
        cells = "".join(_cell(cell, align[k], k == 0) for k, cell in enumerate(row))
        lines.append(f"<tr{anchor}>{cells}</tr>")
    return [*lines, "</tbody></table></div></details>"]


def _cell(cell: Mapping[str, Any], side: str, first: bool) -> str:
    text = escape(cell["text"])
    side += " long" if len(cell["text"]) > LONG else " some" if len(cell["text"]) > SOME else ""
    if cell["value"] is not None:
        text = f'<data value="{cell["value"]!r}">{text}</data>'
    if cell["links"]:
        text = ", ".join(f'<a href="#{escape(target)}">{escape(told)}</a>' for told, target in cell["links"])
    if cell["target"]:
        text = f'<a href="#{escape(cell["target"])}">{text}</a>'
    return f'<th scope="row" class="{side}">{text}</th>' if first else f'<td class="{side}">{text}</td>'
