// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

// A house in which people have worked: an incident with tasks, a decision, a round with letters and links that need no account.

import { openIncident } from "./house.js";

/** An agency of Norvania that is asked in the round. */
export const ASKED = "health-institute";

/** Decides that a vulnerability is looked into everywhere: the address of the decision. */
export async function decide(page, vulnerability = "CVE-2021-44228") {
  await page.goto(`/findings/decide?all=yes&vulnerability=${vulnerability}`);
  await page.selectOption("#status", "under-investigation");
  await page.fill("#reason", "We look.");
  await page.selectOption("#place", "government");
  await page.click("main button[value=look]");
  await page.click("main button[value=make]");
  await page.waitForURL("**/decisions?made=*");
  return page.locator('main a[href^="/decisions/V"]').first().getAttribute("href");
}

/** Asks every agency for evidence about all its systems: the address of the round. */
export async function openRound(page, title = "Spring round") {
  await page.goto("/rounds/new");
  await page.fill("#title", title);
  await page.fill("#due", "2026-03-31");
  await page.check("#all");
  await page.click("main button[value=open]");
  await page.waitForURL("**/rounds/R*");
  return new URL(page.url()).pathname;
}

/** Has the letter to an agency printed with links that need no account: the paths of both. */
export async function printLetter(page, round, agency = ASKED) {
  await page.goto(`${round}/letters/${agency}`);
  await page.click(`form[action="${round}/letters/${agency}"] button:not([name])`);
  const letter = await page.locator("article.report").innerText();
  const link = (kind) => letter.match(new RegExp(`/${kind}/[A-Za-z0-9_-]+`))?.[0];
  const [answer, upload] = [link("answer"), link("upload")];
  if (!answer || !upload) throw new Error(`the letter has no links:\n${letter}`);
  return { answer, upload };
}

/** Writes down a contract with a supplier: the address of the contract. */
export async function openContract(page) {
  await page.goto("/contracts");
  await page.fill("#reference", "2026-114");
  await page.fill("#supplier", "Aurum Software");
  await page.fill("#product", "Laboratory reports");
  await page.selectOption("#system", "lab-reporting");
  await page.fill("#ends", "2028-12-31");
  await page.click('form[action="/contracts"] button');
  await page.waitForURL("**/contracts/S*");
  return new URL(page.url()).pathname;
}

/** Makes a link by which the supplier of a contract delivers without an account: its path. */
export async function makeDeliveryLink(page, contract) {
  await page.goto(contract);
  const form = page.locator("details", { has: page.locator('input[name=act][value="link"]') });
  await form.locator("summary").click();
  await form.locator("button").click();
  const made = await page.locator("main [role=status]").innerText();
  const path = made.match(/\/deliver\/[A-Za-z0-9_-]+/)?.[0];
  if (!path) throw new Error(`no link was made:\n${made}`);
  return path;
}

/** Answers the first questions about a role, so that there is something to see. */
export async function answerForRole(page) {
  for (const [fact, holds] of [["outside-product-scope", "no"], ["own-use-only", "yes"]]) {
    await page.goto(`/law/role?agency=digital-service&product=letters&fact=${fact}`);
    await page.check(`#holds-${holds}`);
    await page.fill("#source", "The contract");
    await page.click('form[action="/law/role"] button');
    await page.waitForURL("**/law/role?*saved=yes");
  }
}

/** Asks to report a vulnerability to a project, and to ask it for something without bringing anything: a draft, and a refusal. */
export async function askProject(page) {
  for (const [kind, topic, words] of [
    ["vulnerability-report", "vulnerability", "A long name in a line ends the service."],
    ["ask", "funding", "Please move to another licence this year."],
  ]) {
    await page.goto("/engagements/new?project=https://github.com/apache/logging-log4j2");
    await page.selectOption("#kind", kind);
    await page.selectOption("#topic", topic);
    await page.fill("#text", words);
    await page.fill("#agency", "treasury");
    await page.fill("#complaints", "respect@agency.example");
    await page.selectOption("#assistance", "no-machine");
    await page.click('form[action="/engagements/new"][method=post] button');
    await page.waitForURL("**/engagements/requests/Q*");
  }
}

/** All of it, one after the other; the addresses that nobody can know before. Norvania has an incident already: I1, which is no drill. */
export async function work(page) {
  const incident = await openIncident(page);
  const decision = await decide(page);
  const round = await openRound(page);
  await askProject(page);
  const deliver = await makeDeliveryLink(page, await openContract(page));
  await answerForRole(page);
  return { incident, decision, round, deliver, ...(await printLetter(page, round)) };
}

/** What a page says to programs. */
export const json = async (page, address) => (await page.request.get(address)).json();

/** The same inventory, made today, with the package in a version that is not hit: as the tool that made the old one would write it. */
export function fixed(document) {
  // A subject of Maven is named with its group.
  const [name, group] = document.subject.split("/").reverse();
  const inventory = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      timestamp: "2026-03-02T08:30:00Z",
      tools: { components: [{ type: "application", name: document.tool, version: "99.0.0" }] },
      component: { type: "application", ...(group ? { group } : {}), name, version: "99.0.0" },
    },
    components: [
      {
        type: "library",
        group: "org.apache.logging.log4j",
        name: "log4j-core",
        version: "2.25.3",
        purl: "pkg:maven/org.apache.logging.log4j/log4j-core@2.25.3",
      },
    ],
  };
  return { name: "fixed.cdx.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(inventory)) };
}

/** Documents of a system that count now, by what the page of the incident says of it. */
export async function documentsOf(page, incident, system) {
  const room = await json(page, `${incident}?format=json`);
  const row = room.systems.find((one) => one.system === system);
  const list = await json(page, `/documents?system=${encodeURIComponent(system)}&format=json`);
  return list.rows.filter((one) => row.documents.includes(`D${one.document}`));
}
