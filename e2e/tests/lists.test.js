// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

// The lists of the tests themselves: no page may be forgotten.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { NO_PAGES, PAGES } from "../pages.js";

test("every page of the house is in the list", async () => {
  const source = await readFile(new URL("../../crates/web/src/routes.rs", import.meta.url), "utf8");
  const routes = [...source.matchAll(/^ {4}get "([^"]+)"/gm)].map((match) => match[1]);
  assert.ok(routes.length > 10, "the routes were found");
  const listed = new Set([...PAGES.map((page) => page.route), ...Object.keys(NO_PAGES)]);
  assert.deepEqual([...listed].sort(), [...new Set(routes)].sort(), "enter new pages into pages.js");
});

test("the lock file names no server", async () => {
  const lock = JSON.parse(await readFile(new URL("../package-lock.json", import.meta.url), "utf8"));
  const packages = Object.entries(lock.packages).filter(([name]) => name !== "");
  assert.ok(packages.length > 0);
  for (const [name, entry] of packages) {
    assert.equal(entry.resolved, undefined, name);
    assert.match(entry.integrity, /^sha512-/, name);
  }
});
