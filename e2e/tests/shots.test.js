// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

// The central pages look as they did. UNDERPIN_RENEW_SHOTS=1 takes the pictures anew; whoever does so looks at each of them.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { makeAccount, openBrowser, openHouse, openIncident, openPage, signIn } from "../house.js";
import { GUISES, MOST_BYTES, MOST_OTHER, SHOTS, difference, take } from "../shots.js";

const FOLDER = join(import.meta.dirname, "..", "shots");
const RENEWS = process.env.UNDERPIN_RENEW_SHOTS === "1";

let house;
let browser;
let signed;
/** An empty page on which pictures are drawn. */
let workbench;

before(async () => {
  house = await openHouse();
  browser = await openBrowser();
  workbench = await (await browser.newContext()).newPage();
  const { context, page } = await openPage(browser, house.base);
  await makeAccount(page, house.link);
  await signIn(page);
  await openIncident(page);
  signed = await context.storageState();
  await context.close();
  if (RENEWS) mkdirSync(FOLDER, { recursive: true });
});
after(async () => {
  await browser?.close();
  await house?.close();
});

for (const [guise, { options, scale }] of Object.entries(GUISES)) {
  for (const [name, path] of SHOTS) {
    test(`${path} looks as it did, ${guise}`, async () => {
      const { context, page } = await openPage(browser, house.base, { storageState: signed, ...options });
      try {
        await page.goto(path);
        const now = await take(page, workbench, scale);
        const file = join(FOLDER, `${name}-${guise}.webp`);
        if (RENEWS) writeFileSync(file, now);
        const then = readFileSync(file);
        assert.ok(then.length <= MOST_BYTES, `${file} has ${then.length} bytes`);
        const other = await difference(workbench, then, now);
        assert.ok(other <= MOST_OTHER, `${(other * 100).toFixed(1)} of 100 places look otherwise`);
      } finally {
        await context.close();
      }
    });
  }
}

test("pictures that differ are told apart, and none is kept for nothing", async () => {
  const [one, other] = ["findings-light", "coverage-light"].map((name) => readFileSync(join(FOLDER, `${name}.webp`)));
  assert.ok((await difference(workbench, one, other)) > MOST_OTHER);
  const expected = Object.keys(GUISES).flatMap((guise) => SHOTS.map(([name]) => `${name}-${guise}.webp`));
  assert.deepEqual(readdirSync(FOLDER).sort(), expected.sort());
});
