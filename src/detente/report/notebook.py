"""An assessment in a notebook: its report in a frame of its own, from which nothing is fetched; without the figures, the table of its levels."""

from __future__ import annotations

from dataclasses import asdict
from html import escape

from detente.ensemble import Assessment
from detente.errors import MissingExtra
from detente.report.contents import payload
from detente.report.document import table_html, to_html
from detente.report.ladder import levels_table
from detente.report.limits import LIMITS
from detente.report.names import Called

# The frame may run its script, save files and print, and reaches nothing of the notebook.
SANDBOX = "allow-scripts allow-downloads allow-modals"


def in_notebook(assessment: Assessment) -> str:
    """HTML for a notebook."""
    try:
        page = to_html(payload(assessment))
    except MissingExtra as error:
        table = "".join(table_html(asdict(levels_table(assessment, Called(assessment)))))
        return f"<p>{escape(assessment.title)}. {escape(LIMITS[0])}</p>{table}<p>{escape(str(error))}</p>"
    return f'<iframe title="{escape(assessment.title)}" sandbox="{SANDBOX}" width="100%" height="820" frameborder="0" srcdoc="{escape(page)}"></iframe>'
