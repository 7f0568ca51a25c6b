// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

// Which numbers of a page lead to their rows, and which need not.
//
// A number leads to its rows when it is a link, when its row, line or paragraph holds one, when the name of a fact is one, or when it stands
// in words above the rows themselves.

/** Words that are no count of rows: measures, money, shares, ranges, moments, versions, names with digits. */
const NO_COUNTS = [
  /^0$/, // none: nothing to list
  /[€%×=]/, // money, shares, sums
  /^\(?(Between )?[\d.,]+ ?[–-] ?[\d.,]+\)?\.?$/, // ranges
  /^[\d.,]+ \([\d.,–]+\)$/, // an estimate with its range
  /^[\d,]+\.\d+$/, // points, scores
  /\d+ days? (late|old|ago)/,
  /^\d{1,2} \p{L}+ \d{4}/u, // days and moments
  /, \d{1,2} \p{L}+ \d{4}/u, // who, when
  /^\d+(\.\d+)+$/, // versions
  /^(CVE|GHSA|Q|V|E|K|C|T|R|I|D|U|M)-?\d/, // names
  /\d+ s$/, // seconds
  /^(Opened|Made) \d/, // when
];

/** Numbers that no rows stand behind, by the page and the words around them; each with the reason. */
export const NO_ROWS = [
  { on: /^\/settings/, words: /./, why: "settings, and limits of the house" },
  { on: /^\/_design/, words: /./, why: "samples" },
  { on: /^\/accessibility/, words: /WCAG|pixels/, why: "names of rules, and a width" },
  { on: /^\/account|\/welcome/, words: /characters/, why: "a rule for passwords" },
  { on: /./, words: /256 megabytes/, why: "a limit" },
  { on: /^\/incidents\/new/, words: /SHA-256|For example/, why: "help for a field" },
  { on: /^\/incidents$/, words: /72-hour|72 hours/, why: "what a drill is" },
  { on: /^\/incidents\/I\d+$/, words: /NIS 2|Directive \d|^Over by|left$/, why: "names of laws and their articles, and how much time is left; the clocks lead on" },
  { on: /^\/first-30-days/, words: /^Within \d+ days$/, why: "a span of time" },
  { on: /^\/engagements\/new/, words: /C12/, why: "help for a field" },
  { on: /^\/engagements\/E/, words: /conversations within 30 days/, why: "a budget, of conversations that others may not see" },
  { on: /^\/projects\//, words: /Place with|counts like|published within|points of dependence|Census|since 2010|in 12 months/, why: "sums of a formula, with its parts beside it" },
  { on: /^\/projects\//, words: /without a fix: 0/, why: "none; else their names stand beside it" },
  { on: /^\/projects(\/map)?$/, words: /beginning|only the name|were looked at|Dependence says/, why: "how the list was made" },
  { on: /^\/projects\//, words: /^\d$/, why: "points of a formula of others" },
  { on: /^\/projects\//, words: /^[\d,]+$|^[\d,]+ of [\d,]+$|of (12|24) months|Looks that are kept|Score \(0 to 1\)/, why: "counted in a clone, whose commit stands beside it; people are never listed" },
  { on: /^\/engagements\/(new|E)/, words: /^[\d,]+$/, why: "people counted in a clone, who are never listed" },
  { on: /^\/plan/, words: /at least 1000 euro|300000/, why: "what to enter" },
  { on: /^\/commitments/, words: /^Fiction of the demo/, why: "words of a person" },
  { on: /^\/mandate/, words: /posts|Posts|filled|^\d+(\.\d)?$|in \d{4}$|^With|^Written by|section/i, why: "what somebody wrote down; agreements stand below" },
  { on: /^\/roles/, words: /^\d+ of \d+$|roles are active|comments?;|From \d|consultation U\d/, why: "measures and steps, which stand in the tables of the page" },
  { on: /^\/consultations/, words: /consultations? (is|are) open|U\d|M\d|active from|waiting to be looked at|bytes|section|Heard besides/, why: "comments and texts, which stand on the page" },
  { on: /^\/contracts\//, words: /^S\d|TR-03183/, why: "the number of the contract, and the name of its rulebook" },
  { on: /^\/promises/, words: /^1$/, why: "the promises themselves stand below" },
  { on: /^\/open-data/, words: /./, why: "rounded totals of what is out of everybody's sight, and the rule behind them" },
  { on: /^\/publications/, words: /CC0|sha256|^Key since/, why: "names of a licence and of digests, and a day" },
  { on: /^\/publications\/drafts/, words: /^\d+$|^\p{L}+ \d+\.\d/u, why: "versions of documents and releases" },
  { on: /^\/catalogue/, words: /-\d|RFC|\d met|of 100|^\d+\.\d|^[0-9a-f]{12,}/, why: "licences, names of standards and rules, shares of likeness, and results whose practices stand below" },
  { on: /^\/catalogue\/repository/, words: /of 112|^Open: \d|^said by|for Public Code \d|^\d+ answers? contradict/, why: "places in the standard, its version, who and when; the questions stand below" },
  { on: /^\/documents\/D\d+\/conformity/, words: /./, why: "components of the document itself, whose places stand beside the number, and names of texts and formats" },
  { on: /^\/documents\/D/, words: /^[\d,]+$|^urn:|SHA-256/, why: "its size, and what it says of itself" },
  { on: /^\/sources/, words: /^\d+$|^CC/, why: "editions, ages, the revision of the ledger, licences" },
  { on: /^\/incidents\/I/, words: /^Drill: /, why: "a name with digits" },
  { on: /^\/plan/, words: /^[\d,]+$/, why: "hours that an instrument takes as a rule, and hours that somebody wrote down" },
  { on: /^\/plan/, words: /arithmetic/, why: "the certificate: it bounds a sum" },
  { on: /^\/rules\/.+/, words: /./, why: "a simulation: its rows are the agencies in the file, and each rule is a query that is shown" },
  { on: /^\/plan\/brief/, words: /./, why: "a letter of one page; the plan, which it names, holds the rows" },
  { on: /^\/clocks|^\/incidents\/I.+\/clocks|^\/law\//, words: /./, why: "numbers of articles and events, names of laws, and days; each row leads to its incident, text or question" },
  { on: /^\/incidents\/.+\/situation/, words: /./, why: "a report of one page; the room, which it names, holds the rows" },
  { on: /^\/audit\/reads/, words: /./, why: "how long notes are kept" },
];

/** What stands on a page and leads nowhere: the words with the number, and what they stand in. Runs in the page. */
function unlinked() {
  const skipped = "a,svg,time,code,pre,input,select,option,textarea,button,nav,footer,kbd,label,legend,.mono,.wrap,[lang]:not(html)";
  const main = document.querySelector("main");
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const words = walker.currentNode.textContent.trim().replace(/\s+/g, " ");
    const parent = walker.currentNode.parentElement;
    if (!/\d/.test(words) || parent.closest(skipped) || parent.closest("thead")) continue;
    const home = parent.closest("tr, li, dt, dd, p, h1, h2, h3, caption, figcaption, summary") ?? parent;
    let named = home.tagName === "DD" ? home : null;
    while (named && named.tagName !== "DT") named = named.previousElementSibling;
    if (home.querySelector("a[href]") || named?.querySelector("a[href]")) continue;
    const isAbove = home.matches("h1, h2, h3, caption, figcaption, summary, .lede");
    const below = home.matches("h1, .lede") ? main : home.closest("section, figure, details, article");
    if (isAbove && below?.querySelector("table a[href], dl a[href], li a[href], form[method=post], table")) continue;
    found.push({ words, within: home.tagName.toLowerCase() });
  }
  return found;
}

/** Links of a page to a place on it that is not there. */
export const lostAnchors = (page) =>
  page.evaluate(() => {
    // In a picture, a link has no address of its own as text.
    const hrefs = [...document.querySelectorAll("main a[href]")].map((link) => link.getAttribute("href"));
    const lost = hrefs.filter((href) => {
      const to = new URL(href, location);
      const isHere = to.pathname === location.pathname && to.search === location.search;
      return isHere && to.hash.length > 1 && !document.getElementById(decodeURIComponent(to.hash.slice(1)));
    });
    return [...new Set(lost)];
  });

/** Numbers of a page that lead nowhere and are not excused; `used` takes the places of excuses that were needed. */
export async function strays(page, path, used) {
  const found = await page.evaluate(unlinked);
  return found.filter(({ words }) => {
    if (NO_COUNTS.some((shape) => shape.test(words))) return false;
    const excuse = NO_ROWS.findIndex((entry) => entry.on.test(path) && entry.words.test(words));
    if (excuse >= 0) used.add(excuse);
    return excuse < 0;
  });
}
