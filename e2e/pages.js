// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

// Every page that people read. A test holds this list against the routes of the house.

/**
 * `route` as it stands in the routes; `path` is one that is there in Norvania; `as` says who looks. Several entries of one route
 * are several states of the page.
 */
export const PAGES = [
  { route: "/", path: "/" },
  { route: "/sign-in", path: "/sign-in", as: "stranger" },
  { route: "/welcome/{key}", path: "LINK", as: "invited" },
  { route: "/find", path: "/find" },
  { route: "/find", path: "/find?q=log4j-core" },
  { route: "/find", path: "/find?q=log4j-core&versions=%3C2.17.1" },
  { route: "/find", path: "/find?q=no-such-package" },
  { route: "/findings", path: "/findings" },
  { route: "/findings", path: "/findings?text=nothing-is-called-so" },
  { route: "/vulnerabilities/{name}", path: "/vulnerabilities/CVE-2021-44228" },
  { route: "/vulnerabilities/{name}", path: "/vulnerabilities/CVE-1999-0001", status: [200, 404] },
  { route: "/agencies", path: "/agencies" },
  { route: "/agencies/{id}", path: "/agencies/health-institute" },
  { route: "/systems/{id}", path: "/systems/lab-reporting" },
  { route: "/systems/{id}", path: "/systems/tax-assessment" },
  { route: "/systems/{id}", path: "/systems/no-such-system", status: [404] },
  { route: "/coverage", path: "/coverage" },
  { route: "/packages", path: "/packages?purl=pkg:maven/org.apache.logging.log4j/log4j-core" },
  { route: "/packages", path: "/packages?purl=pkg:npm/no-such-package", status: [200, 404] },
  { route: "/documents", path: "/documents" },
  { route: "/documents/{id}", path: "/documents/D1" },
  { route: "/documents/{id}", path: "/documents/D99999", status: [404] },
  { route: "/findings/weeks", path: "/findings/weeks" },
  { route: "/changes", path: "/changes" },
  { route: "/coverage", path: "/coverage?evidence=none" },
  { route: "/findings/decide", path: "/findings/decide" },
  { route: "/findings/decide", path: "/findings/decide?all=yes&vulnerability=CVE-2021-44228" },
  { route: "/decisions", path: "/decisions" },
  { route: "/decisions/{id}", path: "/decisions/V99999", status: [404] },
  { route: "/documents/hand-in", path: "/documents/hand-in" },
  { route: "/registry", path: "/registry" },
  { route: "/registry/import", path: "/registry/import" },
  { route: "/registry/{kind}/{id}", path: "/registry/systems/lab-reporting" },
  { route: "/registry/{kind}/{id}", path: "/registry/agencies/new" },
  { route: "/audit", path: "/audit", status: [200, 403] },
  { route: "/sources", path: "/sources" },
  { route: "/settings", path: "/settings" },
  { route: "/sql", path: "/sql?q=SELECT%20*%20FROM%20system" },
  { route: "/help", path: "/help" },
  { route: "/help/{*page}", path: "/help/how-to/answer-an-incident" },
  { route: "/help/{*page}", path: "/help/reference/tables" },
  { route: "/_design", path: "/_design" },
  { route: "/incidents", path: "/incidents" },
  { route: "/incidents/new", path: "/incidents/new" },
  { route: "/incidents/new", path: "/incidents/new?kind=package&what=log4j-core&versions=%3C2.17.1" },
  { route: "/incidents/{id}", path: "/incidents/I1" },
  { route: "/incidents/{id}/situation", path: "/incidents/I1/situation" },
  { route: "/tasks/{id}", path: "/tasks/T1" },
  { route: "/incidents/{id}", path: "/incidents/I99999", status: [404] },
  { route: "/incidents/{id}/situation", path: "/incidents/I99999/situation", status: [404] },
  { route: "/tasks", path: "/tasks" },
  { route: "/tasks", path: "/tasks?which=all&state=any" },
  { route: "/tasks/{id}", path: "/tasks/T99999", status: [404] },
  { route: "/account", path: "/account" },
  { route: "/account", path: "/account?done=password" },
  { route: "/account/codes", path: "/account/codes" },
  { route: "/account/tokens", path: "/account/tokens" },
  { route: "/people", path: "/people" },
  { route: "/sign-in/code", path: "/sign-in/code", as: "stranger" },
  { route: "/accessibility", path: "/accessibility" },
  { route: "/accessibility", path: "/accessibility", as: "stranger" },
];

/** Routes that people do not read. */
export const NO_PAGES = {
  "/healthz": "for programs",
  "/suggest": "for the quick search",
  "/decisions/vex": "a file",
  "/readyz": "for programs",
  "/assets/{tag}/{name}": "styles, letters and scripts",
};

/** Pages that nobody can click to, and why. */
export const NOT_LINKED = {
  "/sign-in": "for who is not signed in",
  "/sign-in/code": "it comes after the password, for who uses one-time codes",
  "/people": "for who gives rights",
  "/people/{login}": "for who gives rights",
  "/_design": "for those who build the house",
  "/welcome/{key}": "the link comes from outside",
};

/** Words for a test's name. */
export function title(page) {
  return `${page.path}${page.as ? ` (${page.as})` : ""}`;
}
