// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

// What somebody does who is new here: in two languages, with and without scripts, and without a mouse.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ACCOUNT, makeAccount, openBrowser, openHouse, openPage, signIn } from "../house.js";
import { press, stop, tabTo } from "../keys.js";

let house;
let browser;

before(async () => {
  house = await openHouse();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await house?.close();
});

/** A test in a fresh browser; what it did wrong on the way fails it. */
async function visit(options, steps) {
  const { context, page, faults } = await openPage(browser, house.base, options);
  try {
    await steps(page, context);
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
}

const heading = (page) => page.locator("h1").innerText();
const path = (page) => new URL(page.url()).pathname + new URL(page.url()).search;

test("the first link makes an account, once", async () => {
  await visit({ expected: [404, 422] }, async (page) => {
    await page.goto(house.link);
    // A short password is refused with a reason, and what was written is still there.
    await page.fill("#name", ACCOUNT.name);
    await page.fill("#login", ACCOUNT.login);
    await page.fill("#password", "short");
    await page.locator("form.stack").evaluate((form) => (form.noValidate = true));
    await page.click("main button[type=submit]");
    assert.match(await page.locator("[role=alert]").innerText(), /12 to 256/);
    assert.equal(await page.inputValue("#login"), ACCOUNT.login);
    await makeAccount(page, house.link);
    assert.equal((await page.goto(house.link)).status(), 404);
  });
});

test("a wrong password is refused without saying what was wrong", async () => {
  await visit({ expected: [401] }, async (page) => {
    const said = [];
    for (const login of [ACCOUNT.login, "nobody"]) {
      await page.goto("/sign-in");
      await page.fill("#login", login);
      await page.fill("#password", "not the password");
      await page.click("main button[type=submit]");
      said.push(await page.locator("[role=alert]").innerText());
      assert.equal(await page.inputValue("#login"), login);
      assert.equal(await page.inputValue("#password"), "");
    }
    assert.equal(said[0], said[1]);
    await page.goto("/findings");
    assert.equal(path(page), "/sign-in?to=/findings");
  });
});

/** From the overview to who uses log4j-core, into a system, to its finding and what is known of it. */
async function walk(page) {
  assert.match(await heading(page), /\d/);
  await page.click('.menu a[href="/find"]');
  await page.fill("#quick-search", "log4j-core");
  await page.click("main form[role=search] button[type=submit]");
  assert.match(path(page), /^\/find\?q=log4j-core/);
  assert.match(await heading(page), /log4j-core/);
  await page.locator('main a[href="/systems/lab-reporting"]').first().click();
  assert.equal(path(page), "/systems/lab-reporting");
  const facts = await page.locator("dl.facts").first().innerText();
  await page.locator('main a[href="/vulnerabilities/CVE-2021-44228"]').first().click();
  assert.equal(path(page), "/vulnerabilities/CVE-2021-44228");
  assert.match(await heading(page), /CVE-2021-44228/);
  assert.ok((await page.locator('main a[href="/systems/lab-reporting"]').count()) > 0, "the way back");
  return { facts };
}

for (const [language, scripts] of [["en", true], ["en", false], ["de", true], ["de", false]]) {
  test(`from the overview to a vulnerability (${language}, ${scripts ? "with" : "without"} scripts)`, async () => {
    const options = { locale: language, javaScriptEnabled: scripts };
    await visit(options, async (page) => {
      await signIn(page);
      assert.equal(await page.locator("html").getAttribute("lang"), language);
      const { facts } = await walk(page);
      assert.match(facts, language === "de" ? /Abhängigkeiten/ : /dependencies/i);
    });
  });
}

test("the language can be changed on every page, and one stays there", async () => {
  await visit({}, async (page) => {
    await signIn(page);
    await page.goto("/find?q=log4j-core");
    const english = await heading(page);
    await page.click('.foot button[lang="de"]');
    assert.equal(path(page), "/find?q=log4j-core");
    assert.equal(await page.locator("html").getAttribute("lang"), "de");
    assert.notEqual(await heading(page), english);
  });
});

test("after signing out nothing is left to read", async () => {
  await visit({}, async (page, context) => {
    await signIn(page);
    await page.goto("/systems/lab-reporting");
    await page.click('form[action="/sign-out"] button');
    assert.equal(path(page), "/sign-in");
    assert.deepEqual((await context.cookies()).filter((cookie) => cookie.name.includes("session")), []);
    await page.goBack();
    assert.match(path(page), /^\/sign-in/, "the page before is not kept");
  });
});

test("everything goes without a mouse", async () => {
  await visit({ locale: "de" }, async (page) => {
    await page.goto("/sign-in?to=/");
    await tabTo(page, "#login");
    await page.keyboard.type(ACCOUNT.login);
    await tabTo(page, "#password");
    await page.keyboard.type(ACCOUNT.password);
    await press(page, "Enter");
    assert.equal(path(page), "/");

    // The first stop leads over everything that is the same on every page.
    await page.keyboard.press("Tab");
    const first = await stop(page);
    assert.equal(first.href, "#main");
    assert.ok(first.isSeen && first.isMarked, JSON.stringify(first));
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "main");
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(() => document.querySelector("main").contains(document.activeElement)));

    await page.goto("/");
    await tabTo(page, '.menu a[href="/find"]');
    await press(page, "Enter");
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement.id), "palette-words");
    await page.keyboard.type("log4j-core");
    await press(page, "Enter");
    await tabTo(page, 'main a[href="/systems/lab-reporting"]');
    await press(page, "Enter");
    await tabTo(page, 'main a[href="/vulnerabilities/CVE-2021-44228"]');
    await press(page, "Enter");
    assert.match(await heading(page), /CVE-2021-44228/);
    await tabTo(page, 'form[action="/sign-out"] button');
    await press(page, "Enter");
    assert.equal(path(page), "/sign-in");
  });
});
