// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

// Coming in by a real provider of OpenID Connect (the certified `oidc-provider`), in a real browser: connecting an invitation, coming
// in again, signing out here, and what a browser gets that began nothing.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import axeCore from "axe-core";
import Provider from "oidc-provider";
import { openBrowser, openHouse } from "../house.js";

const HERE = "127.0.0.1";
const CLIENT = { id: "underpin", secret: "geese over the mint, seven of them" };

let folder;
let provider;
let house;
let browser;

/** A port that nobody uses. */
async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, HERE, done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** The provider: whoever gives a login there is that person, and has no second factor. */
async function openProvider(port, redirect) {
  const issuer = `http://${HERE}:${port}`;
  const settings = {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirect] }],
    claims: { openid: ["sub"], profile: ["name", "preferred_username"] },
    // The names belong into the statement itself.
    conformIdTokenClaims: false,
    cookies: { keys: ["only for this test"] },
    pkce: { required: () => true },
    findAccount: (_, login) => ({
      accountId: login,
      claims: () => ({ sub: login, name: `${login} of the staff`, preferred_username: login }),
    }),
  };
  const oidc = new Provider(issuer, settings);
  const server = createServer(oidc.callback());
  await new Promise((done) => server.listen(port, HERE, done));
  return {
    issuer,
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}

before(async () => {
  const [own, other] = [await freePort(), await freePort()];
  provider = await openProvider(other, `http://${HERE}:${own}/sign-in/openid/staff/back`);
  folder = await mkdtemp(join(tmpdir(), "underpin-openid-"));
  await writeFile(join(folder, "secret"), CLIENT.secret);
  const settings = `
[web.openid.staff]
issuer = "${provider.issuer}"
client = "${CLIENT.id}"
secret = { file = "${join(folder, "secret")}" }
label = "Staff of Norvania"

[watch.permits."127.0.0.1"]
plain_http = true
private_addresses = true
ports = [${other}]
`;
  await writeFile(join(folder, "underpin.toml"), settings);
  house = await openHouse({ port: own, flags: ["--config", join(folder, "underpin.toml")] });
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await house?.close();
  await provider?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** A fresh browser; what its console says against the policy of pages fails the test. */
async function visit(steps) {
  const context = await browser.newContext({ baseURL: house.base, locale: "en" });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text()) && page.url().startsWith(house.base)) faults.push(message.text());
  });
  try {
    await steps(page, context);
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
}

/** What somebody does at the provider. */
async function signInThere(page, login) {
  await page.waitForURL(`${provider.issuer}/**`);
  await page.fill("input[name=login]", login);
  await page.fill("input[name=password]", "anything");
  await page.click("button[type=submit]");
  // It asks whether this house may know the name.
  await page.locator("button[type=submit]", { hasText: "Continue" }).click();
}

async function axe(page) {
  await page.evaluate(axeCore.source);
  const found = await page.evaluate(() => globalThis.axe.run());
  assert.deepEqual(found.violations.map((one) => one.id), []);
}

const path = (page) => new URL(page.url()).pathname + new URL(page.url()).search;

test("an invitation is connected with an account elsewhere", async () => {
  await visit(async (page) => {
    await page.goto(house.link);
    await axe(page);
    await page.click("text=Connect with Staff of Norvania");
    await signInThere(page, "nora");
    await page.waitForURL(`${house.base}/`);
    await page.goto("/account");
    assert.equal(await page.locator("h1").innerText(), "nora of the staff");
    assert.equal((await page.goto(house.link)).status(), 404, "the invitation is used up");
  });
});

test("afterwards one comes in, to the page that was asked for, and goes out here", async () => {
  await visit(async (page, context) => {
    await page.goto("/find?q=log4j-core");
    assert.equal(path(page), "/sign-in?to=/find%3Fq%3Dlog4j-core");
    await axe(page);
    await page.click("text=Sign in with Staff of Norvania");
    await signInThere(page, "nora");
    await page.waitForURL(`${house.base}/find?q=log4j-core`);
    const cookies = await context.cookies(house.base);
    const session = cookies.find((cookie) => cookie.name === "session");
    assert.ok(session?.httpOnly && session.sameSite === "Lax", "the session is out of the reach of scripts");
    assert.ok(!cookies.some((cookie) => cookie.name === "elsewhere"), "what was under way is over");
    await page.click("text=Sign out");
    await page.waitForURL("**/sign-in?out=here");
    assert.match(await page.locator("[role=status]").innerText(), /may still know you/);
  });
});

test("who is not invited does not come in, and reads why", async () => {
  await visit(async (page) => {
    await page.goto("/sign-in");
    await page.click("text=Sign in with Staff of Norvania");
    await signInThere(page, "stranger");
    await page.waitForURL("**/sign-in?fault=unknown");
    assert.match(await page.locator("[role=alert]").innerText(), /You need an invitation/);
    await axe(page);
  });
});

test("a way back that another browser has gone leads nowhere", async () => {
  let back;
  await visit(async (page) => {
    page.on("request", (request) => {
      if (request.url().includes("/sign-in/openid/staff/back?")) back = request.url();
    });
    await page.goto("/sign-in");
    await page.click("text=Sign in with Staff of Norvania");
    await signInThere(page, "nora");
    await page.waitForURL(`${house.base}/`);
  });
  assert.match(back, /code=.+state=/);
  assert.match(back, /iss=http/, "the provider says who answers");
  await visit(async (page) => {
    await page.goto(back);
    assert.equal(path(page), "/sign-in?fault=expired");
    await page.goto("/account");
    assert.equal(path(page), "/sign-in?to=/account");
  });
});
