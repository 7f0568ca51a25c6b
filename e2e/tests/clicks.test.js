// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

// From the overview every page is at most three clicks away, in a house where people have worked: it has a decision,
// an incident and a round.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { makeAccount, openBrowser, openHouse, openPage, signIn } from "../house.js";
import { NOT_LINKED, PAGES } from "../pages.js";
import { work } from "../worked.js";

/** Clicks from the overview within which every page is found. */
const MOST_CLICKS = 3;
/** Addresses of one route that are followed. */
const FOLLOWED = 6;

let house;
let browser;
/** The cookies of somebody signed in. */
let signed;

before(async () => {
  house = await openHouse();
  browser = await openBrowser();
  const { context, page } = await openPage(browser, house.base);
  await makeAccount(page, house.link);
  await signIn(page);
  await work(page);
  signed = await context.storageState();
  await context.close();
});
after(async () => {
  await browser?.close();
  await house?.close();
});

/** Which route an address belongs to. */
function routeOf(address) {
  const path = address.split(/[?#]/)[0].split("/");
  const fits = (route) => {
    const parts = route.split("/");
    // `{*page}` stands for all the rest.
    const isLong = parts.at(-1).startsWith("{*") && path.length > parts.length;
    return (parts.length === path.length || isLong) && parts.every((part, place) => part.startsWith("{") || part === path[place]);
  };
  return [...new Set(PAGES.map((page) => page.route))].sort((a, b) => a.split("{").length - b.split("{").length).find(fits);
}

const cookies = () => signed.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
const ask = (path) => fetch(house.base + path, { headers: { cookie: cookies() }, redirect: "manual" });

test("every page is found in three clicks, and no link leads nowhere", async () => {
  const clicks = new Map([["/", 0]]);
  const followed = new Map();
  const dead = [];
  const queue = ["/"];
  while (queue.length > 0) {
    const path = queue.shift();
    const route = routeOf(path) ?? path;
    followed.set(route, (followed.get(route) ?? 0) + 1);
    if (followed.get(route) > FOLLOWED) continue;
    const answer = await ask(path);
    if (answer.status !== 200) dead.push(`${path} answers ${answer.status}`);
    const isPage = answer.headers.get("content-type")?.startsWith("text/html");
    const body = await answer.text();
    if (!isPage || clicks.get(path) >= MOST_CLICKS) continue;
    for (const [anchor, href] of body.matchAll(/<a [^>]*href="([^"]+)"[^>]*>/g)) {
      const link = href.replaceAll("&amp;", "&").replaceAll("&#38;", "&").split("#")[0];
      if (link === "" || clicks.has(link)) continue;
      // Texts of law and repositories lie elsewhere: nothing there is to learn from which page somebody came.
      if (link.startsWith("https://") && anchor.includes('rel="noreferrer"')) continue;
      assert.ok(link.startsWith("/"), `${path} leads to ${link}`);
      clicks.set(link, clicks.get(path) + 1);
      queue.push(link);
    }
  }
  const reached = new Set([...clicks.keys()].map(routeOf));
  const lost = [...new Set(PAGES.map((page) => page.route))].filter((route) => !reached.has(route) && !NOT_LINKED[route]);
  // An excuse that is no longer needed is taken out.
  const excused = Object.keys(NOT_LINKED).filter((route) => reached.has(route));
  assert.deepEqual({ lost, dead, excused }, { lost: [], dead: [], excused: [] });
});
