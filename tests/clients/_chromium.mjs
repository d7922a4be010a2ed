// The browser of the suites that look at pages, how it signs in, and a paper that it can upload.

import { chromium } from "playwright-core";

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
// How long a page may take, in milliseconds.
export const PATIENCE = 20_000;

// The public half of an age key that nobody keeps.
export const AGE_KEY = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

export const launch = () => chromium.launch({ executablePath: "/usr/bin/chromium", args: ARGUMENTS });

/** Signs a page's browser in by the form. */
export async function signIn(page, url, handle, passphrase) {
  await page.goto(`${url}/sign-in`);
  await page.fill('main input[autocomplete="username"]', handle);
  await page.fill('main input[type="password"]', passphrase);
  await page.press('main input[type="password"]', "Enter");
  await page.waitForURL((to) => to.pathname !== "/sign-in");
}

/** Presses a button of a page's text, and waits for the page that comes of it. */
export async function press(page, words) {
  const button = page.getByRole("main").getByRole("button", { name: words, exact: true });
  await Promise.all([page.waitForEvent("load"), button.first().click()]);
}

/** A paper of one page in PDF, 612 by 792 points, with `lines` on it from 92 points on, 200 apart, in plain bytes. */
export function paper(...lines) {
  const said = lines.map((words) => `(${words}) Tj 0 -200 Td`).join(" ");
  const text = `BT /F1 36 Tf 72 700 Td ${said} ET`;
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>",
    `<</Length ${text.length}>>stream\n${text}\nendstream`,
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
  ];
  let file = "%PDF-1.4\n";
  const places = objects.map((object, at) => {
    const place = file.length;
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(place).padStart(10, "0")} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join("")}`;
  const end = `trailer<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(file + table + end, "latin1");
}
