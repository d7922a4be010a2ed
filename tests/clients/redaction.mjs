// An officer blacks a name out with two clicks in a real browser, another publishes the copy, and the file that the
// public gets has black pixels there and nothing else of the paper but pixels.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { start } from "./bauta.mjs";
import { AGE_KEY, PATIENCE, launch, paper, press, signIn } from "./_chromium.mjs";

const MARK = "ALTUSCISMARK";
// Where the officer clicks: two corners around the mark, on a page that is shown 600 pixels wide.
const CORNERS = [{ x: 50, y: 50 }, { x: 480, y: 120 }];
const SHOWN = 600;
// What a PNG is made of where it has pixels only.
const PIXELS_ONLY = ["IHDR", "PLTE", "IDAT", "IEND"];

let bauta;
let browser;

before(async () => {
  bauta = await start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await bauta?.stop();
});

test("two clicks black out a name for good", async () => {
  const [first, second] = [await officer("first"), await officer("second")];
  const original = paper(MARK, "A SUMMONS");
  assert.ok(original.includes(MARK), "the paper has the mark in its bytes");
  const demand = await receive(first, original);
  const copy = await blackOut(first, demand);
  await open(first, demand);
  await publish(second, copy);
  const file = publicFile();
  assert.ok(!file.includes(MARK));
  assert.deepEqual(chunks(file).filter((name) => !PIXELS_ONLY.includes(name)), []);
  const seen = await look(second.page, file);
  assert.deepEqual(seen.inside, { darkest: 0, lightest: 0 }, "each pixel below the box is black");
  assert.equal(seen.outside.lightest, 255, "the paper around it is as it was");
  assert.ok(seen.other.darkest < 64, "and so are its other words");
});

/** Somebody of the desk who may do everything, in a browser of their own. */
async function officer(handle) {
  const passphrase = bauta.run("account", "create", handle, "--role", "intake").trim().split("\n").at(-1).trim();
  const duties = ["intake", "determine", "produce"].flatMap((duty) => ["--duty", duty]);
  bauta.run("desk", "officer", handle, ...duties, "--key", AGE_KEY);
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  page.setDefaultTimeout(PATIENCE);
  await signIn(page, bauta.url, handle, passphrase);
  return { page, passphrase };
}

/** Takes the paper in, and gives the path of its demand. */
async function receive({ page }, buffer) {
  await page.goto(`${bauta.url}/desk/new`);
  await page.setInputFiles("#paper", { name: "fax.pdf", mimeType: "application/pdf", buffer });
  await page.selectOption("#instrument", { index: 1 });
  const fields = { served_on: "2017-03-14", served_by: "fax", requested: "user names", targets: "nobody_here" };
  for (const [field, words] of Object.entries(fields)) await page.fill(`#${field}`, words);
  await press(page, "Receive this demand");
  return new URL(page.url()).pathname;
}

/** Clicks both corners, and gives the path of the copy that then waits. */
async function blackOut({ page }, demand) {
  await page.goto(`${bauta.url}${demand}/table`);
  for (const position of CORNERS) {
    const picture = page.locator("input[type=image]");
    assert.equal((await picture.boundingBox()).width, SHOWN);
    await Promise.all([page.waitForEvent("load"), picture.click({ position })]);
  }
  assert.equal(await page.getByRole("button", { name: "Take it away" }).count(), 1);
  await page.fill("#title", "The summons");
  await press(page, "Propose it");
  return new URL(page.url()).pathname;
}

/** Takes the demand to where the public may read of it. */
async function open({ page, passphrase }, demand) {
  const step = async (code, button, fill) => {
    await page.goto(`${bauta.url}${demand}/do/${code}`);
    await fill();
    await press(page, button);
    assert.equal(new URL(page.url()).pathname, demand, await page.locator("main").innerText());
  };
  await step("hold", "Decide what is kept", async () => {
    await page.check("input[name=keep][value=nothing]");
    await page.fill("#reason", "Nothing of it is held.");
  });
  await step("file", "A case was filed", async () => {
    await page.fill("#court", "Northern District");
    await page.fill("#docket", "3:17-cv-01");
    await page.fill("#on", "2017-04-06");
    await page.fill("#parties", "plaintiff: the operator");
  });
  await step("publish", "Let the public read of it", async () => {
    await page.getByLabel("As a page, with parts blacked out").check();
    if (await page.locator("#passphrase").count()) await page.fill("#passphrase", passphrase);
  });
}

async function publish({ page, passphrase }, copy) {
  await page.goto(bauta.url + copy);
  await page.fill("#passphrase", passphrase);
  await press(page, "Publish this copy");
  assert.equal((await page.goto(bauta.url + copy)).status(), 404, "a copy that is out is no draft");
}

/** The one picture among the server's files: it is handed out as it lies there. */
function publicFile() {
  const all = readdirSync(bauta.data, { recursive: true }).filter((name) => name.endsWith(".png"));
  assert.equal(all.length, 1, all.join(" "));
  return readFileSync(join(bauta.data, all[0]));
}

function chunks(file) {
  const names = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) names.push(file.toString("latin1", at + 4, at + 8));
  return names;
}

/** The darkest and the lightest pixel inside the box, beside it, and around the other words. */
function look(page, file) {
  const places = {
    inside: [CORNERS[0].x + 2, CORNERS[0].y + 2, CORNERS[1].x - 2, CORNERS[1].y - 2],
    outside: [0, 0, SHOWN, CORNERS[0].y - 2],
    other: [60, 240, 480, 310],
  };
  const what = { bytes: file.toString("base64"), places, shown: SHOWN };
  return page.evaluate(async ({ bytes, places, shown }) => {
    const binary = Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([binary], { type: "image/png" }));
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const drawing = canvas.getContext("2d");
    drawing.drawImage(picture, 0, 0);
    const scale = picture.width / shown;
    const seen = ([left, top, right, bottom]) => {
      const at = [left, top, right - left, bottom - top].map((length) => Math.round(length * scale));
      const { data } = drawing.getImageData(...at);
      let [darkest, lightest] = [255, 0];
      for (let at = 0; at < data.length; at += 4) {
        darkest = Math.min(darkest, data[at], data[at + 1], data[at + 2]);
        lightest = Math.max(lightest, data[at], data[at + 1], data[at + 2]);
      }
      return { darkest, lightest };
    };
    return Object.fromEntries(Object.entries(places).map(([name, place]) => [name, seen(place)]));
  }, what);
}
