"""A client that speaks to the server over its standard input and output, and an editor's way with workspace edits."""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

SECONDS = 60

VS_CODE = {
    "workspace": {
        "applyEdit": True,
        "configuration": True,
        "workspaceFolders": True,
        "diagnostics": {"refreshSupport": True},
        "codeLens": {"refreshSupport": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "workspaceEdit": {
            "documentChanges": True,
            "resourceOperations": ["create", "rename", "delete"],
            "changeAnnotationSupport": {"groupsOnLabel": True},
        },
    },
    "textDocument": {
        "diagnostic": {"dynamicRegistration": True},
        "codeAction": {
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["", "quickfix", "source"]}},
        },
    },
    "window": {"workDoneProgress": True},
    "general": {"positionEncodings": ["utf-16"]},
}
NEOVIM_07 = {
    "workspace": {
        "applyEdit": True,
        "configuration": True,
        "workspaceFolders": True,
        "workspaceEdit": {"resourceOperations": ["rename", "create", "delete"]},
    },
    "textDocument": {
        "publishDiagnostics": {"relatedInformation": True},
        "codeAction": {
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["", "quickfix"]}},
        },
    },
    "window": {"workDoneProgress": True},
}
MINIMAL: dict = {}


class ServerError(Exception):
    """The server answered with an error."""


class Client:
    """One session with one server."""

    def __init__(self, *roots: Path, settings=None) -> None:
        self.roots = roots
        self.settings = settings
        self.messages: list[dict] = []
        self.applied: list[dict] = []
        self.diagnostics: dict[str, dict] = {}
        self.capabilities: dict = {}
        self._ids = 0
        self._answers: dict[int, queue.Queue] = {}
        self._told = threading.Condition()
        self._writing = threading.Lock()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "migration_ls", "serve", "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=roots[0] if roots else None,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent.parent)},
        )
        self.log: list[str] = []
        self._threads = [threading.Thread(target=job, daemon=True) for job in (self._read, self._read_log)]
        for thread in self._threads:
            thread.start()

    # Messages

    def send(self, message: dict) -> None:
        self.send_bytes(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def send_bytes(self, body: bytes) -> None:
        with self._writing:
            self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            self.process.stdin.flush()

    def notify(self, method: str, params=None) -> None:
        self.send({"method": method, "params": params} if params is not None else {"method": method})

    def ask(self, method: str, params=None) -> int:
        """Send a request without waiting for its answer; the id for `answer`."""
        self._ids += 1
        self._answers[self._ids] = queue.Queue()
        message = {"id": self._ids, "method": method}
        self.send({**message, "params": params} if params is not None else message)
        return self._ids

    def answer(self, number: int, seconds: float = SECONDS):
        try:
            message = self._answers[number].get(timeout=seconds)
        except queue.Empty:
            raise TimeoutError("".join(self.log[-40:])) from None
        if "error" in message:
            raise ServerError(message["error"])
        return message["result"]

    def request(self, method: str, params=None, seconds: float = SECONDS):
        return self.answer(self.ask(method, params), seconds)

    def wait(self, condition, seconds: float = SECONDS) -> None:
        with self._told:
            if not self._told.wait_for(condition, seconds):
                raise TimeoutError(f"{condition}\n{self.diagnostics}\n{''.join(self.log[-40:])}")

    def _read(self) -> None:
        stream = self.process.stdout
        while header := stream.readline():
            assert header.startswith(b"Content-Length: "), header
            while stream.readline().strip():
                pass
            self._take(json.loads(stream.read(int(header.split()[1]))))

    def _read_log(self) -> None:
        for line in self.process.stderr:
            self.log.append(line.decode(errors="replace"))

    def _take(self, message: dict) -> None:
        if "method" not in message:
            self._answers[message["id"]].put(message)
            return
        with self._told:
            self.messages.append(message)
            if message["method"] == "textDocument/publishDiagnostics":
                self.diagnostics[message["params"]["uri"]] = message["params"]
            elif message["method"] == "workspace/applyEdit":
                self.applied.append(message["params"]["edit"])
            self._told.notify_all()
        if "id" in message:
            self.send({"id": message["id"], "result": self._result(message)})

    def _result(self, message: dict):
        if message["method"] == "workspace/configuration":
            return [self.settings for _ in message["params"]["items"]]
        if message["method"] == "workspace/applyEdit":
            return {"applied": True}
        return None

    # A session

    def initialize(self, capabilities: dict, **more) -> dict:
        folders = [{"uri": root.as_uri(), "name": root.name} for root in self.roots]
        result = self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": folders[0]["uri"] if folders else None,
                "workspaceFolders": folders or None,
                "capabilities": capabilities,
                **more,
            },
        )
        self.capabilities = result["capabilities"]
        self.notify("initialized", {})
        return result

    def uri(self, path: str, root: int = 0) -> str:
        return (self.roots[root] / path).as_uri()

    def open(self, path: str, text: str | None = None, version: int = 1) -> str:
        """Open a file in the editor; with other text than it has on disk if that is given."""
        uri = self.uri(path)
        if text is None:
            text = (self.roots[0] / path).read_bytes().decode()
        document = {"uri": uri, "languageId": "x", "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})
        return uri

    def change(self, uri: str, text: str, version: int) -> None:
        self.notify(
            "textDocument/didChange",
            {"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": text}]},
        )

    def pull(self, uri: str, previous: str | None = None) -> dict:
        return self.request(
            "textDocument/diagnostic",
            {"textDocument": {"uri": uri}, **({"previousResultId": previous} if previous else {})},
        )

    def hover(self, uri: str, line: int, character: int, seconds: float = SECONDS) -> str:
        position = {"line": line, "character": character}
        found = self.request("textDocument/hover", {"textDocument": {"uri": uri}, "position": position}, seconds)
        return found["contents"]["value"] if found else ""

    def lenses(self, uri: str) -> list[dict]:
        return self.request("textDocument/codeLens", {"textDocument": {"uri": uri}})

    def actions(self, uri: str, start, end=None, **context) -> list[dict]:
        """The actions at positions that are `(line, character)`."""
        first, last = ({"line": line, "character": character} for line, character in (start, end or start))
        return self.request(
            "textDocument/codeAction",
            {
                "textDocument": {"uri": uri},
                "range": {"start": first, "end": last},
                "context": {"diagnostics": [], **context},
            },
        )

    def resolve(self, action: dict) -> dict:
        return self.request("codeAction/resolve", action)

    def shown(self) -> list[str]:
        return [item["params"]["message"] for item in self.messages if item["method"] == "window/showMessage"]

    def stop(self, seconds: float = 20) -> int:
        """End the session as an editor does; the server's exit status."""
        self.request("shutdown")
        self.notify("exit")
        return self.process.wait(seconds)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for thread in self._threads:
            thread.join(5)
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.stderr.close()


