"""Uses every call of toxiproxy-python against a server on 127.0.0.1:8474."""

import socket
import socketserver
import sys
import threading
import time

from toxiproxy import Toxiproxy
from toxiproxy.exceptions import InvalidToxic, NotFound, ProxyExists


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(1024):
            self.request.sendall(data)


echo = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo)
echo.daemon_threads = True
threading.Thread(target=echo.serve_forever, daemon=True).start()
upstream = "127.0.0.1:%d" % echo.server_address[1]
server = Toxiproxy()


def ping(proxy):
    """The seconds until an answer."""
    host, port = proxy.listen.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        started = time.monotonic()
        connection.sendall(b"ping")
        assert connection.recv(4) == b"ping"
        return time.monotonic() - started


def raises(error, call):
    try:
        call()
    except error:
        return
    raise AssertionError("no %s" % error.__name__)


def version():
    assert server.running()
    assert b'"version"' in server.version()


def create():
    proxy = server.create(name="one", upstream=upstream)
    assert proxy.enabled and proxy.listen.startswith("127.0.0.1:")
    assert ping(server.get_proxy("one")) < 1
    raises(ProxyExists, lambda: server.create(name="one", upstream=upstream))
    assert list(server.proxies()) == ["one"] and server.get_proxy("none") is None


def toxics():
    proxy = server.get_proxy("one")
    for kind, attributes in {
        "latency": {"latency": 1, "jitter": 0},
        "bandwidth": {"rate": 1000},
        "slow_close": {"delay": 1},
        "timeout": {"timeout": 1000},
        "slicer": {"average_size": 10, "size_variation": 1, "delay": 1},
        "reset_peer": {"timeout": 0},
        "limit_data": {"bytes": 100},
    }.items():
        proxy.add_toxic(type=kind, stream="upstream", attributes=attributes)
        toxic = proxy.get_toxic(kind + "_upstream")
        assert (toxic.type, toxic.stream, toxic.attributes, toxic.toxicity) == (kind, "upstream", attributes, 1)
        assert proxy.destroy_toxic(toxic.name)
    assert proxy.toxics() == {}
    raises(InvalidToxic, lambda: proxy.add_toxic(type="nope"))
    raises(NotFound, lambda: proxy.destroy_toxic("nope"))


def latency():
    proxy = server.get_proxy("one")
    proxy.add_toxic(type="latency", attributes={"latency": 100})
    assert ping(proxy) >= 0.098
    proxy.destroy_toxic("latency_downstream")
    assert ping(proxy) < 0.098


def down():
    proxy = server.get_proxy("one")
    with proxy.down():
        assert not server.get_proxy("one").enabled
        raises(ConnectionRefusedError, lambda: ping(proxy))
    assert ping(proxy) < 1


def reset():
    proxy = server.get_proxy("one")
    proxy.add_toxic(type="latency", attributes={"latency": 100})
    proxy.disable()
    assert server.reset()
    assert server.get_proxy("one").enabled and proxy.toxics() == {}


def populate():
    made = server.populate([{"name": "one", "upstream": "127.0.0.1:9", "listen": "127.0.0.1:0"}])
    assert [proxy.upstream for proxy in made] == ["127.0.0.1:9"]
    server.destroy_all()
    assert server.proxies() == {}


failed = 0
for step in [version, create, toxics, latency, down, reset, populate]:
    try:
        step()
        print("ok", step.__name__)
    except Exception as error:
        failed = 1
        print("not ok", step.__name__, repr(error))
sys.exit(failed)
