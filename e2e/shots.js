// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

// Reference pictures of the central pages: how they are taken, kept small, and held against each other. They show the letters of the
// house (Inter, sent along with every page), so that machines differ by smoothing only.

/** Pages that are kept: name of the file, address. */
export const SHOTS = [
  ["overview", "/"],
  ["search", "/find?q=log4j-core"],
  ["package", "/packages?purl=pkg:maven/org.apache.logging.log4j/log4j-core"],
  ["system", "/systems/lab-reporting"],
  ["agency", "/agencies/health-institute"],
  ["vulnerability", "/vulnerabilities/CVE-2021-44228"],
  ["findings", "/findings"],
  ["coverage", "/coverage"],
  ["documents", "/documents"],
  ["projects", "/projects"],
  ["project", "/projects/logging-log4j2"],
  ["plan", "/plan?budget=5000000"],
  ["funding", "/funding"],
  ["mandate", "/mandate"],
  ["roles", "/roles"],
  ["consultations", "/consultations"],
  ["consultation", "/consultations/U1"],
  ["annual-report", "/reports/annual"],
  ["first-30-days", "/first-30-days"],
  ["plan-brief", "/plan/brief?budget=5000000"],
  ["incident", "/incidents/I2"],
  ["clocks", "/clocks"],
  ["incident-clocks", "/incidents/I1/clocks"],
  ["report-draft", "/incidents/I1/clocks/nis2-significant-incident/notification?whom=agency+health-institute"],
  ["law-requests", "/law/requests"],
  ["law-request", "/law/requests/1"],
  ["steward-pack", "/law/steward-pack"],
  ["changes", "/changes?since=2025-12-01"],
  ["catalogue", "/catalogue"],
  ["repository", "/catalogue/repository?address=git.norvania.example/digital-service/forms"],
  ["assess", "/catalogue/repository/assess?address=git.norvania.example/digital-service/forms"],
  ["question", "/catalogue/repository/assess?address=git.norvania.example/digital-service/forms&requirement=document-codebase-maturity-4"],
  ["exemptions", "/exemptions"],
  ["rules", "/rules"],
  ["waivers", "/rules/waivers"],
  ["rule", "/rules/end-of-life/platforms"],
  ["open-data", "/open-data"],
  ["publications", "/publications"],
  ["drafts", "/publications/drafts"],
];

/** Pages that are kept after people have worked (`worked.js`). */
export const WORKED = [
  ["decision", "/decisions/V1"],
  ["round", "/rounds/R1"],
  ["letter", "/rounds/R1/letters/health-institute"],
  ["answer", "ANSWER"],
  ["upload", "UPLOAD"],
];

/** How each page is looked at, how much smaller the picture is kept, and of which pages (all, when none is named). */
export const GUISES = {
  light: { options: { colorScheme: "light", viewport: { width: 1240, height: 900 } }, scale: 0.5 },
  dark: { options: { colorScheme: "dark", viewport: { width: 1240, height: 900 } }, scale: 0.5 },
  narrow: { options: { colorScheme: "light", viewport: { width: 320, height: 1200 } }, scale: 1 },
  forced: {
    options: { colorScheme: "dark", forcedColors: "active", viewport: { width: 1240, height: 900 } },
    scale: 0.5,
    only: ["overview", "findings", "coverage", "incident", "round", "answer"],
  },
};

/** Bytes of a kept picture, at most. */
export const MOST_BYTES = 40_000;
/** Share of places that may look otherwise: letters are smoothed differently from machine to machine. */
export const MOST_OTHER = 0.02;

/** Takes a picture of what is seen first, as a small WebP. */
export async function take(page, workbench, scale) {
  await page.evaluate(() => document.fonts.ready);
  // A key of its own is made with each demo: its name is as long, and another each time.
  const key = page.locator('a[href^="/.well-known/csaf/openpgp/"]');
  await key.evaluateAll((links) => links.forEach((link) => (link.textContent = "0".repeat(40))));
  const png = await page.screenshot({ animations: "disabled", caret: "hide" });
  const url = await workbench.evaluate(
    async ([source, scale]) => {
      const picture = await createImageBitmap(await (await fetch(source)).blob());
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      const drawing = canvas.getContext("2d");
      drawing.imageSmoothingQuality = "high";
      drawing.drawImage(picture, 0, 0, canvas.width, canvas.height);
      return canvas.toDataURL("image/webp", 0.6);
    },
    [`data:image/png;base64,${png.toString("base64")}`, scale],
  );
  return Buffer.from(url.split(",")[1], "base64");
}

/** The share of places at which two pictures look otherwise; 1 when they have not the same size. */
export async function difference(workbench, one, other) {
  const url = (bytes) => `data:image/webp;base64,${bytes.toString("base64")}`;
  return workbench.evaluate(
    async ([one, other]) => {
      /** Places of a picture that are held against each other, and how far a colour may be off (of 255). */
      const PLACE = 4;
      const OFF = 36;
      const colours = async (source) => {
        const picture = await createImageBitmap(await (await fetch(source)).blob());
        const canvas = document.createElement("canvas");
        canvas.width = Math.ceil(picture.width / PLACE);
        canvas.height = Math.ceil(picture.height / PLACE);
        const drawing = canvas.getContext("2d");
        drawing.imageSmoothingQuality = "high";
        drawing.drawImage(picture, 0, 0, canvas.width, canvas.height);
        return drawing.getImageData(0, 0, canvas.width, canvas.height);
      };
      const [first, second] = [await colours(one), await colours(other)];
      if (first.width !== second.width || first.height !== second.height) return 1;
      let otherwise = 0;
      for (let at = 0; at < first.data.length; at += 4) {
        const off = [0, 1, 2].map((part) => Math.abs(first.data[at + part] - second.data[at + part]));
        if (Math.max(...off) > OFF) otherwise += 1;
      }
      return otherwise / (first.data.length / 4);
    },
    [url(one), url(other)],
  );
}
