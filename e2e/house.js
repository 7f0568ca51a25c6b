// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

// A house of Norvania, started by the program itself, and browsers that knock at it.
//
// To run the tests: npm ci, then UNDERPIN_BINARY=../target/debug/underpin npm test. Chromium is the one of the system, or named by
// UNDERPIN_CHROMIUM.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const BINARY = process.env.UNDERPIN_BINARY;
const CHROMIUM = process.env.UNDERPIN_CHROMIUM ?? "/usr/bin/chromium";
/** Nothing but what a test asks for: no updates, no talk with anybody. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** Building the country takes a while in a program that is not optimised. */
const START_MS = 180_000;

export const ACCOUNT = { name: "Somebody", login: "somebody", password: "seven geese over the mint" };

/** Starts `underpin demo --serve` in a folder of its own, at a port, with further flags. */
export async function openHouse({ port = 0, flags = [] } = {}) {
  if (!BINARY) throw new Error("UNDERPIN_BINARY must name the program to test");
  const data = await mkdtemp(join(tmpdir(), "underpin-e2e-"));
  const child = spawn(resolve(BINARY), ["demo", "--serve", "--listen", `127.0.0.1:${port}`, "--data", data, ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((done) => child.once("exit", done));
  const close = async () => {
    child.kill("SIGTERM");
    await ended;
    await rm(data, { recursive: true, force: true });
  };
  try {
    const { base, link } = await addresses(child, ended);
    return { base, link, data, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Reads where the house is open, and the link for the first account, from what the program prints. */
async function addresses(child, ended) {
  let late;
  const tooLate = new Promise((_, reject) => {
    late = setTimeout(() => reject(new Error("the house did not open in time")), START_MS);
  });
  const gone = ended.then((code) => Promise.reject(new Error(`the program ended with ${code}`)));
  gone.catch(() => {});
  const read = (async () => {
    let link = "";
    for await (const line of createInterface({ input: child.stdout })) {
      link = line.match(/^https?:\S+(\/welcome\/\S+)$/)?.[1] ?? link;
      const base = line.match(/open at (http:\/\/\S+)/)?.[1];
      if (base) return { base, link };
    }
    throw new Error("the program said nothing of an address");
  })();
  try {
    return await Promise.race([read, gone, tooLate]);
  } finally {
    clearTimeout(late);
    // What else it says must not fill the pipe.
    child.stdout.resume();
  }
}

export function openBrowser() {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

/**
 * A page that keeps a list of what must never happen: words in the console, broken rules of content, calls to other hosts.
 * Codes that a test asks for on purpose (`expected`) are no fault.
 */
export async function openPage(browser, base, options = {}) {
  const { expected = [], ...rest } = options;
  const context = await browser.newContext({ baseURL: base, locale: "en", ...rest });
  context.setDefaultTimeout(15_000);
  // How long pages take is measured elsewhere (underpin bench pages): here a slow build may run, two pages at a time.
  context.setDefaultNavigationTimeout(90_000);
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => {
    const isAsked = expected.some((status) => message.text().includes(`status of ${status}`));
    if (["error", "warning"].includes(message.type()) && !isAsked) faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("requestfailed", (request) => {
    // What was still on its way when somebody went on is nobody's fault.
    const why = request.failure()?.errorText;
    if (why !== "net::ERR_ABORTED") faults.push(`failed: ${request.url()}: ${why}`);
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol !== "data:" && url.origin !== new URL(base).origin) faults.push(`another host: ${url.origin}`);
  });
  return { context, page, faults };
}

/** Makes the first account. */
export async function makeAccount(page, link, account = ACCOUNT) {
  await page.goto(link);
  await page.fill("#name", account.name);
  await page.fill("#login", account.login);
  await page.fill("#password", account.password);
  await page.click("main button[type=submit]");
  await page.waitForURL("**/sign-in");
}

export async function signIn(page, account = ACCOUNT) {
  await page.goto("/sign-in");
  await page.fill("#login", account.login);
  await page.fill("#password", account.password);
  await page.click("main button[type=submit]");
  await page.waitForURL((url) => url.pathname === "/");
}

/** Opens an incident about an old log4j-core, as a drill: its address. */
export async function openIncident(page, title = "Old log4j-core") {
  await page.goto("/incidents/new?kind=package&what=log4j-core&versions=%3C2.17.1");
  await page.fill("#title", title);
  await page.check("#drill");
  await page.click('form[method=post][action="/incidents/new"] button');
  await page.waitForURL("**/incidents/I*");
  return new URL(page.url()).pathname;
}

/** Opens the pages whose pictures of the past are worked out behind their readers, until those are drawn. */
export async function untilThePastIsDrawn(page, deadline_ms = 60_000) {
  const ends = Date.now() + deadline_ms;
  for (const [path, picture] of [
    ["/", "#by-week"],
    ["/agencies/health-institute", "#then-and-now"],
  ]) {
    for (await page.goto(path); (await page.locator(picture).count()) === 0; await page.goto(path)) {
      if (Date.now() > ends) throw new Error(`${path} does not draw ${picture}`);
      await page.waitForTimeout(200);
    }
  }
}
