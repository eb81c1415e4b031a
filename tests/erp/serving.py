"""What serves a double that speaks JSON over HTTP: in a test, or alone."""
import http.server
import json
import sys
import threading
import urllib.parse


class Served:
    """A double says reply(request, address, text): status, headers, JSON."""
    media = "application/json"
    separators = None

    def serve(self, port=0):
        double = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def handle_any(self):
                at = urllib.parse.urlsplit(self.path)
                text = self.rfile.read(int(self.headers.get("Content-Length",
                                                            0)))
                status, more, done = double.reply(self, at, text)
                body = json.dumps(done, separators=double.separators).encode()
                self.send_response(status)
                self.send_header("Content-Type", double.media)
                self.send_header("Content-Length", str(len(body)))
                for name, value in more.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_DELETE = handle_any

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port),
                                                      Handler)
        self.server.daemon_threads = True
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True,
                         kwargs={"poll_interval": 0.05}).start()

    def alone(self):
        """At the port of the command line, until it is stopped."""
        self.serve(int(sys.argv[1]) if sys.argv[1:] else 0)
        print(self.url, flush=True)
        threading.Event().wait()

    def __enter__(self):
        self.serve()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
