"""Hold every document against what it describes.

Tables come from `bahid --dump=`, from the sources where there is no dump, and
from a daemon that the README's own commands start.  Both directions: what is
there must be said, and what is said must be there.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
BAHID = os.environ.get("BAHID", str(ROOT / "build/bahid"))
BAHI = os.environ.get("BAHI", str(ROOT / "build/bahi"))
passed = failed = 0


def check(what, ok, why=""):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print("FAILED: %s %s" % (what, why))


def same(what, said, there):
    """Two sets or lists of names, one test a name."""
    said, there = set(said), set(there)
    for name in sorted(said | there):
        check("%s %s" % (what, name), name in said and name in there,
              "is not said" if name in there else "is said, not there")
    check(what, there, "none found")


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def run(*command, **more):
    return subprocess.run(command, text=True, encoding="utf-8",
                          capture_output=True, **more)


def dump(program, what):
    out = run(program, "--dump=" + what)
    check("%s --dump=%s" % (program, what), out.returncode == 0, out.stderr)
    return [line.split("\t") for line in out.stdout.splitlines()]


# ---- manuals ---------------------------------------------------------------

def section(text, name):
    found = re.search(r"^\.Sh %s$(.*?)(?=^\.Sh |\Z)" % name, text, re.M | re.S)
    return found.group(1) if found else ""


def synopsis(words):
    """`Cm init Ar DIR Op Ar CSVDIR` as `init DIR [CSVDIR]`."""
    out, optional = [], False
    for word in words.split():
        if word == "Op":
            optional = True
        elif word not in ("Cm", "Ar"):
            out.append("[%s]" % word if optional else word)
    return " ".join(out)


def items(text):
    """(what the tag says, text below it) of each list item."""
    parts = re.split(r"^\.It (.*)$", text, flags=re.M)
    return list(zip(parts[1::2], parts[2::2]))


def check_manuals():
    for page in sorted((ROOT / "man").iterdir()):
        out = run("mandoc", "-Tlint", "-W", "warning", str(page))
        check("lint %s" % page.name, out.returncode == 0, out.stdout)
    daemon, settings = read("man/bahid.8"), read("man/bahid.conf.5")
    same("verb", [synopsis(tag) for tag, _ in items(section(daemon, "VERBS"))],
         [" ".join(row[:2]).strip() for row in dump(BAHID, "verbs")])
    said = {tag.removeprefix("Cm "): below for tag, below in
            items(section(settings, "SETTINGS")) if tag.startswith("Cm ")}
    options = {row[0]: row[1] for row in dump(BAHID, "options")}
    same("setting", said, options)
    for name, value in options.items():
        value = value if "/" not in value else ""
        check("default of %s" % name, value in said.get(name, ""), value)
    # how each scheme is called
    for path in (ROOT / "src/sources").glob("*.c"):
        for name in re.findall(r'scheme_\w+ = \{ "(\w+)"', path.read_text()):
            check("scheme %s" % name, name in section(daemon, "VERBS"))


def check_targets():
    """Settings of targets, and the kinds that there are."""
    page = read("man/bahid-target.conf.5")
    there = dict(re.findall(r'^\t\{ "(\w+)", OPTION_\w+, "([^"]*)"',
                            read("src/targets/conf.c"), re.M))
    said = {}
    for tag, below in items(section(page, "SETTINGS") +
                            section(page, "KINDS")):
        for name in tag.removeprefix("Cm ").split(" , "):
            said[name] = below
    same("setting of a target", said, there)
    for name, value in there.items():
        check("default of a target's %s" % name, value in said.get(name, ""),
              value)
    kinds = re.findall(r'\.name = "([\w-]+)"', "".join(
        path.read_text() for path in (ROOT / "src/targets").glob("*.c")))
    same("kind of target", re.findall(r"^\.Ss (\S+)$", section(
        page, "KINDS"), re.M), kinds)
    for kind in kinds:
        check("how %s is set up" % kind, (
            ROOT / "data/targets" / kind.removesuffix("-file") /
            "README.md").exists())


def check_findings():
    rows = re.findall(r'\{ "([a-z_]+\.[a-z0-9_]+)", FINDING_(\w+),(.*?)\}',
                      read("src/book/finding.c") +
                      read("src/book/finding_gst.c"), re.S)
    said = {tag.removeprefix("Cm "): below for tag, below in
            items(section(read("man/bahid.8"), "FINDINGS"))}
    same("finding", said, [row[0] for row in rows])
    for name, level, rest in rows:
        below = said.get(name, "")
        check("meaning of %s" % name, len(below.split()) > 5)
        check("map of %s" % name, ("Pq map" in below) ==
              rest.rstrip().endswith("true"), "as the table says")
        check("level of %s" % name, ("warning" in below) == (level == "WARN"))


def check_alerts():
    rows = re.findall(r'\{ "([a-z]+\.[a-z]+)", (true|false),',
                      read("src/book/alert.c"))
    said = {tag.removeprefix("Cm "): below for tag, below in
            items(section(read("man/bahid.8"), "ALERTS"))}
    same("alert", said, [name for name, _ in rows])
    for name, urgent in rows:
        check("urgency of %s" % name, ("Pq urgent" in said.get(name, "")) ==
              (urgent == "true"), "as the table says")


def check_rules():
    text, source = read("data/rules/README.md"), \
        read("src/rules/functions.c")
    allowed = re.findall(r'"([^"]+)"', source.split("allowed[] = {")[1]
                         .split("};")[0])
    own = set(re.findall(r'\{ "(\w+)", \d, fn_', source))
    said = set(re.findall(r"^\| `(\w+)\(", text, re.M))
    same("rule function", said, own)
    listed = re.search(r"^Of SQLite's own:(.*?)\.\s", text, re.M | re.S)
    same("SQLite function", re.findall(r"[->\w]+", listed.group(1)),
         set(allowed) - own)
    book = read("src/rules/rulebook.c")
    for names in re.findall(r"_columns\[\] = \{(.*?)NULL", book, re.S):
        for name in re.findall(r'"(\w+)"', names):
            check("column %s" % name, re.search(r"\b%s\b" % name, text))
    for bound in set(re.findall(r'"(:\w+)"', read("src/rules/runner.c"))):
        check("bound %s" % bound, re.search(bound + r"\b", text))
    types = set()
    for path in (ROOT / "data/rules/map").rglob("*.sql"):
        lines = path.read_text().split("-- name: lines")[1]
        # where several documents come of one event, the part stands first
        part = r"'[a-z_]+'(?: AS part)?,\s*" if "AS part" in lines else ""
        types |= set(re.findall(
            r"SELECT (?:\d, key(?: AS at)?, )?%s'([a-z_]+)'" % part, lines))
    for name in types:
        check("line type %s" % name,
              re.search(r"^\|.*\b%s\b" % name, text, re.M))
    kinds = [path.stem for path in (ROOT / "data/rules/post").glob("*.sql")]
    for name in kinds:
        check("kind %s" % name, re.search(r"^\| %s\b" % name, text, re.M))


# ---- the API ---------------------------------------------------------------

def routes():
    return [row[:3] for row in dump(BAHID, "routes")]


def check_api(api):
    said = {}
    for path, entry in api["paths"].items():
        for method in ("get", "post", "put", "delete", "patch"):
            if method in entry:
                plain = re.sub(r"\{\w+\}", "{}", path)
                said[(method.upper(), plain)] = (path, entry, entry[method])
    there = {(m, p): role.split(",") for m, p, role in routes()}
    asked = {(row[0], row[1]): row[4].split() for row in
             dump(BAHID, "routes")}
    same("route", ["%s %s" % k for k in said], ["%s %s" % k for k in there])
    for key, role in there.items():
        if key not in said:
            continue
        path, entry, operation = said[key]
        check("role of %s %s" % key, operation.get("x-roles", ["open"]) == role)
        check("open %s %s" % key,
              (operation.get("security") == [{}]) == (role == ["open"]))
        names = [p.get("name") for p in entry.get("parameters", []) +
                 operation.get("parameters", []) if p.get("in") == "path"]
        same("path of %s %s:" % key, names + ["-"],
             re.findall(r"\{(\w+)\}", path) + ["-"])
        query = {one["name"]: one for one in (
            resolve(api, p["$ref"]) if "$ref" in p else p
            for p in entry.get("parameters", []) +
            operation.get("parameters", [])) if one["in"] == "query"}
        same("query of %s %s:" % key, list(query) + ["-"],
             [one.split("=")[0] for one in asked[key]] + ["-"])
        for name, _, words in (one.partition("=") for one in asked[key]):
            if words and name in query:
                same("%s of %s %s:" % ((name,) + key),
                     query[name]["schema"].get("enum", []),
                     words.split("|"))
    for ref in set(re.findall(r'"#/([\w/]+)"', read("data/openapi.yaml"))):
        check("reference %s" % ref, resolve(api, "#/" + ref) is not None)
    ids = [o[2].get("operationId") for o in said.values()]
    check("operationId", None not in ids and len(set(ids)) == len(ids))


def resolve(api, ref):
    at = api
    for part in ref[2:].split("/"):
        at = at.get(part) if isinstance(at, dict) else None
    return at


KINDS = {"object": dict, "array": list, "string": str, "integer": int,
         "boolean": bool, "null": type(None)}


def fits(api, schema, value, at=""):
    """Why the value is not as described, or "". A property that is not
    described is a fault too: then the description is not of this answer."""
    known, faults = set(), []
    walk(api, schema, value, at or "answer", known, faults)
    if isinstance(value, dict) and "*" not in known:
        faults += ["%s.%s is not described" % (at, key)
                   for key in value if key not in known]
    return "; ".join(faults[:5])


def walk(api, schema, value, at, known, faults):
    if "$ref" in schema:
        walk(api, resolve(api, schema["$ref"]), value, at, known, faults)
    for part in schema.get("allOf", []):
        walk(api, part, value, at, known, faults)
    choices = schema.get("oneOf", schema.get("anyOf"))
    if choices is not None:
        whys = [fits(api, one, value, at) for one in choices]
        if "" in whys:
            known.add("*")
        else:
            faults.append("%s fits none: %s" % (at, min(whys, key=len)))
    kinds = schema.get("type")
    if kinds is not None:
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if not any(type(value) is KINDS[kind] for kind in kinds):
            faults.append("%s is no %s: %.60r" % (at, kinds, value))
            return
    if "enum" in schema and value not in schema["enum"]:
        faults.append("%s is %.60r" % (at, value))
    if "const" in schema and value != schema["const"]:
        faults.append("%s is %.60r" % (at, value))
    if isinstance(value, str) and "pattern" in schema and \
            not re.search(schema["pattern"], value):
        faults.append("%s does not match: %.60r" % (at, value))
    if isinstance(value, list):
        for i, one in enumerate(value):
            why = fits(api, schema.get("items", {}), one, "%s[%d]" % (at, i))
            if why:
                faults.append(why)
    if isinstance(value, dict):
        walk_object(api, schema, value, at, known, faults)


def walk_object(api, schema, value, at, known, faults):
    for key in schema.get("required", []):
        if key not in value:
            faults.append("%s.%s is missing" % (at, key))
    for key, one in schema.get("properties", {}).items():
        known.add(key)
        if key in value:
            why = fits(api, one, value[key], "%s.%s" % (at, key))
            if why:
                faults.append(why)
    if "additionalProperties" in schema:
        known.add("*")
        for key, one in value.items():
            why = fits(api, schema["additionalProperties"], one,
                       "%s.%s" % (at, key))
            if why:
                faults.append(why)
    if not schema:
        known.add("*")


class House:
    """The README's first steps, run as they stand there."""

    def __init__(self, api):
        self.api = api
        self.folder = tempfile.mkdtemp(prefix="bahi-docs.")
        self.books = os.path.join(self.folder, "books")

    def run(self):
        block = re.search(r"<!-- first source -->\s*```sh\n(.*?)```",
                          read("README.md"), re.S)
        check("README: first source", block is not None)
        if block is None:
            return
        script = block.group(1).replace("./dev build\n", "")
        for name, path in (("build/bahid", BAHID), ("build/bahi", BAHI),
                           ("/tmp/books", self.books)):
            script = re.sub(re.escape(name) + r"(?![\w.])", path, script)
        # The daemon must not hold our pipe, and must go when we go.
        script = "trap 'kill $!; wait' EXIT\n" + script + \
            "\necho; echo READY; cat >/dev/null\n"
        log = open(os.path.join(self.folder, "log"), "w", encoding="utf-8")
        shell = subprocess.Popen(["bash", "-eu", "-c", script], text=True,
                                 cwd=ROOT, stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, stderr=log)
        try:
            out = ""
            for line in shell.stdout:
                if line == "READY\n":
                    break
                out += line
            self.judge(out)
        finally:
            shell.communicate("")
            log.close()
            if failed:
                sys.stdout.write(read_if(log.name)[-4000:])

    def judge(self, out):
        posted = re.search(r'^\{"event".*\}$', out, re.M)
        check("README: the sale is posted",
              posted and '"state":"posted"' in posted.group(0), out)
        if not posted:
            return
        answer = json.loads(posted.group(0))
        outcome = {"$ref": "#/components/schemas/Outcome"}
        check("shape of an outcome", not fits(self.api, outcome, answer),
              fits(self.api, outcome, answer))
        self.fail_one(answer)
        for path in self.paths(answer):
            self.get(path)
        self.get_changes()

    def curl(self, *arguments):
        out = run("curl", "-sS", "--unix-socket", self.books + "/bahid.sock",
                  "-w", "\n%{http_code}", *arguments)
        body, _, status = out.stdout.rpartition("\n")
        return status, body

    def post(self, path, body, kind="application/json", *more):
        return self.curl("http://localhost" + path, "-H",
                         "Content-Type: " + kind, "--data-binary", body,
                         *more)

    def answer(self, method, path, status):
        """Schema that the description has for this answer."""
        wanted = path.split("?")[0].strip("/").split("/")
        for template, entry in self.api["paths"].items():
            parts = template.strip("/").split("/")
            if len(parts) == len(wanted) and all(
                    a == b or a[0] == "{" for a, b in zip(parts, wanted)):
                said = entry[method]["responses"].get(status, {})
                if "$ref" in said:
                    said = resolve(self.api, said["$ref"])
                for content in said.get("content", {}).values():
                    return content["schema"]
        return None

    def judge_answer(self, method, path, status, body):
        schema = self.answer(method, path, status)
        name = "%s %s: %s" % (method, path, status)
        check(name, schema is not None, "is not described; " + body[:200])
        if schema is not None:
            why = fits(self.api, schema, json.loads(body))
            check("shape of " + name, not why, why)

    def fail_one(self, answer):
        """An event that fails, is fixed, and one that cannot be read."""
        voucher = {"specversion": "1.0", "id": "1", "source": "/docs",
                   "type": "in.bahi.journal_voucher", "data": {
                       "entity": "IN01", "number": "JV-1",
                       "date": "2026-10-05", "currency": "INR", "lines": [
                           {"account": "no-such", "debit": "10.00"},
                           {"account": "4000", "credit": "10.00"}]}}
        other = dict(voucher, id="2", type="in.bahi.none")
        kind = "application/cloudevents+json"
        for body in (voucher, voucher, dict(voucher, id="")):
            status, text = self.post("/v1/events", json.dumps(body), kind)
            self.judge_answer("post", "/v1/events", status, text)
        status, text = self.post("/v1/events", json.dumps([other, voucher]),
                                 "application/cloudevents-batch+json")
        self.judge_answer("post", "/v1/events", status, text)
        self.speak_hindi()
        status, text = self.curl("http://localhost/v1/signatures")
        one = [s for s in json.loads(text)["items"] if s["fixable"]][0]
        for decision in (
                {"action": "fix", "signature": one["id"], "retry": True,
                 "fix": {"dimension": one["dimension"], "source":
                         one["source"], "value": one["value"], "to": "5200"}},
                {"action": "retry", "events": [{"id": "E9999", "version": 1}]},
                {"action": "retry", "events": [{"id": answer["event"]}]},
                {"action": "retry", "events": [
                    {"id": answer["event"], "version": 99}]},
                {"action": "dismiss", "signature": one["id"]}):
            status, text = self.post("/v1/decisions", json.dumps(decision))
            self.judge_answer("post", "/v1/decisions", status, text)
        status, text = self.post("/v1/reference/mapping",
                                 "source,dimension,from,to\n"
                                 "docs,account,a,4000\n", "text/csv")
        self.judge_answer("post", "/v1/reference/mapping", status, text)

    def speak_hindi(self):
        """The daemon speaks English here; the console need not."""
        out = run(BAHI, "--config", self.books + "/bahi.conf", "failures",
                  env=dict(os.environ, LANGUAGE="hi", BAHI_LOCALEDIR=str(
                      pathlib.Path(BAHI).resolve().parent / "locale")))
        check("a finding in Hindi", "कोई खाता ज्ञात नहीं" in out.stdout,
              out.stdout)

    def paths(self, answer):
        tables = self.api["paths"]["/v1/reference/{table}"]["parameters"][0]
        return ["/healthz", "/v1/status", "/v1/signatures", "/v1/events",
                "/v1/events?state=open", "/v1/events?state=odd",
                "/v1/events?limit=1", "/v1/events/E2", "/v1/events/E999",
                "/v1/events/" + answer["event"], "/v1/trial-balance",
                "/v1/accounts/4000/entries?limit=1", "/v1/journals/J999",
                "/v1/journals/" + answer["journal"], "/v1/documents",
                "/v1/documents/" + urllib.parse.quote(answer["document"]),
                "/v1/documents/IN01/payment/none", "/v1/reference/none"] + [
                    "/v1/reference/" + table
                    for table in tables["schema"]["enum"]]

    def get(self, path):
        status, body = self.curl("http://localhost" + path)
        self.judge_answer("get", path, status, body)

    def get_changes(self):
        _, body = self.curl("http://localhost/v1/changes?after=0")
        schema = self.answer("get", "/v1/changes", "200")
        lines = [json.loads(line) for line in body.splitlines()]
        for line in lines:
            why = fits(self.api, schema, line)
            check("shape of a change, %s" % line["topic"], not why, why)
        check("changes end", lines and lines[-1]["topic"] == "end")
        _, body = self.curl("http://localhost/metrics")
        said = self.api["paths"]["/metrics"]["get"]["responses"]["200"]
        for name in set(re.findall(r"^(bahi_\w+)", body, re.M)):
            check("metric %s" % name, name in said["description"])

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def read_if(path):
    return pathlib.Path(path).read_text(encoding="utf-8", errors="replace")


