"""The server that test_http talks to: one path for each way in which an answer can be wrong.

usage: http_server.py [CERTIFICATE_AND_KEY.pem]; prints its port, ends with its standard input.
"""
import gzip
import os
import socket
import ssl
import sys
import threading
import time


def answer(status, body=b"", *headers):
    lines = ["HTTP/1.1 " + status, "Content-Length: %d" % len(body), *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def drip(client):
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(100):
        client.sendall(b"x")
        time.sleep(0.1)


def huge(client):
    client.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    for _ in range(1 << 14):
        client.sendall(b"x" * 65536)


def silent(client):
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
    time.sleep(30)


def cut(client):
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
    client.shutdown(socket.SHUT_RDWR)


def close(client):
    client.shutdown(socket.SHUT_RDWR)


PAGES = {
    "/ok": answer("200 OK", b"fine", "X-Kind: one", "x-kind: two", "ETag:  \"e\" "),
    "/error": answer("503 Service Unavailable", b"later", "Retry-After: 7"),
    "/redirect": answer("302 Found", b"", "Location: /ok"),
    "/many": answer("200 OK", b"", *["X-%d: y" % i for i in range(300)]),
    "/long": answer("200 OK", b"", *["X-%d: %s" % (i, "y" * 8000) for i in range(10)]),
    "/early": b"HTTP/1.1 103 Early Hints\r\nX-Early: y\r\n\r\n" + answer("200 OK", b"fine"),
    "/gzip": answer("200 OK", gzip.compress(b"z" * 1000), "Content-Encoding: gzip"),
    "/bomb": answer("200 OK", gzip.compress(b"z" * 5000000), "Content-Encoding: gzip"),
    "/mud": answer("200 OK", b"not gzip", "Content-Encoding: gzip"),
    "/none": answer("204 No Content"),
    "/noise": b"\x00\x01\x02 this is no HTTP\r\n\r\n",
}
ACTS = {"/drip": drip, "/huge": huge, "/silent": silent, "/cut": cut, "/close": close}


def read_request(client):
    data = b""
    while b"\r\n\r\n" not in data:
        more = client.recv(65536)
        if not more:
            return None, b""
        data += more
        if data[0] == 0x16:
            client.sendall(b"no TLS here")
            return None, b""
    head, body = data.split(b"\r\n\r\n", 1)
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            while len(body) < int(line[15:]):
                body += client.recv(65536)
    return head, body


ONCE = []


def once(client, answered):
    """Counts the requests; closes a connection unanswered at its second one."""
    ONCE.append(1)
    if answered:
        return close(client)
    return client.sendall(answer("200 OK", str(len(ONCE)).encode()))


def serve(client, number):
    answered = 0
    while True:
        head, body = read_request(client)
        if head is None:
            return
        path = head.split()[1].decode().split("?")[0]
        if path == "/echo":
            client.sendall(answer("201 Created", head + b"\n\n" + body))
        elif path == "/number":
            client.sendall(answer("200 OK", str(number).encode()))
        elif path == "/once":
            once(client, answered)
            answered += 1
        elif path in ACTS:
            ACTS[path](client)
            return
        else:
            client.sendall(PAGES.get(path, answer("404 Not Found")))


def connection(client, number, context):
    try:
        if context:
            client = context.wrap_socket(client, server_side=True)
        serve(client, number)
    except OSError:
        pass
    finally:
        client.close()


def main():
    context = None
    if len(sys.argv) > 1:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1])
    server = socket.create_server(("127.0.0.1", 0))
    print(server.getsockname()[1], flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    number = 0
    while True:
        client, _ = server.accept()
        number += 1
        threading.Thread(target=connection, args=(client, number, context), daemon=True).start()


main()
