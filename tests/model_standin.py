"""
A stand-in for a server that speaks OpenAI's chat completions, scripted by a list of answers.

What it checks and sends is OpenAI's API reference, "Create chat completion" (POST /chat/completions):
request    model, messages[] of {role, content}: required. temperature 0 to 2, max_tokens (deprecated)
           or max_completion_tokens, response_format {type: json_schema, json_schema: {name, strict,
           schema}}: optional. Authorization: Bearer KEY.
response   the chat completion object: id, object "chat.completion", created, model, choices[] of
           {index, message {role "assistant", content, refusal}, logprobs, finish_reason "stop" |
           "length" | "content_filter" | "tool_calls"}, usage {prompt_tokens, completion_tokens,
           total_tokens}.
errors     {"error": {message, type, param, code}} with 400, 401, 403, 404, 429, 500, 503
           (guide "Error codes"); Retry-After in seconds with 429.
"""
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "canary-key-" + "9vQ7hT2mXr8LpWc5J"
FIELDS = {"model", "messages", "temperature", "max_tokens", "max_completion_tokens", "response_format"}


class Reply:
    """One answer: a status with a body, or a broken one."""

    def __init__(self, content=None, finish="stop", status=200, refusal=None, raw=None, headers=None):
        self.content, self.finish, self.status, self.refusal = content, finish, status, refusal
        self.raw, self.headers = raw, headers or {}

    def body(self, model):
        if self.raw is not None:
            return self.raw
        return json.dumps({
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1700000000, "model": model,
            "choices": [{"index": 0, "message": {"role": "assistant", "content": self.content,
                                                 "refusal": self.refusal},
                         "logprobs": None, "finish_reason": self.finish}],
            "usage": {"prompt_tokens": 1200, "completion_tokens": 80, "total_tokens": 1280},
        }).encode()


def error(status, message, code=None, param=None, **headers):
    return Reply(status=status, headers=headers, raw=json.dumps(
        {"error": {"message": message, "type": "x", "param": param, "code": code}}).encode())


def fix(*edits, hypothesis="the cause", confidence=0.9, oracle="test", **more):
    """The answer that prompts/fix_system.txt asks for; edits are (path, find, replace)."""
    return json.dumps({"hypothesis": hypothesis, "confidence": confidence, "oracle": oracle,
                       "edits": [dict(zip(("path", "find", "replace"), e)) for e in edits], **more})


class StandIn:
    def __init__(self, *replies):
        self.replies, self.requests, self.wrong = list(replies), [], []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                outer.answer(self)

            def log_message(self, *_words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d/v1" % self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def check(self, handler, body):
        """What OpenAI would not take is noted; the flow fails by it."""
        if handler.path != "/v1/chat/completions":
            self.wrong.append("path " + handler.path)
        if handler.headers.get("Authorization") != "Bearer " + KEY:
            self.wrong.append("key")
        if set(body) - FIELDS or not body.get("model"):
            self.wrong.append("fields %s" % sorted(body))
        for message in body["messages"]:
            if set(message) != {"role", "content"} or message["role"] not in ("system", "user"):
                self.wrong.append("message %s" % sorted(message))
        form = body.get("response_format")
        if form and (form["type"] != "json_schema" or set(form["json_schema"]) !=
                     {"name", "strict", "schema"}):
            self.wrong.append("response_format")

    def answer(self, handler):
        raw = handler.rfile.read(int(handler.headers["Content-Length"]))
        body = json.loads(raw)
        self.check(handler, body)
        self.requests.append(raw.decode())
        reply = self.replies.pop(0) if self.replies else error(500, "no more answers")
        data = reply.body(body["model"])
        handler.send_response(reply.status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(data)))
        for name, value in reply.headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        try:
            handler.wfile.write(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # An answer above the limit is not read to its end.

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        assert not self.wrong, self.wrong
