#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Underpin authors
# SPDX-License-Identifier: Apache-2.0
"""Takes names and mail addresses of persons out of generated documents, and nothing else.

An inventory needs packages, not people. Package metadata names authors and maintainers; the demo does not repeat them:
  CycloneDX   publishers with a mail address; the fields author and authors of components and tools, unless they name an organisation
  SPDX        originator, supplier and creators that are a person
  dpkg        Maintainer, Original-Maintainer, Uploaders (and Description and Conffiles, which only cost space)
Texts that still hold a mail address afterwards are reported, and the run fails.

usage: without_persons.py FOLDER
"""

import json
import os
import re
import sys

MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[a-z]{2,}\b")
# What looks like an address and is none: clone addresses of git, purls such as name@1.0.0-rc; and public mailing lists.
NO_MAIL = re.compile(r"(?:git@|@[0-9v]|@(?:[a-z0-9-]+\.)*(?:apache\.org|eclipse\.org|googlegroups\.com)$)")
MAILS_IN_TEXT = re.compile(r"\s*[<(]?" + MAIL.pattern + r"[>)]?")
DPKG_FIELDS = ("Maintainer:", "Original-Maintainer:", "Uploaders:", "Description:", "Conffiles:", "Homepage:")


def is_organisation(item):
    """True when every author is plainly an organisation."""
    names = [part.get("name", "") if isinstance(part, dict) else str(part) for part in (item if isinstance(item, list) else [item])]
    return all(re.search(r"Foundation|Project|Authors|Team|, Inc|GmbH", name) for name in names)


def json_without(value):
    """The same value without persons, for CycloneDX and SPDX."""
    if isinstance(value, list):
        return [json_without(item) for item in value]
    if isinstance(value, dict):
        kept = {}
        for key, item in value.items():
            if key in ("author", "authors") and not is_organisation(item):
                continue
            if key == "publisher" and MAIL.search(str(item)):
                continue
            if key in ("originator", "supplier") and isinstance(item, str) and item.startswith("Person:"):
                item = "NOASSERTION"
            if key == "creators":
                item = [creator for creator in item if not creator.startswith("Person:")]
            kept[key] = json_without(item)
        return kept
    if isinstance(value, str) and MAIL.search(value) and not NO_MAIL.search(value):
        return MAILS_IN_TEXT.sub("", value)
    return value


def dpkg_without(text):
    """A package database without the fields that name persons."""
    lines, skipping = [], False
    for line in text.splitlines(keepends=True):
        if line.startswith((" ", "\t")) and skipping:
            continue
        skipping = line.startswith(DPKG_FIELDS)
        if not skipping:
            lines.append(line)
    return "".join(lines)


def cleaned(name, text):
    """The text of one document without persons."""
    if name.endswith(".json") and not name.startswith(("package-lock", "npm-shrinkwrap")):
        return json.dumps(json_without(json.loads(text)), indent=2, ensure_ascii=False) + "\n"
    if name.endswith(".xml"):
        text = re.sub(r"\s*<author>.*?</author>", "", text, flags=re.S)
        text = re.sub(r"\s*<authors>.*?</authors>", "", text, flags=re.S)
        text = re.sub(r"\s*<publisher>[^<]*@[^<]*</publisher>", "", text)
        return re.sub(r"mailto:[^<\s]+", "", text)
    if name.endswith(".spdx"):
        text = re.sub(r"^(Package(?:Supplier|Originator)): Person:.*$", r"\1: NOASSERTION", text, flags=re.M)
        return re.sub(r"^(Package(?:Supplier|Originator): Organization: [^(\n]*?) \([^)\n]*@[^)\n]*\)$", r"\1", text, flags=re.M)
    if name == "status":
        return dpkg_without(text)
    return text


def main(folder):
    left = 0
    for directory, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(directory, name)
            times = os.stat(path)
            with open(path, encoding="utf-8") as file:
                before = file.read()
            after = cleaned(name, before)
            if after != before:
                with open(path, "w", encoding="utf-8") as file:
                    file.write(after)
                os.utime(path, (times.st_atime, times.st_mtime))
            for match in MAIL.finditer(after):
                if not NO_MAIL.search(match.group()):
                    print(f"{path}: {match.group()}", file=sys.stderr)
                    left += 1
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
