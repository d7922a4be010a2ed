// A demo's server with more people in it, and every page that somebody of them can see: what the suites that look at
// pages go through. A visit is an address, or steps that end on a page that no address alone leads to.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";

import { createRestAPIClient } from "masto";

import { start } from "./bauta.mjs";
import { AGE_KEY, PATIENCE, paper, press, signIn } from "./_chromium.mjs";

// A PNG of one white pixel.
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==";
const OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob";
// How large a page is while steps are taken on it.
const DESK = { width: 1280, height: 900 };

const LETTERS = ["acknowledgement", "objection", "what-we-hold", "memo", "first-hour"];
// Each field that a step's form can have, and both steps that show what they would do.
const STEPS = ["hold", "verify", "findings", "determine", "second", "ready", "produce", "object", "docket", "gag", "notice"];
const TIES = ["follow", "unfollow", "block", "unblock", "mute", "unmute", "remove"];
const SETTINGS = [
  "profile", "preferences", "expiry", "notifications", "held", "featured", "servers", "sessions", "passphrase", "codes", "push", "keyholders", "keyholders/leave", "keyholders/propose", "invites", "export", "import", "move", "decisions", "onion", "unused", "delete",
];

// Who looks, and at what. Names in braces are those of `house.names`.
export const VISITS = {
  stranger: [
    "/", "/local", "/explore", "/directory", "/tags/acquaalta", "/search?q=tide", "/@isabella", "/@isabella/with-replies", "/@isabella/media",
    "/@isabella/followers", "/@isabella/following", "/@isabella/{post}", "/@isabella/{post}/history", "/@isabella/{post}/quotes",
    "/@isabella/{post}/embed", "/@isabella/{post}/share", "/@isabella/elsewhere", "/@isabella/{post}/elsewhere", "/@isabella/tagged/acquaalta", "/l/{short}+",
    "/privacy", "/legal", "/about", "/source", "/speaking", "/sign-in", "/recover", "/nowhere",
    "/report-illegal?address=/@isabella", "/report-illegal/outcome", { name: "/report-illegal, sent", steps: reportIllegal },
    "/report", "/cases", "/cases/{case}", "/join", "/join/{invite}", "/join/with", ...joining(), "/counsel/{counsel}",
    "/demo", "/demo/paper", { name: "/demo/paper, received", steps: receive }, "/demo/check",
    { name: "/demo/check, failed", steps: flip }, "/demo/visit", "/demo/article",
  ],
  isabella: [
    "/", "/compose", { name: "/compose, leak check", steps: leak }, "/compose?reply={answer}", "/compose?quote={post}", "/share?text=Boots",
    { name: "/compose, a film just chosen", steps: film }, { name: "/compose, a film", steps: filmed }, { name: "/@isabella/ID, a film", steps: showFilm },
    "/notifications",
    "/scheduled", "/drafts", "/directory", "/announcements", "/notifications/aside", "/requests", "/bookmarks", "/favourites", "/blocks", "/blocks/many", "/mutes", "/conversations",
    "/lists", "/lists/{list}", "/lists/{list}/edit", "/lists/{list}/delete",
    "/filters", "/filters/new", "/filters/{filter}", "/followed-tags",
    "/settings", ...SETTINGS.map((name) => `/settings/${name}`),
    { name: "/settings/passphrase, refused", steps: wrongPassphrase },
    { name: "/settings/keyholders, an invitation", steps: letIn }, { name: "/join/with/CODE", steps: come },
    "/oauth/authorize?response_type=code&client_id={app}&redirect_uri={oob}&scope=read%20write",
    { name: "/oauth/authorize, the code", steps: consent },
    "/@isabella", "/@isabella/{post}", "/@isabella/{post}/edit", "/@isabella/{post}/delete", "/@isabella/{post}/share",
    "/@arlecchino/{linked}/leave/0", "/@arlecchino", "/@arlecchino/keep", ...TIES.map((tie) => `/@arlecchino/${tie}`),
    "/tell-moderators?account=arlecchino", "/tell-moderators?post={answer}", "/notices",
  ],
  podesta: [
    { name: "/settings/invites, made", steps: invite },
    "/moderation", "/moderation/record", "/moderation/appeals", "/moderation/people", "/moderation/waiting", "/moderation/people/arlecchino", "/moderation/{reported}",
    { name: "/moderation/quarantine/ID, opened", steps: quarantine }, "/moderation/quarantine",
    { name: "/announcements, made", steps: announce }, "/moderation/emoji", "/moderation/servers", "/moderation/servers/rule", "/moderation/servers/rule?domain=far.example",
    { name: "/moderation/servers/rule, a block", steps: block }, "/moderation/servers/list",
    { name: "/moderation/servers/list, looked at", steps: lookAtList }, "/moderation/deliveries",
    { name: "/moderation/deliveries, asked", steps: drop },
  ],
  speaker: ["/", "/notices", "/notices/{notice}", "/settings/held"],
  officer: [
    "/desk", "/desk/{demand}", "/desk/new", { name: "/desk/new, beside the paper", steps: beside },
    { name: "/desk/ID, just received", steps: takeIn }, "/desk/{mine}/papers", "/desk/{mine}/table",
    { name: "/desk/ID/table, with boxes", steps: blackOut }, { name: "/desk/ID/copies/ID", steps: propose },
    "/desk/{mine}/papers", "/desk/{demand}/letters", "/desk/{demand}/letters/notice", "/desk/{demand}/letters/withdrawal",
    ...LETTERS.map((kind) => `/desk/{mine}/letters/${kind}`),
    ...STEPS.map((step) => `/desk/{mine}/do/${step}`), { name: "/desk/ID/do/findings, refused", steps: unfound },
    "/desk/{mine}/outside", "/desk/{demand}/receipts",
  ],
};