# ---- translations ----------------------------------------------------------

def messages(text):
    """The msgids of a catalogue, wrapped or not."""
    flat = re.sub(r'"\n"', "", text)
    return set(re.findall(r'^msgid(?:_plural)? "(.+)"$', flat, re.M))


def check_translations():
    files = [line for line in read("po/POTFILES.in").splitlines()
             if line and not line.startswith("#")]
    marked = [str(path.relative_to(ROOT)) for folder in ("src", "ui")
              for path in (ROOT / folder).rglob("*.c")
              if re.search(r'\b(N?_|ngettext)\("', path.read_text())]
    same("POTFILES.in", files, marked)
    out = run("xgettext", "--from-code=UTF-8", "-k", "-k_", "-kN_",
              "-kngettext:1,2", "--no-wrap", "--no-location", "--output=-",
              *marked, cwd=ROOT)
    check("xgettext", out.returncode == 0, out.stderr)
    same("string", messages(read("po/bahi.pot")), messages(out.stdout))
    for language in read("po/LINGUAS").split():
        path = "po/%s.po" % language
        out = run("msgfmt", "-c", "--statistics", "-o", "/dev/null",
                  str(ROOT / path), env=dict(os.environ, LC_ALL="C"))
        check(path, out.returncode == 0 and "untranslated" not in out.stderr
              and "fuzzy" not in out.stderr, out.stderr)
        check("%s has all strings" % path,
              messages(read("po/bahi.pot")) <= messages(read(path)),
              messages(read("po/bahi.pot")) - messages(read(path)))


