"""A language that nobody speaks, to find what is not translated and what does
not fit: each text in brackets, accented, two fifths longer."""
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
OPEN, CLOSE = "\u27e6", "\u27e7"
ACCENTS = str.maketrans("aeiouyAEIOUYcnsz", "áéíóúýÁÉÍÓÚÝçñšž")
# What a format takes, and what a program reads, stays.
KEPT = re.compile(r"%(?:\d+\$)?[-+ #0]*[\d*]*(?:\.[\d*]+)?(?:hh|h|ll|l|z|j)?"
                  r"[a-zA-Z%]|\\.|\n")
LITERAL = {"0123456789", "en"}


def pseudo(text):
    if text in LITERAL or not text:
        return text
    body = text.strip(" \n")
    at = text.index(body)
    out, last, letters = [], 0, 0
    for kept in KEPT.finditer(body):
        out += [body[last:kept.start()].translate(ACCENTS), kept.group()]
        letters += kept.start() - last
        last = kept.end()
    out.append(body[last:].translate(ACCENTS))
    letters += len(body) - last
    longer = "" if letters < 2 else "·" * max(1, letters * 2 // 5)
    return text[:at] + OPEN + "".join(out) + longer + CLOSE + \
        text[at + len(body):]


def unquote(lines):
    text = "".join(re.search(r'"(.*)"', line)[1] for line in lines)
    return text.replace('\\"', '"').replace("\\n", "\n").replace(
        "\\t", "\t").replace("\\\\", "\\")


def quote(text):
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"').replace(
        "\n", "\\n").replace("\t", "\\t")


def entries(pot):
    """(comments, {field: text}) of each message."""
    for block in pot.split("\n\n"):
        fields, name, notes = {}, None, []
        for line in block.splitlines():
            if line.startswith("#"):
                notes.append(line)
            elif line.startswith('"'):
                fields[name].append(line)
            elif line:
                name = line.split(" ", 1)[0]
                fields[name] = [line]
        if fields:
            yield notes, {k: unquote(v) for k, v in fields.items()}


def template():
    """All texts of the sources as they are now."""
    files = [str(path.relative_to(ROOT)) for top in ("ui", "src")
             for path in sorted((ROOT / top).rglob("*.c"))]
    return subprocess.run(
        ["xgettext", "--from-code=UTF-8", "-k", "-k_", "-kN_",
         "-kngettext:1,2", "-kC_:1c,2", "-kNC_:1c,2", "--no-wrap",
         "--output=-", *files], cwd=ROOT, capture_output=True, text=True,
        check=True).stdout


def make(folder):
    """A locale directory with the language xx."""
    out = ['msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n'
           'Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n']
    for notes, fields in entries(template()):
        if not fields.get("msgid"):
            continue
        out += [n for n in notes if n.startswith("#,")]
        for name in ("msgctxt", "msgid", "msgid_plural"):
            if name in fields:
                out.append("%s %s" % (name, quote(fields[name])))
        if "msgid_plural" in fields:
            for n, name in enumerate(("msgid", "msgid_plural")):
                out.append("msgstr[%d] %s" % (n, quote(pseudo(
                    fields[name]))))
        else:
            out.append("msgstr " + quote(pseudo(fields["msgid"])))
        out.append("")
    place = folder / "xx" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (folder / "xx.po").write_text("\n".join(out))
    subprocess.run(["msgfmt", "-c", "-o", place / "bahi.mo",
                    folder / "xx.po"], check=True, capture_output=True,
                   text=True)
    return {"LANGUAGE": "xx", "BAHI_LOCALEDIR": str(folder),
            "LC_ALL": "C.UTF-8"}
