// axe-core reads every page in chromium, as a phone and as a desk show it, light and dark, and finds nothing. Nor does any
// page ask anybody but its own server for anything; and what is to fit on a sheet of paper does.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
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

// The manual's list of pages, which a test of the router holds to be whole.
const MANUAL = new URL("../../docs/pages.md", import.meta.url);
// One is there before anybody is, once; the other needs a second server, and tests/tests/remote_media.rs looks at it.
const NOT_SEEN = ["/media/away/{id}", "/join/first/{token}"];

let browser;
let house;
const seen = new Set();

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

test("no page of the manual's list is left out", () => {
  const unseen = listed().filter((path) => ![...seen].some((place) => matches(path, place)));
  assert.deepEqual(unseen, NOT_SEEN);
});

/** The pages' addresses in the manual, up to its list of files. */
function listed() {
  const [pages] = readFileSync(MANUAL, "utf8").split("## Every page")[1].split("\n## ");
  return [...pages.matchAll(/^\| `([^`]+)`/gm)].map(([, path]) => path);
}

/** Whether an address is one of a page's; a word of the address is no name in braces of another page's. */
function matches(path, place) {
  const [parts, words] = [path.split("/"), place.split("/")];
  const fits = (part, word) => part === word || (part.includes("{") && word !== "" && word.startsWith(part.split("{")[0]));
  return parts.length === words.length && parts.every((part, at) => fits(part, words[at]));
}

test("what is held about an ordinary account prints on one sheet", async () => {
  const page = await enter(browser, house, "isabella");
  try {
    await visit(page, house, "/settings/held");
    for (const format of ["A4", "Letter"]) assert.equal(await sheets(page, format), 1, format);
  } finally {
    await page.context().close();
  }
});

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
      seen.add(new URL(page.url()).pathname);
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

/** How many sheets of paper a page takes. */
async function sheets(page, format) {
  const file = (await page.pdf({ format, preferCSSPageSize: true })).toString("latin1");
  return file.match(/\/Type\s*\/Page\b/g).length;
}
