"""configure says at once, by Debian's names, all that is missing."""
import os
import subprocess

from house import ROOT

PACKAGES = ["libncurses-dev", "libsqlite3-dev", "libcurl4-openssl-dev",
            "libssl-dev", "libcjson-dev", "libpcre2-dev",
            "libexpat1-dev", "libmicrohttpd-dev", "liboath-dev",
            "libqrencode-dev", "libargon2-dev", "libcmocka-dev"]


def test_missing_libraries_are_named_together(tmp_path):
    done = subprocess.run(
        [str(ROOT / "configure"), "--enable-dev"], cwd=tmp_path, text=True,
        capture_output=True,
        env=dict(os.environ, PKG_CONFIG_LIBDIR="/nonexistent"))
    assert done.returncode != 0
    last = done.stderr[done.stderr.index("apt-get install"):]
    for package in PACKAGES:
        assert package in last, (package, done.stderr)
