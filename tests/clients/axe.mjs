// axe-core reads every page in chromium, as a phone and as a desk show it, light and dark, and finds nothing. Nor does any
// page ask anybody but its own server for anything.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

import { launch } from "./_chromium.mjs";
import { VISITS, enter, open, prepare, visit } from "./_visits.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const resultTypes = ["violations"];
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WCAG_22_AA = { runOnly: { type: "tag", values: TAGS }, resultTypes };
const COLOURS = { runOnly: { type: "rule", values: ["color-contrast"] }, resultTypes };
// A page is asked for once and looked at four times. What is not about colours is the same by day and by night.
const LOOKS = [
  { width: 360, colorScheme: "light", rules: WCAG_22_AA },
  { width: 1280, colorScheme: "light", rules: COLOURS },
  { width: 1280, colorScheme: "dark", rules: WCAG_22_AA },
  { width: 360, colorScheme: "dark", rules: COLOURS },
];

let browser;
let house;

before(async () => {
  house = await open();
  browser = await launch();
  await prepare(browser, house);
});

after(async () => {
  await browser?.close();
  await house?.bauta.stop();
});

for (const [who, visits] of Object.entries(VISITS)) test(`pages for ${who}`, () => look(who, visits));

async function look(who, visits) {
  const page = await enter(browser, house, who);
  try {
    const elsewhere = [];
    await page.context().route("**", (route) => {
      if (new URL(route.request().url()).origin === house.bauta.url) return route.continue();
      elsewhere.push(route.request().url());
      return route.abort();
    });
    const found = [];
    for (const one of visits) {
      const path = await visit(page, house, one);
      await page.addScriptTag({ path: AXE });
      for (const how of LOOKS) found.push(...(await problems(page, path, how)));
    }
    assert.deepEqual(found, []);
    assert.deepEqual(elsewhere, []);
  } finally {
    await page.context().close();
  }
}

/** What axe finds wrong, one line each, and whether the page is wider than the screen. */
async function problems(page, path, { width, colorScheme, rules }) {
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme });
  const { violations } = await page.evaluate((rules) => globalThis.axe.run(rules), rules);
  const seen = `${path} (${width} px, ${colorScheme})`;
  const lines = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${seen}: ${id}: ${target}: ${failureSummary}`),
  );
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return wide > 0 ? [...lines, `${seen}: ${wide} px wider than the screen`] : lines;
}