/** Starts the server and its people. */
export async function open() {
  const bauta = await start({ demo: true });
  const house = { bauta, names: { oob: encodeURIComponent(OUT_OF_BAND) }, passphrases: {} };
  try {
    await speak(house);
    admit(house, "podesta", "operator");
    bauta.run("peers", "limit", "far.example", "--public-comment", "Too loud.", "--private-comment", "Seen in May.");
  } catch (error) {
    await bauta.stop();
    throw error;
  }
  return house;
}

/** A page of the browser for `who`, signed in where it is somebody. */
export async function enter(browser, house, who, options = {}) {
  const context = await browser.newContext({ viewport: DESK, bypassCSP: true, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  if (who in house.passphrases) await signIn(page, house.bauta.url, who, house.passphrases[who]);
  else if (who !== "stranger") await role(page, house, who);
  return page;
}

/** Goes on one visit, and gives the name of what is shown then. */
export async function visit(page, house, one) {
  await page.setViewportSize(DESK);
  if (typeof one !== "string") {
    await one.steps(page, house);
    return one.name;
  }
  const path = one.replace(/\{(\w+)\}/g, (_, name) => {
    assert.ok(house.names[name], `${name} is not known when ${one} is visited`);
    return house.names[name];
  });
  const answer = await page.goto(house.bauta.url + path);
  assert.equal(answer.status(), path === "/nowhere" ? 404 : 200, path);
  return path;
}

/** Signs in as one of the demo's cast; where that leads is what this one sees first. */
async function role(page, { bauta, names }, who) {
  await page.goto(`${bauta.url}/demo/as/${who}`);
  const [, kind, id] = new URL(page.url()).pathname.split("/");
  names[{ notices: "notice", desk: "demand" }[kind]] = id;
}

/** An account with a thread, a picture of itself and somebody who answered, and what they keep. */
async function speak(house) {
  const author = admit(house, "isabella");
  const answering = admit(house, "arlecchino");
  await author.v1.accounts.updateCredentials({ displayName: "Isabella 🎭", note: "Letters from the lagoon. #Venice" });
  const file = new Blob([Buffer.from(PIXEL, "base64")], { type: "image/png" });
  const shown = await author.v2.media.create({ file, description: "Water on the square" });
  const veiled = await author.v2.media.create({ file });
  await author.v1.statuses.create({ status: "Careful", mediaIds: [veiled.id], sensitive: true });
  const first = { mediaIds: [shown.id], language: "en", status: "The tide is hihg. #acquaalta https://example.org/tides" };
  const { id } = await author.v1.statuses.create(first);
  await author.v1.statuses.$select(id).update({ ...first, status: first.status.replace("hihg", "high") });
  await author.v1.statuses.create({ status: "Behind a warning", spoilerText: "Water", sensitive: true });
  const other = (await answering.v1.accounts.verifyCredentials()).id;
  await answering.v1.accounts.$select((await author.v1.accounts.verifyCredentials()).id).follow();
  await author.v1.accounts.$select(other).follow();
  const answer = await answering.v1.statuses.create({ status: "@isabella Bring boots.", inReplyToId: id });
  await answering.v1.statuses.$select(id).favourite();
  const boots = "@isabella Between us: the boots are green. https://boots.example/green";
  const linked = await answering.v1.statuses.create({ status: boots, visibility: "direct" });
  await author.v1.accounts.$select(other).note.create({ comment: "Has the green boots." });
  const poll = { options: ["High", "Low"], expiresIn: 3600 };
  await answering.v1.statuses.create({ status: "How is the water?", poll });
  await author.v1.statuses.create({ status: "And yours?", poll: { ...poll, multiple: true } });
  await author.v1.statuses.create({ status: "For the next century.", scheduledAt: "2117-04-07T14:02:00Z" });
  const list = await author.v1.lists.create({ title: "The lagoon" });
  await author.v1.lists.$select(list.id).accounts.create({ accountIds: [other] });
  const filter = { title: "Boots", context: ["home"], keywordsAttributes: [{ keyword: "boots", wholeWord: true }] };
  const { id: kept } = await author.v2.filters.create(filter);
  await author.v1.tags.$select("acquaalta").follow();
  await author.v1.featuredTags.create({ name: "acquaalta" });
  await author.v1.reports.create({ accountId: other, statusIds: [answer.id], comment: "Too many boots." });
  const app = await author.v1.apps.create({ clientName: "Gondola", redirectUris: OUT_OF_BAND, scopes: "read write" });
  Object.assign(house.names, { post: id, answer: answer.id, linked: linked.id, list: list.id, filter: kept, app: app.clientId });
}

/** Made by the operator, whose passphrase the pages then ask for. */
function admit({ bauta, passphrases }, handle, role = "user") {
  passphrases[handle] = bauta.run("account", "create", handle, "--role", role).trim().split("\n").at(-1).trim();
  return createRestAPIClient({ url: bauta.url, accessToken: bauta.token(handle, "read write follow") });
}

/** Sign-up, page by page, up to the new account's recovery codes. */
function joining() {
  let words;
  const step = (name, steps) => ({ name: `/join, ${name}`, steps });
  return [
    step("the words", async (page, { bauta, names }) => {
      await page.goto(`${bauta.url}/join/${names.invite}`);
      await page.fill("#handle", "pantalone");
      await press(page, "Go on");
      words = await page.locator("ol.words li").allInnerTexts();
    }),
    step("two words asked back", async (page) => {
      await page.locator("main button.main").first().click();
      await page.waitForSelector("#word_a");
    }),
    step("the codes", async (page) => {
      for (const field of ["word_a", "word_b"]) {
        const [place] = (await page.locator(`label[for=${field}]`).innerText()).match(/\d+/);
        await page.fill(`#${field}`, words[place - 1].trim());
      }
      await page.locator("main button.main").click();
      await page.waitForSelector("button[name=codes]");
    }),
    step("what to know", async (page) => {
      await page.locator("button[name=codes][value=yes]").click();
      await page.waitForSelector("button[value=make]");
    }),
    step("done", async (page) => {
      await page.locator("button[value=make]").click();
      await page.waitForSelector("ul.codes");
      // The stranger that goes on from here is nobody again.
      await page.context().clearCookies();
    }),
  ];
}

async function receive(page) {
  await press(page, "Receive this demand");
}

async function flip(page) {
  await page.locator("main button.main").click();
  await page.waitForSelector("[role=status]");
}

async function leak(page, { bauta }) {
  await page.goto(`${bauta.url}/compose`);
  await page.fill("#text", "Write to me: isabella@example.org or +39 041 555 0134");
  await press(page, "Post");
  assert.ok(await page.locator("button[value=anyway]").count(), "the leak check asks");
}

/** A second of moving colours, as a camera's file. */
function colours() {
  const made = ["-f", "lavfi", "-i", "testsrc=size=160x90:rate=10:duration=1", "-f", "mp4", "-movflags", "frag_keyframe+empty_moov", "pipe:1"];
  const { status, stdout } = spawnSync("ffmpeg", ["-nostdin", "-loglevel", "error", ...made]);
  assert.equal(status, 0, "ffmpeg is needed for this test: apt-get install ffmpeg");
  return stdout;
}

async function film(page, { bauta }) {
  await page.goto(`${bauta.url}/compose`);
  await page.fill("#text", "The square under water.");
  await page.setInputFiles("#files", { name: "a.mp4", mimeType: "video/mp4", buffer: colours() });
  await press(page, "Add and look");
  assert.ok(await page.locator("#alt1").count(), "the film is taken in");
}

async function filmed(page) {
  await page.fill("#alt1", "Colours that move");
  const until = Date.now() + PATIENCE;
  while (!(await page.locator(".picture img").count())) {
    assert.ok(Date.now() < until, "the film is made anew");
    await press(page, "Add and look");
  }
  assert.equal(await page.inputValue("#alt1"), "Colours that move");
}

async function showFilm(page) {
  await press(page, "Post");
  assert.equal(await page.locator("main video[controls]").count(), 1, "the film has a player");
  assert.ok((await page.content()).includes("Colours that move"), "and its description");
}

async function reportIllegal(page, { bauta }, address = "/@arlecchino") {
  await page.goto(`${bauta.url}/report-illegal`);
  await page.fill("#address", address);
  await page.check("input[value=child-abuse]");
  await press(page, "Send the report");
  assert.ok(await page.locator("main code").count(), "a code is shown");
}

// A post that no other visit needs: the oldest on the profile.
async function quarantine(page, house) {
  await page.goto(`${house.bauta.url}/@isabella`);
  const posts = await page.locator("article.post").evaluateAll((all) => all.map(({ id }) => id.slice(1)));
  await reportIllegal(page, house, `/@isabella/${posts.at(-1)}`);
  await page.goto(`${house.bauta.url}/moderation`);
  await page.locator("main .rows a", { hasText: "@isabella" }).first().click();
  await page.check("input[value=quarantine]");
  await page.fill("#reason", "Against the law.");
  await press(page, "Decide");
  await page.goto(`${house.bauta.url}/moderation/quarantine`);
  await page.locator("main .rows a").first().click();
  await press(page, "Look at what is kept");
  assert.ok(await page.locator("#report").count(), "there is the text of a report");
}

async function announce(page, { bauta }) {
  await page.goto(`${bauta.url}/announcements`);
  await page.fill("#text", "High water tonight: bring boots.");
  await press(page, "Announce it");
}

async function invite(page, { bauta }) {
  await page.goto(`${bauta.url}/settings/invites`);
  await page.locator("main button.main").click();
  await page.waitForSelector("ul.codes");
}

let invitation;

async function letIn(page, { bauta }) {
  await page.goto(`${bauta.url}/settings/keyholders`);
  await page.locator("main button.main").click();
  invitation = (await page.locator("ul.codes li").innerText()).trim();
}

async function come(page) {
  await page.goto(invitation);
  await page.waitForSelector("ol.words");
}

async function wrongPassphrase(page, { bauta }) {
  await page.goto(`${bauta.url}/settings/passphrase`);
  await page.fill("#old", "not this one");
  await page.locator("main button.main").click();
  await page.waitForSelector("[role=alert]");
}

async function consent(page, { bauta, names }) {
  await page.goto(`${bauta.url}/oauth/authorize?response_type=code&client_id=${names.app}&redirect_uri=${names.oob}&scope=read`);
  await page.locator("main button.main").click();
  await page.waitForURL((to) => to.pathname !== "/sign-in");
}

async function block(page, { bauta }) {
  await page.goto(`${bauta.url}/moderation/servers/rule`);
  await page.fill("#domain", "spam.example");
  await page.check("input[name=severity][value=suspend]");
  await press(page, "Decide");
  assert.ok(await page.getByRole("button", { name: "Block it now" }).count(), "a block asks again");
}

async function lookAtList(page) {
  const buffer = Buffer.from("#domain,#severity\nspam.example,suspend\nloud.example,silence\nno domain,silence\n");
  await page.setInputFiles("#list", { name: "blocks.csv", mimeType: "text/csv", buffer });
  await press(page, "See what it would change");
}

async function drop(page, { bauta }) {
  // No host waits in a demo: the form is as one of a host would send it.
  await page.goto(`${bauta.url}/moderation/deliveries`);
  await page.evaluate(() => {
    const form = document.querySelector("#act");
    form.action = "/moderation/deliveries";
    form.insertAdjacentHTML("beforeend", '<input name="drop" value="far.example">');
    form.submit();
  });
  await page.waitForSelector("button[name=sure]");
}

const attached = (words) => ({ name: "fax.pdf", mimeType: "application/pdf", buffer: paper(words) });

async function beside(page, { bauta }) {
  await page.goto(`${bauta.url}/desk/new`);
  await page.setInputFiles("#paper", attached("A summons"));
  await press(page, "Show its pages beside the form");
  assert.ok(await page.locator(".sheet img").count(), "the paper is shown");
}

async function takeIn(page, { names }) {
  await page.selectOption("#instrument", { index: 1 });
  const fields = {
    issuer: "Waterways Office", served_on: "2017-05-23", served_by: "fax", due: "2017-05-22",
    requested: "user names\nlast I.P. addresses\nlogs of the proxy", targets: "isabella",
  };
  for (const [field, words] of Object.entries(fields)) await page.fill(`#${field}`, words);
  await press(page, "Receive this demand");
  names.mine = new URL(page.url()).pathname.split("/")[2];
}

async function blackOut(page) {
  const picture = page.locator("input[type=image]");
  for (const position of [{ x: 60, y: 60 }, { x: 400, y: 140 }]) {
    await Promise.all([page.waitForEvent("load"), picture.click({ position })]);
  }
  assert.equal(await page.getByRole("button", { name: "Take it away" }).count(), 1, "two clicks make a box");
}

async function propose(page) {
  await page.fill("#title", "The summons");
  await press(page, "Propose it");
  assert.match(page.url(), /\/copies\//);
}

async function unfound(page, { bauta, names }) {
  await page.goto(`${bauta.url}/desk/${names.mine}/do/findings`);
  await page.locator("main button.main").click();
  await page.waitForSelector("[role=alert]");
}

/** What the first visits of others need: a short link, an invite, counsel's link, the name of the public case. */
export async function prepare(browser, house) {
  const { bauta, names } = house;
  const page = await enter(browser, house, "isabella");
  await page.goto(`${bauta.url}/compose`);
  await page.fill("#text", "Tables of the tide: https://example.org/tables/of/the/tide/in/this/year/and/the/next");
  await page.getByText("Warning, language, replies, quotes, links").click();
  await page.check("input[name=shorten]");
  await press(page, "Post");
  names.short = (await page.content()).match(/\/l\/([\w-]+)/)[1];
  await page.context().close();
  await ask(browser, house);
  await appoint(browser, house);
}

async function ask(browser, house) {
  const page = await enter(browser, house, "podesta");
  await invite(page, house);
  house.names.invite = (await page.locator("ul.codes li").first().innerText()).split("/").at(-1);
  await page.goto(`${house.bauta.url}/moderation`);
  house.names.reported = (await page.locator("main .rows a").first().getAttribute("href")).split("/").at(-1);
  await page.context().close();
}

async function appoint(browser, house) {
  const { bauta, names } = house;
  const page = await enter(browser, house, "speaker");
  await page.goto(`${bauta.url}/notices`);
  await page.locator("main .rows a").first().click();
  await page.fill("#key", AGE_KEY);
  await press(page, "Name counsel");
  names.counsel = (await page.locator(".address").innerText()).split("/").at(-1);
  await page.goto(`${bauta.url}/cases`);
  names.case = (await page.locator('main a[href^="/cases/"]').first().getAttribute("href")).split("/").at(-1);
  await page.context().close();
}
