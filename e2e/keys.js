// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

// Going about with the keyboard alone.

import assert from "node:assert/strict";

/** Stops of a page that are looked at. */
const MOST_STOPS = 150;
/** Stops until a thing must be reached: the room of an incident has two for every system. */
const MOST_STEPS = 400;

/** Where the focus is: whether it is marked, and whether that can be seen. */
export function stop(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const hasOutline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const inside = box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0;
    return {
      what: element.outerHTML.slice(0, 120),
      href: element.getAttribute("href"),
      isMarked: hasOutline || style.boxShadow !== "none",
      isSeen: inside && box.top < innerHeight && box.left < innerWidth && style.opacity !== "0",
    };
  });
}

/** Presses Tab until an element has the focus; on the way each stop has to show where one is. */
export async function tabTo(page, selector) {
  for (let step = 0; step < MOST_STEPS; step += 1) {
    await page.keyboard.press("Tab");
    const here = await stop(page);
    if (here) assert.ok(here.isMarked && here.isSeen, `the focus is not seen: ${JSON.stringify(here)}`);
    if (await page.evaluate((sought) => document.activeElement.matches(sought), selector)) return;
  }
  assert.fail(`${selector} is not reached with ${MOST_STEPS} times Tab on ${page.url()}`);
}

/** Every stop of a page, in order, once around. */
export async function allStops(page) {
  const stops = [];
  for (let step = 0; step < MOST_STOPS; step += 1) {
    await page.keyboard.press("Tab");
    const here = await stop(page);
    if (!here) break;
    stops.push(here);
  }
  return stops;
}

/** A key that leads to another page. */
export async function press(page, key) {
  await Promise.all([page.waitForEvent("domcontentloaded"), page.keyboard.press(key)]);
}
