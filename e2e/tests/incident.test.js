// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

// Somebody new answers "do we run this, and where?" with nothing but what the pages say: find it, open an incident, assign it, close
// it with fixed inventories, read the trail. `keyboard.test.js` does the same without a mouse.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ACCOUNT, makeAccount, openBrowser, openHouse, openPage, signIn } from "../house.js";
import { documentsOf, fixed, json } from "../worked.js";

const PACKAGE = "log4j-core";
const VERSIONS = "<2.17.1";

let house;
let browser;

before(async () => {
  house = await openHouse();
  browser = await openBrowser();
  const { context, page } = await openPage(browser, house.base);
  await makeAccount(page, house.link);
  await context.close();
});
after(async () => {
  await browser?.close();
  await house?.close();
});

/** A test in a fresh browser; what it did wrong on the way fails it. */
async function visit(options, steps) {
  const { context, page, faults } = await openPage(browser, house.base, options);
  try {
    await signIn(page);
    await steps(page, context);
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
}

const heading = (page) => page.locator("h1").innerText();
const path = (page) => new URL(page.url()).pathname;

test("from the question to the closed incident and its trail", async () => {
  await visit({}, async (page) => {
    // The question.
    await page.click('.menu a[href="/find"]');
    await page.fill("#quick-search", PACKAGE);
    await page.fill("#versions", VERSIONS);
    await page.click("main form[role=search] button[type=submit]");
    assert.match(await heading(page), /log4j-core is used in 2 systems/);

    // The incident: who would be hit is seen before it is opened.
    await page.click('main a[href^="/incidents/new"]');
    assert.match(await heading(page), /2 systems of 2 agencies would be hit/);
    await page.fill("#title", "Old log4j-core");
    await page.fill("#target", "2026-03-05T17:00");
    await page.click('form[action="/incidents/new"][method=post] button');
    const incident = path(page);
    assert.match(incident, /^\/incidents\/I\d+$/);
    assert.match(await heading(page), /2 of 2 systems are still exposed to Old log4j-core/);

    // Its tasks get somebody who does them.
    const fixes = page.locator('tr:has(input[name=task])', { hasText: "Fix" });
    assert.equal(await fixes.count(), 2);
    for (const box of await fixes.locator("input[name=task]").all()) await box.check();
    await page.fill("#owner", ACCOUNT.login);
    await page.fill("#due", "2026-03-04T12:00");
    await page.click('form[action$="/tasks"] button[type=submit]');
    assert.match(await page.locator("[role=status]").innerText(), /Assigned/);
    assert.match(await page.locator('.person a[href="/tasks"]').innerText(), /2/);

    // Each is proven by a new inventory, not by a tick.
    await page.click('.person a[href="/tasks"]');
    assert.match(await heading(page), /2 tasks wait for you/);
    const tasks = await page.locator('main th a[href^="/tasks/"]').evaluateAll((all) => all.map((one) => one.getAttribute("href")));
    for (const task of tasks) {
      await page.goto(task);
      await page.click('form:has(input[value="acknowledged"]) button');
      const system = (await page.locator('dl.facts a[href^="/systems/"]').getAttribute("href")).split("/").pop();
      for (const document of await documentsOf(page, incident, system)) {
        await page.goto(task);
        if (task === tasks[0]) {
          // On the page of the task itself.
          const whole = await json(page, `/documents/D${document.document}?format=json`);
          const bound = whole.bindings.find((one) => one.system === system);
          await page.setInputFiles('form[action$="/evidence"] input[type=file]', fixed(document));
          if (bound.deployment) await page.selectOption("#deployment", bound.deployment);
          await page.click('form[action$="/evidence"] button[type=submit]');
          assert.match(await page.locator("[role=status]").innerText(), /stands with the task/);
          continue;
        }
        await page.click('main a[href^="/documents/hand-in"]');
        await page.setInputFiles('main input[type=file]', fixed(document));
        // A document of one deployment is replaced by one of the same deployment.
        const whole = await json(page, `/documents/D${document.document}?format=json`);
        const bound = whole.bindings.find((one) => one.system === system);
        await page.fill("#deployment", bound.deployment ?? "");
        await page.click('main form[action="/documents/hand-in"] button[type=submit]');
      }
      await page.goto(task);
      assert.match(await page.locator("main").innerText(), /Proven by a document/);
      if (task === tasks[0]) assert.match(await page.locator("main").innerText(), /proves the fix/);
    }

    // Nothing is exposed any more: it can be closed.
    await page.goto("/incidents");
    await page.click(`main a[href="${incident}"]`);
    assert.match(await heading(page), /All 2 systems that were hit are out of danger/);
    await page.fill("#reason", "An old library. It is updated. Inventories now come every week.");
    await page.click('form[action$="/close"] button');
    assert.match(await heading(page), /^Closed: none of 2 systems/);

    // The trail.
    await page.click('main a[href^="/audit"]');
    const trail = await page.locator("main").innerText();
    assert.match(trail, new RegExp(ACCOUNT.login));
    assert.match(trail, new RegExp(incident.split("/").pop()));
  });
});

test("two people change the same: the second sees both", async () => {
  await visit({ expected: [409] }, async (page, context) => {
    const incident = await json(page, "/incidents?format=json");
    const number = incident.rows[0].number;
    const room = await json(page, `/incidents/${number}?format=json`);
    const task = `/tasks/${room.tasks[0].number}`;
    const other = await context.newPage();
    await page.goto(task);
    await other.goto(task);
    await other.fill("#text", "The other was faster");
    await other.click('form:has(#text) button[type=submit]');
    await page.fill("#text", "I was slower");
    await page.click('form:has(#text) button[type=submit]');
    assert.match(await page.locator("[role=alert]").innerText(), /Somebody changed this before you/);
    assert.equal(await page.inputValue("#text"), "I was slower");
    await page.click('form:has(#text) button[type=submit]');
    const remarks = await page.locator("ol.timeline").innerText();
    assert.match(remarks, /The other was faster/);
    assert.match(remarks, /I was slower/);
  });
});

for (const language of ["en", "de"]) {
  test(`without scripts an incident is opened all the same (${language})`, async () => {
    await visit({ locale: language, javaScriptEnabled: false }, async (page) => {
      await page.goto("/incidents/new");
      await page.selectOption("#kind", "vulnerability");
      await page.fill("#what", "CVE-2021-44228");
      await page.click('form[method=get] button');
      await page.fill("#title", "Log4Shell");
      await page.check("#drill");
      await page.click('form[method=post][action="/incidents/new"] button');
      assert.match(path(page), /^\/incidents\/I\d+$/);
      assert.match(await page.locator(".drill").innerText(), language === "de" ? /Übung/ : /drill/);
      assert.equal(await page.locator("html").getAttribute("lang"), language);
    });
  });
}
