// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

// Every page in every guise: what axe finds, what scrolls sideways, what calls out, what it weighs, how long it takes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { makeAccount, openBrowser, openHouse, openPage, signIn } from "../house.js";
import { allStops } from "../keys.js";
import { NO_ROWS, lostAnchors, strays } from "../numbers.js";
import { PAGES, title } from "../pages.js";
import { SETTLED } from "../settled.js";
import { work } from "../worked.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WIDE = { width: 1240, height: 900 };
const NARROW = { width: 320, height: 800 };
const GUISES = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  "forced colours": { colorScheme: "dark", forcedColors: "active" },
};
/** Bytes of a page with all it loads, compressed, at the first visit. */
const MOST_BYTES = 150 * 1024;
/** Pages that are looked at side by side. */
const LANES = 2;
/** Visits of a page whose times are told. */
const VISITS = 20;

let house;
let browser;
/** The cookies of somebody signed in. */
let signed;
/** Addresses that only a link tells. */
const links = {};
const used = new Set();

before(async () => {
  house = await openHouse();
  browser = await openBrowser();
  links.LINK = house.link;
});
after(async () => {
  await browser?.close();
  await house?.close();
});

/** Opens a page as who it is for, in a guise. */
async function look(entry, options, steps, prepare = () => {}) {
  const status = entry.status ?? [200];
  const storageState = entry.as ? undefined : signed;
  const opened = await openPage(browser, house.base, { storageState, expected: status, ...options });
  prepare(opened.page);
  try {
    const answer = await opened.page.goto(links[entry.path] ?? entry.path);
    assert.ok(status.includes(answer.status()), `${title(entry)} answers ${answer.status()}`);
    await steps(opened.page);
    assert.deepEqual(opened.faults, [], title(entry));
  } finally {
    await opened.context.close();
  }
}

/** What axe says; what is settled by hand is taken out. */
async function axe(page, guise) {
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const options = { resultTypes: ["violations", "incomplete"], preload: false };
    const { violations, incomplete } = await globalThis.axe.run(document, options);
    const flat = (kind) => (rule) =>
      rule.nodes.map((node) => ({ kind, rule: rule.id, html: node.html, why: node.failureSummary ?? "" }));
    return [...violations.flatMap(flat("violation")), ...incomplete.flatMap(flat("incomplete"))];
  });
  return found.filter((one) => {
    if (one.kind === "violation") return true;
    const fits = (entry) => entry.rule === one.rule && one.html.includes(entry.html);
    const settled = SETTLED.findIndex((entry) => fits(entry) && (entry.guise ?? guise) === guise);
    if (settled >= 0) used.add(settled);
    return settled < 0;
  });
}

async function checkLook(entry, guise, options, faults) {
  const name = `${guise}, ${options.viewport.width} px, ${options.locale}`;
  await look(entry, options, async (page) => {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) faults.push(`${name}: ${title(entry)} is ${wide} pixels too wide`);
    for (const one of await axe(page, guise)) {
      faults.push(`${name}: ${title(entry)}: ${one.kind} ${one.rule}\n  ${one.html.slice(0, 200)}\n  ${one.why}`);
    }
  });
}

/** Those that are looked at before there is an account, and the others. */
const early = PAGES.filter((entry) => entry.as === "invited");
const later = PAGES.filter((entry) => entry.as !== "invited");

