"""The smallest client that speaks the protocol, so that what is measured is the server."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

SERVER = [sys.executable, "-m", "migration_ls", "serve", "--stdio"]


class Client:
    """A server process and the messages to and from it."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._number = 0

    @property
    def pid(self) -> int:
        return self._process.pid

    def notify(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def request(self, method: str, params: Any) -> Any:
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self.receive()
            if message.get("id") == number and "method" not in message:
                return message.get("result")

    def receive(self) -> Any:
        """The next message; requests of the server are answered with null."""
        stream = self._process.stdout
        length = 0
        while (line := stream.readline().strip()) or not length:
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            elif not line and not length:
                raise EOFError("the server ended")
        message = json.loads(stream.read(length))
        if "method" in message and "id" in message:
            self._send({"id": message["id"], "result": None})
        return message

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def close(self) -> None:
        self.request("shutdown", None)
        self.notify("exit", None)
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def memory(self) -> int:
        """Resident bytes of the server."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) * 1024


def started(root: Path) -> Client:
    """A server that is ready for the project; diagnostics are pulled."""
    client = Client(SERVER)
    capabilities = {
        "textDocument": {"diagnostic": {}},
        "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}},
    }
    client.request("initialize", {"processId": None, "rootUri": root.as_uri(), "capabilities": capabilities})
    client.notify("initialized", {})
    return client


class Document:
    """An open file that is changed again and again."""

    def __init__(self, client: Client, path: Path, text: str) -> None:
        self._client, self.uri, self.version = client, path.as_uri(), 1
        item = {"uri": self.uri, "languageId": "any", "version": 1, "text": text}
        client.notify("textDocument/didOpen", {"textDocument": item})
        self._client.request("textDocument/diagnostic", {"textDocument": {"uri": self.uri}})

    def change(self, text: str) -> float:
        """Seconds from the change to the diagnostics of the new text."""
        self.version += 1
        document = {"uri": self.uri, "version": self.version}
        start = time.perf_counter()
        self._client.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})
        self._client.request("textDocument/diagnostic", {"textDocument": {"uri": self.uri}})
        return time.perf_counter() - start


def initialize_seconds(command: list[str], root: Path) -> float:
    """Seconds from the start of a server to its answer to `initialize`."""
    start = time.perf_counter()
    client = Client(command)
    client.request("initialize", {"processId": None, "rootUri": root.as_uri(), "capabilities": {}})
    took = time.perf_counter() - start
    client.close()
    return took