# ---- the README ------------------------------------------------------------

def commands(text):
    """What stands in blocks and in quotes of code."""
    found = re.findall(r"```sh\n(.*?)```|((?:^    .*\n)+)|`([^`\n]+)`", text,
                       re.S | re.M)
    return "\n".join("".join(parts) for parts in found)


def check_security():
    """What is said to prove a control is there."""
    for name in sorted(set(re.findall(r"\b(?:api|console|flow|fuzz|scan|unit)/"
                                      r"\w+\.(?:py|sh|c)\b",
                                      read("SECURITY.md")))):
        check("SECURITY.md: %s" % name, (ROOT / "tests" / name).is_file())


def check_readme():
    for name in ("README.md", "CONTRIBUTING.md", "data/rules/README.md",
                 "src/README.md"):
        text = read(name)
        for word in set(re.findall(r"\./dev ([a-z]+)", text)):
            check("%s: ./dev %s" % (name, word),
                  re.search(r"^%s\)\s" % word, read("dev"), re.M))
        verbs = {"bahid": {row[0] for row in dump(BAHID, "verbs")},
                 "bahi": {row[0] for row in dump(BAHI, "verbs")}}
        for program, words in re.findall(
                r"\b(bahid?) (?:--config \S+ )?([a-z]{3,} ?[a-z]*)",
                commands(text)):
            check("%s: %s %s" % (name, program, words),
                  words in verbs[program] or
                  words.split()[0] in verbs[program])
        for path in set(re.findall(
                r"\b((?:data|man|src|tests|po)/[\w./-]*\w)", text)):
            if not re.search("[A-Z]{4}", path.replace("README", "")):
                check("%s: %s" % (name, path), (ROOT / path).exists())


