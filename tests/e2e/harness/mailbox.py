"""A mail server on loopback: keeps what comes by SMTP, and answers as the test wants it to."""

from __future__ import annotations

import base64
import socketserver
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

from tests.e2e.harness.served import Served

if TYPE_CHECKING:
    from email.message import EmailMessage


@dataclass
class Mail:
    sender: str
    to: list[str]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def text(self) -> str:
        return str(self.message.get_content())


@dataclass
class Mailbox(Served):
    """`refusals` are said to RCPT, one a try, until there are none; `login` is "user:password"."""

    refusals: list[str] = field(default_factory=list)
    login: str = ""
    mails: list[Mail] = field(default_factory=list)
    tries: int = 0

    def __post_init__(self) -> None:
        box = self

        class Handler(socketserver.StreamRequestHandler):
            def say(self, line: str) -> None:
                self.wfile.write(line.encode() + b"\r\n")

            def handle(self) -> None:
                self.say("220 mailbox.test ESMTP")
                mail, logged_in = Mail("", [], b""), not box.login
                while line := self.rfile.readline().decode().rstrip("\r\n"):
                    word = line.split(" ")[0].upper()
                    if word == "EHLO":
                        self.say("250-mailbox.test" if box.login else "250 mailbox.test")
                        if box.login:
                            self.say("250 AUTH PLAIN")
                    elif word == "AUTH":
                        logged_in = self.log_in(line)
                        self.say("235 welcome" if logged_in else "535 wrong password")
                    elif word == "MAIL":
                        box.tries += 1
                        mail = Mail(line.split("<")[1].split(">")[0], [], b"")
                        self.say("250 ok" if logged_in else "530 log in first")
                    elif word == "RCPT":
                        refusal = box.refusals.pop(0) if box.refusals else ""
                        mail.to += [] if refusal else [line.split("<")[1].split(">")[0]]
                        self.say(refusal or "250 ok")
                    elif word == "DATA":
                        self.say("354 go on")
                        while (part := self.rfile.readline()) not in (b".\r\n", b""):
                            mail.raw += part.removeprefix(b".")
                        box.mails.append(mail)
                        self.say("250 taken")
                    else:
                        self.say("221 bye" if word == "QUIT" else "500 what?")

            def log_in(self, line: str) -> bool:
                given = line.split(" ")[2] if line.count(" ") == 2 else ""
                if not given:
                    self.say("334 ")
                    given = self.rfile.readline().decode().strip()
                said = base64.b64decode(given).decode().split("\0")
                return ":".join(said[1:]) == box.login

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"smtp://{self.address}"
