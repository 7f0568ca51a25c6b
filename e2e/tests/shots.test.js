// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

// The central pages look as they did. UNDERPIN_RENEW_SHOTS=1 takes the pictures anew, UNDERPIN_RENEW_SHOTS=new those that are missing;
// whoever does so looks at each of them.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { makeAccount, openBrowser, openHouse, openIncident, openPage, signIn, untilThePastIsDrawn } from "../house.js";
import { GUISES, MOST_BYTES, MOST_OTHER, SHOTS, WORKED, difference, take } from "../shots.js";
import { decide, openRound, printLetter } from "../worked.js";

const FOLDER = join(import.meta.dirname, "..", "shots");
const RENEWS = process.env.UNDERPIN_RENEW_SHOTS ?? "";

let house;
let browser;
let signed;
/** Addresses that only a link tells. */
const links = {};
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
  await untilThePastIsDrawn(page);
  signed = await context.storageState();
  await context.close();
  if (RENEWS) mkdirSync(FOLDER, { recursive: true });
});
after(async () => {
  await browser?.close();
  await house?.close();
});

/** Pages that are kept of a guise. */
const kept = (pages, { only }) => pages.filter(([name]) => !only || only.includes(name));

function look(pages) {
  for (const [guise, how] of Object.entries(GUISES)) {
    for (const [name, path] of kept(pages, how)) {
      test(`${path} looks as it did, ${guise}`, async () => {
        const { context, page } = await openPage(browser, house.base, { storageState: signed, ...how.options });
        try {
          await page.goto(links[path] ?? path);
          const now = await take(page, workbench, how.scale);
          const file = join(FOLDER, `${name}-${guise}.webp`);
          if (RENEWS === "1" || (RENEWS === "new" && !existsSync(file))) writeFileSync(file, now);
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
}

look(SHOTS);

test("people work", async () => {
  const { context, page } = await openPage(browser, house.base, { storageState: signed });
  await decide(page);
  const { answer, upload } = await printLetter(page, await openRound(page));
  Object.assign(links, { ANSWER: answer, UPLOAD: upload });
  await context.close();
});

look(WORKED);

test("pictures that differ are told apart, and none is kept for nothing", async () => {
  const [one, other] = ["findings-light", "coverage-light"].map((name) => readFileSync(join(FOLDER, `${name}.webp`)));
  assert.ok((await difference(workbench, one, other)) > MOST_OTHER);
  const expected = Object.entries(GUISES).flatMap(([guise, how]) =>
    kept([...SHOTS, ...WORKED], how).map(([name]) => `${name}-${guise}.webp`),
  );
  assert.deepEqual(readdirSync(FOLDER).sort(), expected.sort());
});
