// Takes the manual's pictures of pages: `node tests/clients/_pictures.mjs` after `cargo build`, with BAUTA_BIN set. It is no test: pictures
// are looked at before they are committed.

import { launch } from "./_chromium.mjs";
import { enter, open, prepare, visit } from "./_visits.mjs";

const FOLDER = new URL("../../docs/pictures/", import.meta.url).pathname;
const DESK = { width: 1280, height: 950 };
const PHONE = { width: 360, height: 780 };

// Who looks at what, and its name in the folder.
const PICTURES = [
  ["isabella", "/", "home"],
  ["isabella", "/compose", "compose"],
  ["isabella", "/notifications", "notifications"],
  ["isabella", "/@isabella", "profile"],
  ["isabella", "/@isabella/{post}", "thread"],
  ["isabella", "/settings", "settings"],
  ["podesta", "/moderation", "moderation"],
  ["podesta", "/moderation/waiting", "waiting-room"],
];
const LOOKS = [
  ["desktop-light", DESK, "light"],
  ["phone-dark", PHONE, "dark"],
];

const house = await open();
const browser = await launch();
await prepare(browser, house);
for (const [who, path, name] of PICTURES) {
  const page = await enter(browser, house, who);
  await visit(page, house, path);
  for (const [look, size, colorScheme] of LOOKS) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `${FOLDER}${name}-${look}.png` });
  }
  await page.context().close();
}
await browser.close();
await house.bauta.stop();
