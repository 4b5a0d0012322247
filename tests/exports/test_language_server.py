"""yaml-language-server, which editors use, completes keys and tells what they mean from our schema. Skipped where it is not installed."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from detente.cli import main

SCENARIO = """\
# yaml-language-server: $schema=detente.schema.json
format: detente/scenario/1
title: A strait
as_of: 2026-01-01
horizon: 10
actors:
  north: {title: North, discount: 0.1, precision: 3}
rungs:
  calm: {title: Calm}
  crisis: {title: Crisis}
moves:
  incident:
    from: calm
    to: crisis
    rate: incident_rate
    
games:
  bargaining:
    at: crisis
    tempo: 6
    tree:
      north:
        wait: {to: calm}
        press: {to: calm, payof: 1}
        talk: {}
quantities:
  incident_rate:
    title: Incidents
    unit: 1/year
    family: lognormal
    evidence: judgement
    known: 2026-01
    why: A guess.
    
"""
RECORD = """\
# yaml-language-server: $schema=detente.schema.json
format: detente/record/1
title: Facts about a strait
coverage: {from: 1990, until: 2026}
sources: {}
facts:
  battalion:
    kind: deployment
    evidence: memory
    
"""


class Server:
    """A language server over its standard streams."""

    def __init__(self, program: str, folder: Path) -> None:
        self.process = subprocess.Popen([program, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.folder, self.number = folder, 0
        self.ask("initialize", processId=None, rootUri=folder.as_uri(), capabilities={})
        self.tell("initialized")

    def tell(self, method: str, **parameters: Any) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": parameters})

    def ask(self, method: str, **parameters: Any) -> Any:
        self.number += 1
        self._send({"jsonrpc": "2.0", "id": self.number, "method": method, "params": parameters})
        return self._until(lambda message: message.get("id") == self.number and "method" not in message)["result"]

    def open(self, name: str, text: str) -> list[str]:
        """Open a file and return what the server says is wrong in it."""
        uri = (self.folder / name).as_uri()
        self.tell("textDocument/didOpen", textDocument={"uri": uri, "languageId": "yaml", "version": 1, "text": text})
        told = self._until(lambda message: message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri)
        return [each["message"] for each in told["params"]["diagnostics"]]

    def completions(self, name: str, line: int, column: int) -> set[str]:
        found = self.ask("textDocument/completion", textDocument={"uri": (self.folder / name).as_uri()}, position={"line": line, "character": column})
        return {item["label"] for item in found["items"]}

    def hover(self, name: str, line: int, column: int) -> str:
        found = self.ask("textDocument/hover", textDocument={"uri": (self.folder / name).as_uri()}, position={"line": line, "character": column})
        return str(found["contents"]["value"])

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()

    def _send(self, message: Any) -> None:
        assert self.process.stdin is not None
        content = json.dumps(message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        self.process.stdin.flush()

    def _until(self, wanted: Any) -> Any:
        while not wanted(message := self._read()):
            # The server asks for settings: none of its own schemas, so that it needs no network.
            if message.get("method") == "workspace/configuration":
                settings = [{"schemaStore": {"enable": False}} for _ in message["params"]["items"]]
                self._send({"jsonrpc": "2.0", "id": message["id"], "result": settings})
            elif "id" in message and "method" in message:
                self._send({"jsonrpc": "2.0", "id": message["id"], "result": None})
        return message

    def _read(self) -> Any:
        assert self.process.stdout is not None
        length = 0
        while line := self.process.stdout.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        assert length, "the server is gone"
        return json.loads(self.process.stdout.read(length))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    program = shutil.which("yaml-language-server")
    if program is None:
        pytest.skip("yaml-language-server is not on the path")
    folder = tmp_path_factory.mktemp("strait")
    assert main(["schema", "--file", str(folder / "detente.schema.json")]) == 0
    found = Server(program, folder)
    yield found
    found.stop()


def place(text: str, words: str, after: int = 0) -> tuple[int, int]:
    """Line and column of words in a text; so many lines further down, the column stays."""
    line, found = next((number, line) for number, line in enumerate(text.split("\n")) if words in line)
    return line + after, found.index(words)


def test_keys_are_completed(server: Server) -> None:
    """What the mapping at the cursor may still have, and no more; the words that a key takes."""
    server.open("keys.yaml", SCENARIO)
    line, column = place(SCENARIO, "rate: incident_rate", after=1)
    assert server.completions("keys.yaml", line, column) == {"title", "origin", "trigger", "payoff", "when"}
    line, column = place(SCENARIO, "why: A guess.", after=1)
    assert {"median", "sigma", "source", "built_from"} <= server.completions("keys.yaml", line, column)
    line, column = place(SCENARIO, "evidence: judgement")
    assert {"measured", "published", "elicited", "judgement"} <= server.completions("keys.yaml", line, column + len("evidence: "))


def test_keys_of_a_fact_are_those_of_its_kind(server: Server) -> None:
    server.open("facts.yaml", RECORD)
    found = server.completions("facts.yaml", *place(RECORD, "evidence: memory", after=1))
    assert {"side", "host", "force", "value"} <= found and not {"pollster", "events", "series"} & found


@pytest.mark.parametrize(
    ("words", "told"), [("tempo", "meetings a year with a real option to act"), ("rate: inc", "events a year"), ("known", "when it became known"), ("games", "what is chosen")]
)
def test_a_key_tells_what_it_means(server: Server, words: str, told: str) -> None:
    server.open("hover.yaml", SCENARIO)
    line, column = place(SCENARIO, words)
    assert told in server.hover("hover.yaml", line, column + 1)


def test_a_slip_is_marked_and_nothing_else(server: Server) -> None:
    """A misspelt key of an end, and what the family of a distribution needs."""
    assert sorted(server.open("slips.yaml", SCENARIO)) == ['Missing property "median".', 'Missing property "sigma".', "Property payof is not allowed."]


def test_a_shipped_scenario_is_without_remarks(server: Server) -> None:
    import detente.library

    for name in ("first-steps", "baltic", "baltic-2021"):
        text = (Path(detente.library.__file__).parent / "scenarios" / f"{name}.yaml").read_text(encoding="utf-8")
        assert server.open(f"{name}.yaml", f"# yaml-language-server: $schema=detente.schema.json\n{text}") == []
