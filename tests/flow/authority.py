"""A certificate authority of the tests' own, made with openssl."""
import pathlib
import subprocess

NEW = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


def openssl(*args, **more):
    return subprocess.run(["openssl", *map(str, args)], check=True,
                          capture_output=True, **more).stdout


class Authority:
    def __init__(self, folder, name="House"):
        self.folder = pathlib.Path(folder)
        self.name = name
        self.file = self.folder / (name + "-ca.pem")
        self.key = self.folder / (name + "-ca.key")
        openssl("req", "-x509", *NEW, "-days", 3650, "-subj", "/CN=" + name,
                "-keyout", self.key, "-out", self.file)

    def issue(self, name, alt="DNS:localhost,IP:127.0.0.1", use="serverAuth",
              start=None, end=None, key=None):
        """(certificate, key); start and end as 20260101000000Z."""
        base = self.folder / name.replace("/", "-")
        cert, made = pathlib.Path("%s.pem" % base), \
            pathlib.Path("%s.key" % base)
        request = "%s.csr" % base
        openssl("req", "-new", *(["-key", key] if key else NEW), "-subj",
                "/CN=" + name, *([] if key else ["-keyout", made]), "-out",
                request)
        folder = self.folder / "ca"
        folder.mkdir(exist_ok=True)
        (folder / "index").touch()
        (folder / "conf").write_text("""
[ca]
database = %s/index
serial = %s/serial
new_certs_dir = %s
policy = any
unique_subject = no
[any]
commonName = supplied
[leaf]
basicConstraints = critical,CA:FALSE
subjectAltName = %s
extendedKeyUsage = %s
crlDistributionPoints = URI:http://127.0.0.1/ca.crl
""" % (folder, folder, folder, alt, use))
        openssl("ca", "-batch", "-rand_serial", "-notext", "-md", "sha256",
                "-config", folder / "conf", "-name", "ca", "-extensions",
                "leaf", "-cert", self.file, "-keyfile", self.key,
                *(["-startdate", start] if start else []),
                *(["-enddate", end] if end else ["-days", "300"]),
                "-in", request, "-out", cert)
        key = pathlib.Path(key or made)
        key.chmod(0o600)
        return cert, key


def pin_of(cert):
    public = openssl("x509", "-in", cert, "-noout", "-pubkey")
    der = openssl("pkey", "-pubin", "-outform", "der", input=public)
    return "sha256//" + openssl("base64", "-A", input=openssl(
        "dgst", "-sha256", "-binary", input=der)).decode()
