// Fedify as a peer: signed GET and POST both ways, follows, posts, edits, boosts, likes, deletions and a move. Once with each
// way of signing that it begins with.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

// Fedify needs Node 22; where the system has an older one, that of npm is used.
const OWN = Number(process.versions.node.split(".")[0]);
const PACKAGED = fileURLToPath(new URL(`node_modules/node-linux-${process.arch}/bin/node`, import.meta.url));
const NODE = OWN >= 22 || !existsSync(PACKAGED) ? process.execPath : PACKAGED;

for (const scheme of ["draft-cavage-http-signatures-12", "rfc9421"]) {
  test(`Fedify and Bauta meet, ${scheme} first`, { timeout: 300_000 }, () => {
    const file = fileURLToPath(new URL("_fedify.mjs", import.meta.url));
    const done = spawnSync(NODE, [file, scheme], { encoding: "utf8" });
    assert.equal(done.status, 0, `${done.stdout}${done.stderr}`);
  });
}
