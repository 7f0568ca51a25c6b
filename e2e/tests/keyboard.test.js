// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

// The way of `incident.test.js` with the keyboard alone: from the question to the closed incident and its trail. No page is opened by its
// address; every step is a stop of the Tab key that shows where one is.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ACCOUNT, makeAccount, openBrowser, openHouse, openPage, signIn } from "../house.js";
import { press, tabTo } from "../keys.js";
import { documentsOf, fixed, json } from "../worked.js";

let house;
let browser;
let context;
let page;
let faults;
let incident;

before(async () => {
  house = await openHouse();
  browser = await openBrowser();
  ({ context, page, faults } = await openPage(browser, house.base));
  await makeAccount(page, house.link);
  await signIn(page);
});
after(async () => {
  await context?.close();
  await browser?.close();
  await house?.close();
});

const heading = () => page.locator("h1").innerText();
const path = () => new URL(page.url()).pathname;

/** Goes to a thing and presses a key that leads on. */
async function follow(selector, key = "Enter") {
  await tabTo(page, selector);
  await press(page, key);
}

async function write(selector, words) {
  await tabTo(page, selector);
  await page.keyboard.press("Control+a");
  await page.keyboard.type(words);
}

test("the question, and an incident about it", async () => {
  await follow('.menu a[href="/find"]');
  await write("#quick-search", "log4j-core");
  await write("#versions", "<2.17.1");
  await press(page, "Enter");
  assert.match(await heading(), /log4j-core is used in 2 systems/);
  await follow('main a[href^="/incidents/new"]');
  await write("#title", "By keyboard");
  await press(page, "Enter");
  incident = path();
  assert.match(incident, /^\/incidents\/I\d+$/);
  assert.match(await heading(), /2 of 2 systems are still exposed to By keyboard/);
});

test("its tasks get somebody who does them", async () => {
  const fixes = await page.locator("tr", { hasText: "Fix" }).locator("input[name=task]").evaluateAll((all) => all.map((one) => one.value));
  assert.equal(fixes.length, 2);
  for (const task of fixes) {
    await tabTo(page, `input[name=task][value="${task}"]`);
    await page.keyboard.press("Space");
    assert.ok(await page.evaluate(() => document.activeElement.checked));
  }
  await write("#owner", ACCOUNT.login);
  await press(page, "Enter");
  assert.match(await page.locator("[role=status]").innerText(), /Assigned/);
  await follow('.person a[href="/tasks"]');
  assert.match(await heading(), /2 tasks wait for you/);
});

test("a task is worked on, and says so", async () => {
  await follow('main th a[href^="/tasks/"]');
  await tabTo(page, "#state");
  await page.keyboard.type("Being");
  await write("#text", "I look into it");
  await follow("form:has(#text) button[type=submit]");
  assert.match(await page.locator("main").innerText(), /I look into it/);
  assert.match(await page.locator(".eyebrow").innerText(), /Being done/);
});

/** The list of files that the focused field opens. The browser drops a key now and then while it is busy: then it is pressed again. */
async function chooser() {
  for (let press = 0; press < 5; press += 1) {
    const opened = page.waitForEvent("filechooser", { timeout: 3_000 }).catch(() => null);
    await page.keyboard.press("Space");
    const found = await opened;
    if (found) return found;
  }
  return assert.fail("no list of files opens");
}

/** Hands in the fixed inventory of a document, from the page of a task. */
async function handIn(task, document, system) {
  const whole = await json(page, `/documents/D${document.document}?format=json`);
  const bound = whole.bindings.find((one) => one.system === system);
  await follow('.person a[href="/tasks"]');
  await follow(`main th a[href="${task}"]`);
  await follow('main a[href^="/documents/hand-in"]');
  await tabTo(page, "main input[type=file]");
  await (await chooser()).setFiles(fixed(document));
  await write("#deployment", bound.deployment ?? "");
  await follow('main form[action="/documents/hand-in"] button[type=submit]');
  assert.match(await heading(), /One file is taken in/);
}

test("fixed inventories prove that it is done", async () => {
  await follow('.person a[href="/tasks"]');
  const tasks = await page.locator('main th a[href^="/tasks/"]').evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  assert.equal(tasks.length, 2);
  for (const task of tasks) {
    await follow('.person a[href="/tasks"]');
    await follow(`main th a[href="${task}"]`);
    const system = (await page.locator('dl.facts a[href^="/systems/"]').getAttribute("href")).split("/").pop();
    for (const document of await documentsOf(page, incident, system)) await handIn(task, document, system);
  }
});

test("the incident is closed, and its trail is read", async () => {
  await follow('.menu a[href="/incidents"]');
  await follow(`main a[href="${incident}"]`);
  assert.match(await heading(), /All 2 systems that were hit are out of danger/);
  await follow('main a[href$="/situation"]');
  assert.match(path(), /\/situation$/);
  assert.match(await heading(), /By keyboard/);
  await follow('.menu a[href="/incidents"]');
  await follow(`main a[href="${incident}"]`);
  await write("#reason", "An old library. It is updated.");
  await follow('form[action$="/close"] button');
  assert.match(await heading(), /^Closed: none of 2 systems/);
  await follow('main a[href^="/audit"]');
  const trail = await page.locator("main").innerText();
  assert.match(trail, new RegExp(ACCOUNT.login));
  assert.match(trail, new RegExp(incident.split("/").pop()));
  assert.deepEqual(faults, []);
});