def check_counts():
    """The README's faults are those that the demo plants, and its states
    what becomes of it all."""
    sys.path.insert(0, str(ROOT / "data/demo"))
    import generate
    import gst
    import trade
    planted = {}
    for (fault, _), n in generate.PLANTED.items():
        planted[fault] = planted.get(fault, 0) + n
    again = planted.pop(generate.AGAIN)
    states = dict(trade.BECOMES, failed=sum(planted.values()),
                  duplicate=again)
    states["posted"] += 2000 - states["failed"] - again
    # The first example of all has nothing that an invoice must have.
    other = [gst.BECOMES["failed"], 1]
    states["posted"] += gst.BECOMES["posted"] - other[1]
    states["failed"] += sum(other)
    text = read("README.md")
    said = re.findall(r"^\| ([^|]+?) \| (\d+) \|$", text, re.M)
    split = len(states)
    check("README: faults", [int(n) for _, n in said[split:]] == sorted(
        planted.values(), reverse=True) + other, said[split:])
    check("README: states", {name.split(" (")[0]: int(n) for name, n
                             in said[:split]} == states, said[:split])
    check("README: received", "| of %d received |" % sum(states.values())
          in text)
    screen = text.split("```text")[1].split("```")[0]
    for state, n in states.items():
        check("README: screen, %s" % state,
              re.search(r"^  %s +%s$" % (state, format(n, ",")),
                        screen, re.M))


def main():
    api = yaml.safe_load(read("data/openapi.yaml"))
    os.environ["BAHI_DATADIR"] = str(ROOT / "data")
    os.environ["LC_ALL"] = "C.UTF-8"
    check_manuals()
    check_targets()
    check_findings()
    check_alerts()
    check_rules()
    check_api(api)
    check_translations()
    check_readme()
    check_security()
    check_counts()
    house = House(api)
    try:
        house.run()
    finally:
        house.close()
    print("%d passed, %d failed" % (passed, failed))
    return failed != 0


sys.exit(main())
