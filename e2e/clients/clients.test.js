// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

// Clients that others wrote for Dependency-Track hand in to this house, with nothing changed but the address and the key: curl as
// the known plugins of build servers send, two packages of PyPI, one of npm. They are fetched when the tests run and are no part of
// the project. Where a registry cannot be reached, the test says so and is skipped; with UNDERPIN_REQUIRE_REGISTRIES=1 it fails.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { openHouse } from "../house.js";

const run = promisify(execFile);
const BINARY = process.env.UNDERPIN_BINARY;
const AUDITOR = "dtrack-auditor==1.5.0";
const CLIENT = "dependency-track-client==4.0.3";
const NODE_CLIENT = "@dependency-track/bom@1.0.2";
const FETCH_MS = 180_000;

let house;
let folder;
let token;

before(async () => {
  house = await openHouse();
  folder = await mkdtemp(join(tmpdir(), "underpin-clients-"));
  const own = ["--data", house.data, "--format", "json", "--quiet"];
  const program = async (...words) => JSON.parse((await run(resolve(BINARY), [...words, ...own])).stdout);
  await program("people", "service", "builder", "--name", "Build server", "--role", "owner", "--agency", "treasury");
  const made = await program("people", "token", "make", "builder", "--name", "ci", "--scope", "work");
  token = made.secret;
});
after(async () => {
  await house?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** An SBOM with one library that has known flaws, written to a file of its own. */
async function sbom(name, version = "2.14.1", made = "2026-03-01T08:00:00Z") {
  const path = join(folder, `${name} ${version}.json`);
  const library = {
    type: "library",
    group: "org.apache.logging.log4j",
    name: "log4j-core",
    version,
    purl: `pkg:maven/org.apache.logging.log4j/log4j-core@${version}`,
  };
  const document = { bomFormat: "CycloneDX", specVersion: "1.5", version: 1, components: [library] };
  document.metadata = { timestamp: made, tools: [{ name: "maker" }], component: { type: "application", name } };
  await writeFile(path, JSON.stringify(document));
  return path;
}

/** Fetches something; what it could not fetch skips the test. */
async function fetched(t, what, command, words, options = {}) {
  try {
    await run(command, words, { timeout: FETCH_MS, ...options });
    return true;
  } catch (error) {
    const why = `${what} cannot be fetched here: ${error.stderr || error.message}`.slice(0, 300);
    if (process.env.UNDERPIN_REQUIRE_REGISTRIES) throw new Error(why);
    t.skip(why);
    return false;
  }
}

/** What the house says, asked in the plainest way. */
async function asked(path) {
  const answer = await fetch(`${house.base}${path}`, { headers: { "X-Api-Key": token } });
  assert.equal(answer.status, 200, path);
  return answer.json();
}

async function criticalOf(name, version) {
  const project = await asked(`/api/v1/project/lookup?name=${encodeURIComponent(name)}&version=${version}`);
  const findings = await asked(`/api/v1/finding/project/${project.uuid}`);
  return findings.filter((one) => one.vulnerability.severity === "CRITICAL").map((one) => one.vulnerability.vulnId);
}

test("curl, as the plugins of build servers send", async (t) => {
  try {
    await run("curl", ["--version"]);
  } catch {
    return t.skip("curl is not here");
  }
  const curl = async (...words) => JSON.parse((await run("curl", ["--silent", "--show-error", "--fail-with-body", ...words])).stdout);
  const base = `${house.base}/api/v1`;
  const path = await sbom("curl one");
  // The way of the documentation, of GitLab jobs and of Jenkins: a form.
  const form = ["-F", "autoCreate=true", "-F", "projectName=Curl One", "-F", "projectVersion=1.0", "-F", `bom=@${path}`];
  const sent = await curl("-X", "POST", `${base}/bom`, "-H", `X-Api-Key: ${token}`, "-H", "Content-Type: multipart/form-data", ...form);
  assert.match(sent.token, /^[0-9a-f-]{36}$/);
  const waiting = await curl(`${base}/bom/token/${sent.token}`, "-H", `X-Api-Key: ${token}`);
  assert.deepEqual(waiting, { processing: false });
  assert.ok((await criticalOf("Curl One", "1.0")).includes("CVE-2021-44228"));
  // The way of the plugins of Maven, Gradle and GitHub: JSON in a file, with the document in base64.
  const bom = (await readFile(await sbom("curl one", "2.25.0", "2026-03-01T09:00:00Z"))).toString("base64");
  const payload = join(folder, "payload.json");
  await writeFile(payload, JSON.stringify({ projectName: "Curl One", projectVersion: "1.1", autoCreate: true, bom }));
  const json = ["-H", "Content-Type: application/json", "--data", `@${payload}`];
  await curl("-X", "PUT", `${base}/bom`, "-H", `X-API-Key: ${token}`, ...json);
  assert.deepEqual(await criticalOf("Curl One", "1.1"), []);
  // The one line of this house: the file itself, and a build that ends by what is found.
  const line = ["-H", `Authorization: Bearer ${token}`, "--data-binary", `@${path}`];
  await assert.rejects(curl(`${base}/bom?projectName=Curl+Three&autoCreate=true&fail-on=planned`, ...line), (error) => {
    assert.equal(error.code, 22);
    assert.equal(JSON.parse(error.stdout).code, "findings");
    return true;
  });
});

test("dtrack-auditor of PyPI uploads, waits, and judges the findings", async (t) => {
  const environment = join(folder, "python");
  if (!(await fetched(t, "a Python environment", "python3", ["-m", "venv", environment]))) return;
  const pip = join(environment, "bin", "pip");
  if (!(await fetched(t, AUDITOR, pip, ["install", "--quiet", AUDITOR, CLIENT]))) return;
  const path = await sbom("auditor");
  const words = ["-u", house.base, "-k", token, "-p", "Audited", "-v", "3.0", "-f", path, "-a", "-w"];
  const parent = ["--parent_project", "treasury"];
  const auditor = join(environment, "bin", "dtrackauditor");
  const passed = await run(auditor, [...words, ...parent, "-r", "critical:1000:true"]);
  assert.match(passed.stdout, /No policy violations found/);
  assert.match(passed.stdout, /Vulnerability audit resulted in no violations/);
  const again = ["-u", house.base, "-k", token, "-p", "Audited", "-v", "3.0", "-f", path, "-a"];
  await assert.rejects(run(auditor, [...again, "-r", "critical:1:true"]), (error) => {
    assert.match(error.stdout, /Threshold for CRITICAL severity issues exceeded/);
    return true;
  });
  // The other one reads.
  const script = `
import json, sys
from dependencytrack_client import DependencyTrack
house = DependencyTrack(sys.argv[1], sys.argv[2])
project = house.project_lookup("Audited", "3.0")
names = [one["name"] for one in house.list_projects()]
found = [one["name"] for one in house.search_project("audit")]
print(json.dumps([project["uuid"] == house.get_project(project["uuid"])["uuid"], "Audited" in names, found]))
`;
  const read = await run(join(environment, "bin", "python"), ["-c", script, house.base, token]);
  assert.deepEqual(JSON.parse(read.stdout), [true, true, ["Audited"]]);
});

test("@dependency-track/bom of npm uploads and reads numbers", async (t) => {
  const words = ["install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, NODE_CLIENT];
  if (!(await fetched(t, NODE_CLIENT, "npm", words))) return;
  const client = join(folder, "node_modules", ".bin", "dependency-track");
  const who = ["--dependencyTrackBaseUrl", house.base, "--apiKey", token];
  const what = ["--projectName", "Noded", "--projectVersion", "0.1"];
  const sent = await run(client, ["-u", await sbom("noded"), ...who, ...what]);
  assert.match(sent.stdout, /Bom file uploaded/);
  const told = await run(client, ["-m", ...who, ...what]);
  const metrics = JSON.parse(told.stdout);
  assert.ok(metrics.critical >= 1 && metrics.vulnerableComponents === 1, told.stdout);
  assert.ok((await criticalOf("Noded", "0.1")).includes("CVE-2021-44228"));
});