/** Takes steps for each entry, some side by side: each page has a context of its own. */
async function each(entries, steps) {
  const left = entries.values();
  const lane = async () => {
    for (const entry of left) await steps(entry);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** Every choice of colours, both widths and both languages, each where it is hardest: all of them with each other would take twice as long
 * and show nothing more. Long words are looked at in narrow, dark ones, too. */
const LOOKS = [
  ["light", WIDE, "en"],
  ["light", NARROW, "de"],
  ["dark", NARROW, "en"],
  ["forced colours", WIDE, "en"],
];

async function inEveryGuise(pages) {
  const faults = [];
  assert.deepEqual([...new Set(LOOKS.map(([guise]) => guise))].sort(), Object.keys(GUISES).sort());
  for (const [guise, viewport, locale] of LOOKS) {
    await each(pages, (entry) => checkLook(entry, guise, { ...GUISES[guise], viewport, locale }, faults));
  }
  assert.equal(faults.length, 0, `${faults.length} faults\n${faults.join("\n")}`);
}

test("the first page is in order in every guise", () => inEveryGuise(early));

test("somebody signs in", async () => {
  const { context, page } = await openPage(browser, house.base);
  await makeAccount(page, house.link);
  await signIn(page);
  // So that there is something to look at: an incident, a decision, a round and its links.
  const { answer, upload, deliver } = await work(page);
  Object.assign(links, { ANSWER: answer, UPLOAD: upload, DELIVER: deliver });
  signed = await context.storageState();
  await context.close();
});

test("every page is in order in every guise", () => inEveryGuise(later));

test("what is settled by hand is still there", () => {
  const idle = SETTLED.filter((_, place) => !used.has(place));
  assert.deepEqual(idle, [], "take it out of settled.js");
});

test("every number leads to its rows", async () => {
  const faults = [];
  const needed = new Set();
  await each(
    later.filter((entry) => !entry.as),
    (entry) =>
      look(entry, { viewport: WIDE }, async (page) => {
        for (const { words, within } of await strays(page, entry.path, needed)) {
          faults.push(`${title(entry)}: ${within}: ${words.slice(0, 120)}`);
        }
        for (const href of await lostAnchors(page)) faults.push(`${title(entry)}: nothing is at ${href}`);
      }),
  );
  assert.deepEqual(faults, [], "link them, or say in numbers.js why no rows stand behind them");
  assert.deepEqual(NO_ROWS.filter((_, place) => !needed.has(place)), [], "take it out of numbers.js");
});

test("the focus is seen at every stop of every page", async () => {
  const faults = [];
  await each(later, (entry) =>
    look(entry, { viewport: WIDE }, async (page) => {
      const stops = await allStops(page);
      assert.ok(stops.length > 1, title(entry));
      for (const stop of stops.filter((stop) => !(stop.isMarked && stop.isSeen))) {
        faults.push(`${title(entry)}: ${JSON.stringify(stop)}`);
      }
    }),
  );
  assert.deepEqual(faults, []);
});

const cookies = () => signed.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
const ask = (path) => fetch(house.base + path, { headers: { cookie: cookies() }, redirect: "manual" });

/** Bytes of everything that a first visit loads, as they cross the wire. */
async function weight(entry) {
  const sizes = [];
  const note = (page) => page.on("requestfinished", (request) => sizes.push(request.sizes()));
  await look(entry, {}, (page) => page.waitForLoadState("networkidle"), note);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size.responseBodySize, 0);
}

test("no page is heavy", async () => {
  const rows = [];
  for (const entry of later.filter((entry) => !entry.as && !entry.status)) {
    const bytes = await weight(entry);
    const times = [];
    for (let visit = 0; visit < VISITS; visit += 1) {
      const began = performance.now();
      await (await ask(entry.path)).arrayBuffer();
      times.push(performance.now() - began);
    }
    times.sort((a, b) => a - b);
    rows.push({ path: entry.path, bytes, middle: times[VISITS / 2], high: times[Math.ceil(VISITS * 0.95) - 1] });
  }
  const line = ({ path, bytes, middle, high }) =>
    `| ${path} | ${(bytes / 1024).toFixed(1)} | ${middle.toFixed(1)} | ${high.toFixed(1)} |`;
  console.log(["| page | KiB, compressed | ms, median | ms, p95 |", "|---|--:|--:|--:|", ...rows.map(line)].join("\n"));
  assert.deepEqual(rows.filter((row) => row.bytes > MOST_BYTES), []);
  assert.ok(rows.every((row) => row.bytes > 10_000), "styles and letters were counted");
});
