// axe-core reads the pages in chromium, as a phone and as a desk show them, light and dark, and finds nothing. Nor does
// any page ask anybody but its own server for anything.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

import { createRestAPIClient } from "masto";
import { chromium } from "playwright-core";

import { start } from "./bauta.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
// A PNG of one white pixel.
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==";
// By handle.
const passphrases = { isabella: "lantern mooring velvet gondola sparrow thimble quarry" };
// How long a page may take, in milliseconds.
const PATIENCE = 20_000;

// Who looks, and at what.
const VISITS = {
  stranger: [
    "/", "/local", "/tags/acquaalta", "/search?q=tide", "/@isabella", "/@isabella/with-replies", "/@isabella/media",
    "/@isabella/POST",
    "/privacy", "/legal", "/about", "/sign-in", "/recover", "/join", "/nowhere",
  ],
  isabella: [
    "/", "/compose", "/notifications", "/requests", "/bookmarks", "/favourites", "/blocks", "/mutes", "/settings",
    "/lists", "/filters", "/filters/new", "/followed-tags", "/conversations", "/settings/featured", "/settings/servers", "/@arlecchino/keep",
    "/@isabella", "/@isabella/POST", "/@isabella/POST/edit", "/@isabella/POST/delete", "/@arlecchino",
  ],
  doge: ["/moderation", "/moderation/record"],
};

let bauta;
let browser;
let post;

before(async () => {
  bauta = await start({ registrations: "open" });
  post = await speak();
  passphrases.doge = bauta.run("account", "create", "doge", "--role", "moderator").trim().split("\n").at(-1).trim();
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ARGUMENTS });
});

after(async () => {
  await browser?.close();
  await bauta?.stop();
});

/** An account with a thread, a picture of itself and somebody who answered. */
async function speak() {
  const author = await signUp("isabella");
  const answering = await signUp("arlecchino");
  await author.v1.accounts.updateCredentials({ displayName: "Isabella 🎭", note: "Letters from the lagoon. #Venice" });
  const file = new Blob([Buffer.from(PIXEL, "base64")], { type: "image/png" });
  const shown = await author.v2.media.create({ file, description: "Water on the square" });
  const veiled = await author.v2.media.create({ file });
  await author.v1.statuses.create({ status: "Careful", mediaIds: [veiled.id], sensitive: true });
  const { id } = await author.v1.statuses.create({
    mediaIds: [shown.id],
    status: "The tide is high. #acquaalta https://example.org/tides",
    language: "en",
  });
  await author.v1.statuses.create({ status: "Behind a warning", spoilerText: "Water", sensitive: true });
  await answering.v1.accounts.$select((await author.v1.accounts.verifyCredentials()).id).follow();
  await answering.v1.statuses.create({ status: "@isabella Bring boots.", inReplyToId: id });
  await answering.v1.statuses.$select(id).favourite();
  return id;
}

/** Through an app, which knows the passphrase that the pages then ask for. */
async function signUp(username) {
  const send = async (path, body, token) => {
    const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(bauta.url + path, { method: "POST", headers, body: JSON.stringify(body) });
    assert.equal(answer.status, 200, await answer.clone().text());
    return answer.json();
  };
  const scopes = "read write follow";
  const { client_id, client_secret } = await send("/api/v1/apps", {
    client_name: "Gondola",
    redirect_uris: "urn:ietf:wg:oauth:2.0:oob",
    scopes,
  });
  const grant = { grant_type: "client_credentials", client_id, client_secret, scope: scopes };
  const app = await send("/oauth/token", grant);
  const person = { username, password: passphrases.isabella, email: "nobody@example.org", agreement: true, locale: "en" };
  const { access_token } = await send("/api/v1/accounts", person, app.access_token);
  return createRestAPIClient({ url: bauta.url, accessToken: access_token });
}

for (const width of [360, 1280]) {
  for (const colorScheme of ["light", "dark"]) {
    for (const [who, paths] of Object.entries(VISITS)) {
      test(`pages for ${who}, ${width} px, ${colorScheme}`, () => look({ who, paths, width, colorScheme }));
    }
  }
}

async function look({ who, paths, width, colorScheme }) {
  const viewport = { width, height: 900 };
  const context = await browser.newContext({ viewport, colorScheme, bypassCSP: true });
  try {
    const elsewhere = [];
    await context.route("**", (route) => {
      if (new URL(route.request().url()).origin === bauta.url) return route.continue();
      elsewhere.push(route.request().url());
      return route.abort();
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    if (who in passphrases) await signIn(page, who);
    const found = [];
    for (const path of paths) found.push(...(await problems(page, path.replace("POST", post))));
    assert.deepEqual(found, []);
    assert.deepEqual(elsewhere, []);
  } finally {
    await context.close();
  }
}

async function signIn(page, handle) {
  await page.goto(`${bauta.url}/sign-in`);
  await page.fill('main input[autocomplete="username"]', handle);
  await page.fill('main input[type="password"]', passphrases[handle]);
  await page.press('main input[type="password"]', "Enter");
  await page.waitForURL((url) => url.pathname !== "/sign-in");
}

/** What axe finds wrong, one line each, and whether the page is wider than the screen. */
async function problems(page, path) {
  const answer = await page.goto(bauta.url + path);
  assert.equal(answer.status(), path === "/nowhere" ? 404 : 200, path);
  await page.addScriptTag({ path: AXE });
  const { violations } = await page.evaluate(
    (tags) => globalThis.axe.run({ runOnly: { type: "tag", values: tags } }),
    WCAG_22_AA,
  );
  const lines = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${path}: ${id}: ${target}: ${failureSummary}`),
  );
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return wide > 0 ? [...lines, `${path}: ${wide} px wider than the screen`] : lines;
}
