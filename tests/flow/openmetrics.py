"""A strict reader of OpenMetrics 1.0 text; anything loose is refused."""
import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"'
SAMPLE = re.compile(r"(%s)(?:\{(%s(?:,%s)*)\})? (\S+)" % (NAME, LABEL, LABEL))
NUMBER = re.compile(r"[-+]?(\d+(\.\d+)?([eE][-+]?\d+)?|Inf)|NaN")
SUFFIXES = {"gauge": [""], "counter": ["_total", "_created"],
            "histogram": ["_bucket", "_count", "_sum", "_created"],
            "summary": ["", "_count", "_sum", "_created"],
            "unknown": [""], "info": ["_info"], "stateset": [""]}


def unescape(text):
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], text)


class Family:
    def __init__(self, name):
        self.name, self.type, self.unit, self.help = name, None, None, None
        self.samples = []       # (suffix, labels as dict, value as text)

    def value(self, suffix="", **labels):
        [got] = [v for s, have, v in self.samples
                 if s == suffix and have == labels]
        return got

    def values(self, suffix=""):
        return [(have, v) for s, have, v in self.samples if s == suffix]


def check_histogram(family):
    groups = {}
    for suffix, labels, value in family.samples:
        key = tuple(sorted((k, v) for k, v in labels.items() if k != "le"))
        groups.setdefault(key, {}).setdefault(suffix, []).append(
            (labels.get("le"), value))
    for key, group in groups.items():
        bounds = [float(le) for le, _ in group["_bucket"]]
        counts = [int(value) for _, value in group["_bucket"]]
        assert group["_bucket"][-1][0] == "+Inf", key
        assert bounds == sorted(set(bounds)), key
        assert counts == sorted(counts), key
        [(_, count)] = group["_count"]
        [(_, total)] = group["_sum"]
        assert int(count) == counts[-1] and float(total) >= 0, key


def check_family(family):
    assert family.type in SUFFIXES, family.name
    assert family.help, family.name
    if family.unit:
        assert family.name.endswith("_" + family.unit), family.name
    if family.type == "counter":
        assert not family.name.endswith("_total"), family.name
    seen = set()
    for suffix, labels, value in family.samples:
        key = (suffix, tuple(sorted(labels.items())))
        assert key not in seen, (family.name, key)
        seen.add(key)
        if family.type in ("counter", "histogram"):
            assert float(value) >= 0, (family.name, key, value)
    if family.type == "histogram":
        check_histogram(family)


def descriptor(families, family, line):
    _, word, name, rest = (line.split(" ", 3) + [""])[:4]
    assert word in ("TYPE", "UNIT", "HELP") and re.fullmatch(NAME, name), line
    if family is None or family.name != name:
        assert name not in families, "not together: " + name
        family = families[name] = Family(name)
    assert not family.samples, "after its samples: " + line
    field = word.lower()
    assert getattr(family, field) is None, "twice: " + line
    assert rest and "\\" not in rest, line
    setattr(family, field, rest)
    return family


def parse(text):
    """Families by name. The text is bytes, as it came."""
    text = text.decode("utf-8")
    assert text.endswith("\n# EOF\n"), "no end"
    assert "\r" not in text and "\t" not in text
    families, family, owner = {}, None, {}
    for line in text[:-len("# EOF\n")].split("\n")[:-1]:
        if line.startswith("#"):
            family = descriptor(families, family, line)
            continue
        found = SAMPLE.fullmatch(line)
        assert found, line
        name, labels, value = found[1], found[2] or "", found.groups()[-1]
        assert NUMBER.fullmatch(value), line
        assert family is not None and family.type, "no type: " + line
        assert name.startswith(family.name), line
        suffix = name[len(family.name):]
        assert suffix in SUFFIXES[family.type], line
        assert owner.setdefault(name, family) is family, line
        pairs = re.findall(LABEL, labels)
        assert len({k for k, _ in pairs}) == len(pairs), line
        family.samples.append((suffix, {k: unescape(v) for k, v in pairs},
                               value))
    for one in families.values():
        check_family(one)
    return families
