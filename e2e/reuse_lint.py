# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0

"""Compares what two programs say about the same trees: the tool of REUSE and `underpin check --only reuse`.

Usage: reuse_lint.py UNDERPIN REUSE TREE...
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

# REUSE-IgnoreStart
HEAD = "SPDX-FileCopyrightText: 2020 Jane\nSPDX-License-Identifier: MIT\n"
MIT = {"LICENSES/MIT.txt": "text"}
TOML = 'version = 1\n[[annotations]]\npath = "%s"\nprecedence = "%s"\nSPDX-FileCopyrightText = "Jane"\nSPDX-License-Identifier = "%s"\n'
DEP5 = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: %s\nCopyright: Jane\nLicense: MIT\n"

# Each tree with its fault, or with what looks like one.
PLANTED = {
    "fine": {**MIT, "a.c": HEAD},
    "empty tree": {"README": ""},
    "no mark": {**MIT, "a.c": HEAD, "b.c": "int x;\n"},
    "no copyright": {**MIT, "a.c": "SPDX-License-Identifier: MIT\n"},
    "no licence": {**MIT, "a.c": HEAD, "b.c": "Copyright 2020 Jane\n"},
    "licence in words": {**MIT, "a.c": HEAD, "b.c": "Copyright Jane\nSPDX-License-Identifier: MIT License\n"},
    "empty licence": {**MIT, "a.c": HEAD, "b.c": "Copyright Jane\nSPDX-License-Identifier:\n"},
    "text missing": {"a.c": HEAD},
    "text unused": {**MIT, "LICENSES/ISC.txt": "text", "a.c": HEAD},
    "text of nobody": {**MIT, "LICENSES/Own.txt": "text", "a.c": HEAD},
    "own text": {"LICENSES/LicenseRef-Own.txt": "text", "a.c": HEAD.replace("MIT", "LicenseRef-Own")},
    "own unknown text": {"LICENSES/LicenseRef-Unknown-1.txt": "t", "a.c": HEAD.replace("MIT", "LicenseRef-Unknown-1")},
    "deprecated": {"LICENSES/GPL-2.0.txt": "text", "a.c": HEAD.replace("MIT", "GPL-2.0")},
    "without ending": {"LICENSES/MIT": "text", "a.c": HEAD},
    "plus": {"LICENSES/Apache-1.0.txt": "text", "a.c": HEAD.replace("MIT", "Apache-1.0+")},
    "exception": {
        "LICENSES/GPL-3.0-only.txt": "text",
        "a.c": HEAD.replace("MIT", "GPL-3.0-only WITH Classpath-exception-2.0"),
    },
    "exception there": {
        "LICENSES/GPL-3.0-only.txt": "text",
        "LICENSES/Classpath-exception-2.0.txt": "text",
        "a.c": HEAD.replace("MIT", "GPL-3.0-only WITH Classpath-exception-2.0"),
    },
    "other letters": {**MIT, "a.c": HEAD.replace("MIT", "mit")},
    "beside": {**MIT, "a.png": b"\x89PNG\0\1", "a.png.license": HEAD},
    "beside wins": {**MIT, "a.c": HEAD, "a.c.license": "Copyright Jane\n"},
    "binary": {**MIT, "a.c": HEAD, "a.bin": b"\0\1\2" + HEAD.encode()},
    "utf-16": {**MIT, "a.txt": b"\xff\xfe" + HEAD.encode("utf-16-le")},
    "latin": {**MIT, "a.txt": ("Andr\u00e9\n" * 20 + HEAD).encode("latin-1")},
    "old lines": {**MIT, "a.c": HEAD.replace("\n", "\r"), "b.c": HEAD.replace("\n", "\r\n")},
    "ignored": {**MIT, "a.c": HEAD + "REUSE-IgnoreStart\nSPDX-License-Identifier: ISC\nREUSE-IgnoreEnd\n"},
    "never again": {**MIT, "a.c": "REUSE-IgnoreStart\n" + HEAD},
    "snippet": {
        **MIT,
        "LICENSES/ISC.txt": "text",
        "a.c": HEAD + "SPDX-SnippetBegin\nSPDX-SnippetCopyrightText: Joe\nSPDX-License-Identifier: ISC\nSPDX-SnippetEnd\n",
    },
    "comments": {
        **MIT,
        "a.c": "/* Copyright (c) Jane */\n/* SPDX-License-Identifier: MIT */\n",
        "b.html": "<!-- © Jane -->\n<!-- SPDX-License-Identifier: MIT -->\n",
        "c.svg": "<x a=\"Copyright Jane\" />\n<x a=\"SPDX-License-Identifier: MIT\"/>\n",
        "d.txt": "| Copyright Jane |\n| SPDX-License-Identifier: MIT |\n",
        "e.ml": "(* Copyright Jane *)\n(* SPDX-License-Identifier: MIT *)\n",
        "f.rst": "[Copyright Jane]\n[SPDX-License-Identifier: MIT] ::\n",
    },
    "both on one line": {**MIT, "a.c": HEAD, "b.c": "// Copyright Jane SPDX-License-Identifier: MIT\n"},
    "not covered": {
        **MIT,
        "a.c": HEAD,
        "LICENSE": "x",
        "COPYING.md": "x",
        "x/LICENCE-MIT": "x",
        "a.spdx": "x",
        "a.spdx.yaml": "x",
        "subprojects/zlib/z.c": "x",
        ".reuse/templates/t": "x",
        "empty.c": "",
    },
    "looks not covered": {**MIT, "a.c": HEAD, "LICENSE_MIT": "x", "license": "x", "subprojects/zlib.wrap": "x"},
    "toml": {**MIT, "REUSE.toml": TOML % ("**", "closest", "MIT"), "a.c": "x", "b/c": "x"},
    "toml in one folder": {**MIT, "REUSE.toml": TOML % ("*", "closest", "MIT"), "a.c": "x", "b/c": "x"},
    "toml below": {**MIT, "b/REUSE.toml": TOML % ("**", "closest", "MIT"), "a.c": HEAD, "b/c": "x", "bc/d": "x"},
    "toml against the file": {
        **MIT,
        "LICENSES/ISC.txt": "text",
        "REUSE.toml": TOML % ("a.c", "closest", "ISC"),
        "a.c": HEAD,
    },
    "toml with the file": {
        **MIT,
        "LICENSES/ISC.txt": "text",
        "REUSE.toml": TOML % ("a.c", "aggregate", "ISC"),
        "a.c": HEAD,
    },
    "toml instead of the file": {
        **MIT,
        "LICENSES/ISC.txt": "text",
        "REUSE.toml": TOML % ("a.c", "override", "ISC"),
        "a.c": HEAD,
    },
    "outermost override": {
        **MIT,
        "LICENSES/ISC.txt": "text",
        "REUSE.toml": TOML % ("**", "override", "ISC"),
        "b/REUSE.toml": TOML % ("**", "override", "MIT"),
        "b/c": "x",
    },
    "half from toml": {**MIT, "REUSE.toml": TOML % ("**", "closest", "MIT"), "a.c": "Copyright Joe\n"},
    "other half from toml": {**MIT, "REUSE.toml": TOML % ("**", "closest", "MIT"), "a.c": "SPDX-License-Identifier: MIT\n"},
    "last table": {
        **MIT,
        "LICENSES/ISC.txt": "text",
        "REUSE.toml": TOML % ("**", "closest", "MIT") + (TOML % ("a.*", "closest", "ISC")).replace("version = 1\n", ""),
        "a.c": "x",
        "b.c": "x",
    },
    "escaped star": {**MIT, "REUSE.toml": TOML % ("a\\\\*", "closest", "MIT"), "a*": "x", "ab": "x"},
    "bad toml": {**MIT, "REUSE.toml": "version = ", "a.c": HEAD},
    "empty toml": {**MIT, "REUSE.toml": "", "a.c": HEAD},
    "toml without version": {**MIT, "REUSE.toml": "# nothing\n", "a.c": HEAD},
    "toml of another kind": {**MIT, "REUSE.toml": "version = 1\n[[annotations]]\npath = 1\n", "a.c": HEAD},
    "bad expression in toml": {**MIT, "REUSE.toml": TOML % ("b.c", "closest", "MIT License"), "a.c": HEAD, "b.c": "x"},
    "unfinished expression": {**MIT, "a.c": HEAD, "b.c": HEAD.replace("MIT", "MIT or")},
    "dep5": {**MIT, ".reuse/dep5": DEP5 % "a/*", "a/b/c": "x", "d": "x"},
    "dep5 with the file": {**MIT, "LICENSES/ISC.txt": "t", ".reuse/dep5": DEP5 % "*", "a.c": HEAD.replace("MIT", "ISC")},
    "dep5 of another system": {**MIT, ".reuse/dep5": (DEP5 % "*").replace("\n", "\r\n"), "a": "x"},
    "bad dep5": {**MIT, ".reuse/dep5": "no head\n", "a.c": HEAD},
    "dep5 and toml": {**MIT, ".reuse/dep5": DEP5 % "*", "REUSE.toml": TOML % ("**", "closest", "MIT"), "a.c": HEAD},
}
# REUSE-IgnoreEnd

# Where the two differ, and why.
EXPLAINED = {
    "bad-expression-in-toml": "their tool cannot hand such a text on, and says that it could not read the file; ours names the expression",
}

SETS = {
    "bad_licenses": "unknown-licence",
    "deprecated_licenses": "deprecated-licence",
    "licenses_without_extension": "licence-without-ending",
    "missing_licenses": "licence-text-missing",
    "unused_licenses": "licence-unused",
    "read_errors": "unreadable",
    "missing_copyright_info": "no-copyright",
    "missing_licensing_info": "no-licensing",
}


def of_reuse(reuse, tree):
    """Its sets; None where it gives up, because it cannot read a declaration."""
    done = subprocess.run([reuse, "--root", str(tree), "lint", "--json"], capture_output=True, text=True, check=False)
    try:
        said = json.loads(done.stdout)
    except json.JSONDecodeError:
        return None
    below = lambda path: str(Path(path).relative_to(tree)) if path.startswith(str(tree)) else path
    found = {name: {below(path) for path in said["non_compliant"][name]} for name in SETS}
    found["invalid"] = {
        file["path"] for file in said["files"] if not all(one["is_valid"] for one in file["spdx_expressions"])
    }
    found["covered"] = said["summary"]["files_total"]
    found["is_fine"] = said["summary"]["compliant"]
    return found


def of_underpin(underpin, tree):
    command = [underpin, "--quiet", "--format", "json", "check", str(tree), "--only", "reuse"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    practices = json.loads(done.stdout)["practices"]
    places = [place for practice in practices for place in practice["places"]]
    if any(place["code"] in ("malformed-toml", "dep5-and-toml") for place in places):
        return None
    by_name = ("unknown-licence", "deprecated-licence", "licence-without-ending", "licence-text-missing", "licence-unused")
    found = {
        name: {place["detail" if code in by_name else "path"] for place in places if place["code"] == code}
        for name, code in SETS.items()
    }
    found["invalid"] = {place["path"] for place in places if place["code"] == "bad-expression"}
    found["is_fine"] = not any(practice["outcome"] == "not-met" for practice in practices)
    return found


def differences(theirs, ours):
    if theirs is None or ours is None:
        return [] if theirs is ours else [f"gives up: theirs {theirs is None}, ours {ours is None}"]
    names = [name for name in [*SETS, "invalid", "is_fine"] if theirs[name] != ours[name]]
    shown = []
    for name in names:
        if name == "is_fine":
            shown.append(f"is_fine: theirs {theirs[name]}, ours {ours[name]}")
        else:
            only = [sorted(one - other)[:10] for one, other in ((theirs[name], ours[name]), (ours[name], theirs[name]))]
            shown.append(f"{name}: only theirs {only[0]}, only ours {only[1]}")
    return shown


def plant(folder, name, files):
    tree = folder / name.replace(" ", "-")
    for path, text in files.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_bytes(text if isinstance(text, bytes) else text.encode())
    return tree


def main():
    underpin, reuse, *real = sys.argv[1:]
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        planted = [plant(Path(folder).resolve(), name, files) for name, files in PLANTED.items()]
        for tree in [*planted, *(Path(tree).resolve() for tree in real)]:
            theirs, ours = of_reuse(reuse, tree), of_underpin(underpin, tree)
            found = differences(theirs, ours)
            if found and tree.name in EXPLAINED:
                print(f"explained: {tree.name}: {EXPLAINED[tree.name]}")
                continue
            wrong += bool(found)
            if found or tree not in planted:
                files = "" if theirs is None else f" ({theirs['covered']} files)"
                print(f"{'differs' if found else 'same'}: {tree.name}{files}")
            for line in found:
                print(f"    {line}")
    print(f"{len(planted)} planted and {len(real)} real trees, {wrong} differ")
    if len(real) < 10:
        print("too few real trees are here to say more")
    sys.exit(1 if wrong else 0)


main()
