// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

// Makes a page of the manual from the answer of `underpin check --format json`.

import { readFileSync } from "node:fs";

const answer = JSON.parse(readFileSync(process.argv[2], "utf8"));
const words = { met: "met", "not-met": "**not met**", "cannot-be-assessed": "cannot be assessed" };
const shown = 5;

// Files, not lines: lines move with every change.
function where(practice) {
  const all = [...new Set(practice.places.map((place) => (place.path ? `\`${place.path}\` ${place.code}` : place.code)))];
  const places = all.slice(0, shown);
  if (practice.obstacle) places.unshift(practice.obstacle);
  return places.join(", ") + (all.length > shown ? ` and ${all.length - shown} more` : "");
}

const lines = [
  // In two parts, so that nobody takes these words for those of this file.
  "<!-- SPDX-" + "FileCopyrightText: The Underpin authors -->",
  "<!-- SPDX-" + "License-Identifier: Apache-2.0 -->",
  "",
  "# How Underpin itself keeps practices",
  "",
  "Underpin holds itself against the standards that it asks others to keep. This page is written by `e2e/own-verdicts.sh` from the files of the repository alone, and every run of the tests compares it. What is not met stands in SHORTCOMINGS.md with what is planned. [Practices](practices.md) says what each of them asks.",
];
for (const level of answer.levels) {
  const counts = `${level.met} met, ${level.not_met} not met, ${level.not_assessed} cannot be assessed`;
  lines.push("", `Level ${level.level} of ${level.pack}: ${counts}.`);
}
let standard = "";
for (const practice of answer.practices) {
  if (practice.standard !== standard) {
    standard = practice.standard;
    lines.push("", `## ${standard}`, "", "| Practice | Result | Why |", "|---|---|---|");
  }
  lines.push(`| \`${practice.practice}\` | ${words[practice.outcome]} | ${where(practice)} |`);
}
process.stdout.write(lines.join("\n") + "\n");
