"""A company under GST with a month of documents, and its programs."""
import json
import os
import subprocess

from house import database
from taxed import OWN, SELLER, Taxed, buyer, document, invoice
from terminal import Terminal

NOW = {"BAHI_CLOCK": "2026-11-05T09:00:00Z"}
HERE = ("--gstin", OWN, "--period", "102026")


class Programs:
    """Of a house: what is run there, as of one evening."""
    program = None

    def writing(self):
        return database(self.home / "bahi.db", write=True)

    def bahi(self, *args, code=0):
        done = subprocess.run(
            [self.program, "--config", str(self.home / "bahi.conf"), *args],
            env=dict(os.environ, **NOW, HOME=str(self.dir),
                     XDG_STATE_HOME=str(self.dir),  # the copy's key
                     LC_ALL="C.UTF-8", BAHI_DATADIR=self.env["BAHI_DATADIR"]),
            text=True, capture_output=True, timeout=120)
        assert done.returncode == code, (done.returncode, done.stdout,
                                         done.stderr)
        return done.stdout if code != 2 else done.stderr

    def verb(self, word, *args, code=0):
        return self.bahi("gst", word, *HERE, *args, code=code)

    def verb_json(self, word, *args, code=0):
        return json.loads(self.verb(word, *args, "--json", code=code))

    def console(self, rows=40, columns=120):
        terminal = Terminal(
            [self.program, "--config", str(self.home / "bahi.conf")], rows,
            columns, dict(NOW, HOME=str(self.dir),
                          XDG_CACHE_HOME=str(self.dir)))
        self.terminals.append(terminal)
        return terminal.until("live")

    def close(self):
        for terminal in self.terminals:
            terminal.close()
        super().close()


class Returns(Programs, Taxed):
    def month(self):
        """One of each that the panes tell apart."""
        self.tell(invoice("INV-1", (100000, 18), **buyer()),
                  invoice("INV-2", (5000, 5), place="29", inter=True,
                          party="cust_117"),
                  document("credit_note", "CN-1", (1000, 18),
                           original="INV-1", **buyer()),
                  document("purchase_invoice", "PI-1", (40000, 18),
                           party_gstin=SELLER, category="regular",
                           place="27", party="sup_paithan"))
        return self


def made(kind, program, **env):
    one = kind()
    one.program, one.terminals = program, []
    one.start(**dict(NOW, **env))
    return one