# What an editor does with a workspace edit


def file_of(uri: str) -> Path:
    return Path(unquote(urlsplit(uri).path))


def lines_of(text: str) -> list[str]:
    """Lines with their ends, as the protocol counts them."""
    lines, start, at = [], 0, 0
    while at < len(text):
        if text[at] == "\n" or (text[at] == "\r" and text[at + 1 : at + 2] != "\n"):
            lines.append(text[start : at + 1])
            start = at + 1
        at += 1
    return [*lines, text[start:]]


def offset_of(text: str, position: dict, encoding: str) -> int:
    lines = lines_of(text)
    line = lines[position["line"]]
    size = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[encoding]
    unit = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    before = line.encode(size)[: position["character"] * unit].decode(size)
    return sum(map(len, lines[: position["line"]])) + len(before)


def selected(text: str, range_: dict, encoding: str = "utf-16") -> str:
    return text[offset_of(text, range_["start"], encoding) : offset_of(text, range_["end"], encoding)]


def edited(text: str, edits: list[dict], encoding: str = "utf-16") -> str:
    spans = [
        (offset_of(text, edit["range"]["start"], encoding), offset_of(text, edit["range"]["end"], encoding), edit)
        for edit in edits
    ]
    spans.sort(key=lambda item: item[:2])
    assert all(first[1] <= second[0] for first, second in pairwise(spans)), edits
    for start, end, edit in reversed(spans):
        text = text[:start] + edit["newText"] + text[end:]
    return text


def applied(edit: dict, texts: dict[str, tuple[str, int]] | None = None, encoding: str = "utf-16") -> dict[Path, str]:
    """The texts of all files that an edit touches, after it; `texts` are the open ones with their versions."""
    open_texts = texts or {}
    result: dict[Path, str] = {}

    def make(uri: str, edits: list[dict]) -> None:
        path = file_of(uri)
        former = open_texts[uri][0] if uri in open_texts else result.get(path)
        result[path] = edited(path.read_bytes().decode() if former is None else former, edits, encoding)

    for uri, edits in (edit.get("changes") or {}).items():
        make(uri, edits)
    annotations = edit.get("changeAnnotations")
    for change in edit.get("documentChanges") or []:
        if change.get("kind") == "create":
            path = file_of(change["uri"])
            assert not path.exists()
            assert not (change.get("options") or {}).get("overwrite")
            assert annotations is None or change["annotationId"] in annotations
            result[path] = ""
            continue
        document = change["textDocument"]
        expected = open_texts[document["uri"]][1] if document["uri"] in open_texts else None
        assert document["version"] == expected, document
        assert annotations is None or all(item["annotationId"] in annotations for item in change["edits"])
        make(document["uri"], change["edits"])
    return result


def eventually(question, wanted, seconds: float = 20):
    """Ask until the answer pleases."""
    end = time.monotonic() + seconds
    while not wanted(answer := question()):
        assert time.monotonic() < end, answer
        time.sleep(0.05)
    return answer
