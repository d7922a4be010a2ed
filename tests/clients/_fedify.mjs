// A server of Fedify, which shares no code with this project, and what goes both ways between it and a real `bauta serve`.
// Needs Node 22; `fedify.mjs` starts it, once for each way of signing that Fedify begins with.

import assert from "node:assert/strict";
import { createServer } from "node:http";

import { MemoryKvStore, createFederation, generateCryptoKeyPair } from "@fedify/fedify";
import {
  Accept, Announce, Create, Delete, Endpoints, Follow, Like, Move, Note, Person, PUBLIC_COLLECTION, Tombstone, Undo,
  Update,
} from "@fedify/vocab";
import { Temporal } from "@js-temporal/polyfill";

import { start } from "./bauta.mjs";

const PATIENCE = 60_000;
const NAMES = ["fed", "renewed"];
/** What the renewed one says that it is too, beside the old one. */
const aliases = [];

const pairs = Object.fromEntries(
  await Promise.all(NAMES.map(async (name) => [name, await generateCryptoKeyPair("RSASSA-PKCS1-v1_5")])),
);
/** What Bauta told, in order. */
const heard = [];
/** How often Bauta was refused because it had not signed. */
let unsigned = 0;

const federation = createFederation({
  kv: new MemoryKvStore(),
  allowPrivateAddress: true,
  firstKnock: process.argv[2],
});

federation
  .setActorDispatcher("/users/{identifier}", async (ctx, identifier) => {
    if (!NAMES.includes(identifier)) return null;
    const [key] = await ctx.getActorKeyPairs(identifier);
    return new Person({
      id: ctx.getActorUri(identifier),
      preferredUsername: identifier,
      name: "Fedify",
      inbox: ctx.getInboxUri(identifier),
      followers: new URL(`/users/${identifier}/followers`, ctx.origin),
      endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
      url: ctx.getActorUri(identifier),
      publicKey: key.cryptographicKey,
      aliases: identifier === "renewed" ? [ctx.getActorUri("fed"), ...aliases] : [],
    });
  })
  .setKeyPairsDispatcher((_, identifier) => [pairs[identifier]])
  .authorize(async (ctx) => {
    const signed = (await ctx.getSignedKey()) !== null;
    if (!signed) unsigned += 1;
    return signed;
  });

const listeners = federation.setInboxListeners("/users/{identifier}/inbox", "/inbox");
// Bauta wants every GET signed, also for the key by which a signature is checked.
listeners.setSharedKeyDispatcher(() => ({ identifier: "fed" }));
for (const kind of [Accept, Announce, Create, Delete, Follow, Like, Move, Undo, Update]) {
  listeners.on(kind, async (ctx, activity) => {
    heard.push(activity);
    if (!(activity instanceof Follow)) return;
    const { identifier } = ctx.parseUri(activity.objectId);
    await ctx.sendActivity(
      { identifier },
      await activity.getActor({ documentLoader: await ctx.getDocumentLoader({ identifier }) }),
      new Accept({ id: fresh(identifier), actor: activity.objectId, object: activity }),
    );
  });
}

const bauta = await start({ environment: { BAUTA_PEERS: "loopback", BAUTA_SLOT: "1s" } });
const web = createServer(answer);
await new Promise((resolve) => web.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${web.address().port}`;
const ctx = federation.createContext(new URL(origin), undefined);
const fed = ctx.getActorUri("fed");

let serial = 0;
function fresh(identifier) {
  serial += 1;
  return new URL(`/users/${identifier}/activities/${serial}`, origin);
}

/** Passes a request of Node's on to Fedify. */
async function answer(incoming, outgoing) {
  const parts = [];
  for await (const part of incoming) parts.push(part);
  const body = ["GET", "HEAD"].includes(incoming.method) ? undefined : Buffer.concat(parts);
  const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
    method: incoming.method,
    headers: incoming.headers,
    body,
  });
  const found = await federation.fetch(request, { contextData: undefined });
  outgoing.writeHead(found.status, Object.fromEntries(found.headers));
  outgoing.end(Buffer.from(await found.arrayBuffer()));
}

async function eventually(what, look) {
  const until = Date.now() + PATIENCE;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > until) throw new Error(`${what}: it did not happen; heard ${heard.map((one) => one.constructor.name)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const hears = (kind, fits = () => true) =>
  eventually(kind.name, () => heard.find((activity) => activity instanceof kind && fits(activity)));

function api(token) {
  return async (method, path, form) => {
    const found = await fetch(bauta.url + path, {
      method,
      headers: { authorization: `Bearer ${token}` },
      body: form && new URLSearchParams(form),
    });
    assert.equal(found.status, 200, `${method} ${path}: ${found.status}`);
    return found.json();
  };
}

/** A person's browser that knows forms only: it fills in the one that has all of `fields`. */
function browser() {
  const cookies = new Map();
  const load = async (path, body) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(bauta.url + path, {
      method: body ? "POST" : "GET",
      headers: { cookie, ...(body && { origin: bauta.url }) },
      body: body && new URLSearchParams(body),
      redirect: "manual",
    });
    for (const set of answer.headers.getSetCookie()) {
      const [, name, value] = set.match(/^([^=]+)=([^;]*)/);
      cookies.set(name, value);
    }
    return answer;
  };
  return async (path, fields) => {
    const page = await (await load(path)).text();
    const named = (form) => Object.keys(fields).every((name) => form.includes(`name="${name}"`));
    const form = page.match(/<form[\s\S]*?<\/form>/g).find(named);
    assert.ok(form, `${path} has a form with ${Object.keys(fields)}`);
    const [, csrf] = form.match(/name="csrf" value="([^"]+)"/);
    const answer = await load(form.match(/action="([^"]+)"/)[1], { csrf, ...fields });
    assert.ok(answer.status < 400, `${path}: ${answer.status}`);
  };
}

async function scenario() {
  const passphrase = bauta.run("account", "create", "alice").trimEnd().split("\n").at(-1).trim();
  const alice = api(bauta.token("alice"));
  const documentLoader = await ctx.getDocumentLoader({ identifier: "fed" });
  const uri = new URL(`${bauta.url}/@alice`);
  const send = (activity, identifier = "fed") => ctx.sendActivity({ identifier }, person, activity);
  const home = (words) =>
    eventually(words, async () => (await alice("GET", "/api/v1/timelines/home")).find((post) => post.content.includes(words)));

  // Signed GET, both ways.
  const person = await ctx.lookupObject(uri, { documentLoader });
  assert.ok(person instanceof Person && person.preferredUsername === "alice", "an actor is had by a signed GET");
  const resolve = async (name) => {
    const acct = encodeURIComponent(`${name}@${new URL(origin).host}`);
    const found = await alice("GET", `/api/v2/search?type=accounts&resolve=true&q=${acct}`);
    assert.equal(found.accounts.length, 1, `${name} is found`);
    return found.accounts[0].id;
  };
  const id = await resolve("fed");

  // The same key in both spellings, and the hashtags of a profile.
  const [multikey] = await Array.fromAsync(person.getAssertionMethods({ documentLoader }));
  const numbers = [multikey.publicKey, (await person.getPublicKey({ documentLoader })).publicKey];
  const [one, other] = await Promise.all(numbers.map((key) => crypto.subtle.exportKey("jwk", key)));
  assert.equal(one.n, other.n, "assertionMethod has the key of publicKey");
  await alice("POST", "/api/v1/featured_tags", { name: "rialto" });
  const featured = await person.getFeaturedTags({ documentLoader });
  const tags = await Array.fromAsync(featured.getItems({ documentLoader }));
  assert.deepEqual(tags.map((tag) => String(tag.name)), ["#rialto"]);

  // Follows, both ways, with their answers.
  await alice("POST", `/api/v1/accounts/${id}/follow`, {});
  const follows = (one) => async () => (await alice("GET", `/api/v1/accounts/relationships?id[]=${one}`))[0].following;
  await eventually("Fedify accepts", follows(id));
  await send(new Follow({ id: fresh("fed"), actor: fed, object: uri }));
  await hears(Accept);

  // Posts, edits, boosts and likes of Fedify.
  const note = (content, more = {}) =>
    new Note({ id: new URL("/notes/1", origin), attribution: fed, content, to: PUBLIC_COLLECTION, ...more });
  await send(new Create({ id: fresh("fed"), actor: fed, to: PUBLIC_COLLECTION, object: note("<p>hello from Fedify</p>") }));
  const theirs = await home("hello from Fedify");
  assert.equal(theirs.visibility, "public");
  const updated = Temporal.Instant.from(new Date().toISOString());
  await send(new Update({ id: fresh("fed"), actor: fed, to: PUBLIC_COLLECTION, object: note("<p>hello again</p>", { updated }) }));
  await home("hello again");

  // The same of Bauta.
  const own = await alice("POST", "/api/v1/statuses", { status: "hello from Bauta" });
  const create = await hears(Create);
  const told = await create.getObject({ documentLoader });
  assert.match(String(told.content), /hello from Bauta/);
  assert.equal(told.attributionId?.href, uri.href);
  await alice("PUT", `/api/v1/statuses/${own.id}`, { status: "hello from Bauta, edited" });
  const edit = await hears(Update, (activity) => activity.objectId?.href === told.id.href);
  assert.match(String((await edit.getObject({ documentLoader })).content), /edited/);
  await send(new Like({ id: fresh("fed"), actor: fed, object: told.id }));
  await send(new Announce({ id: fresh("fed"), actor: fed, to: PUBLIC_COLLECTION, object: told.id }));
  await eventually("liked and boosted", async () => {
    const post = await alice("GET", `/api/v1/statuses/${own.id}`);
    return post.favourites_count === 1 && post.reblogs_count === 1;
  });
  await alice("POST", `/api/v1/statuses/${theirs.id}/favourite`, {});
  assert.equal((await hears(Like)).objectId.href, `${origin}/notes/1`);
  await alice("POST", `/api/v1/statuses/${theirs.id}/reblog`, {});
  assert.equal((await hears(Announce)).objectId.href, `${origin}/notes/1`);

  // Deletions.
  await alice("DELETE", `/api/v1/statuses/${own.id}`);
  await hears(Delete, (activity) => activity.objectId?.href === told.id.href);
  const gone = new Tombstone({ id: new URL("/notes/1", origin) });
  await send(new Delete({ id: fresh("fed"), actor: fed, to: PUBLIC_COLLECTION, object: gone }));
  await eventually("deleted", async () => {
    const posts = await alice("GET", "/api/v1/timelines/home");
    return !posts.some((post) => post.content.includes("hello again"));
  });

  // A move takes Alice along, to an account that names the old one.
  await send(new Move({ id: fresh("fed"), actor: fed, object: fed, target: ctx.getActorUri("renewed") }));
  await hears(Follow, (activity) => activity.objectId?.href === ctx.getActorUri("renewed").href);
  await eventually("Alice is led", follows(await resolve("renewed")));
  await hears(Undo);

  // And the other way: Alice's followers are told, once the new account says that it is Alice too.
  aliases.push(uri);
  const fill = browser();
  await fill("/sign-in", { handle: "alice", passphrase });
  await fill("/settings/move", { target: `renewed@${new URL(origin).host}`, passphrase, act: "move" });
  const move = await hears(Move);
  assert.equal(move.objectId.href, uri.href);
  assert.equal(move.targetId.href, ctx.getActorUri("renewed").href);
  const moved = await ctx.lookupObject(uri, { documentLoader });
  assert.equal(moved.successorId?.href, ctx.getActorUri("renewed").href, "the old actor says where it went");
  assert.equal(unsigned, 0, "whatever Bauta asked, it had signed");
}

try {
  await scenario();
} finally {
  web.close();
  web.closeAllConnections();
  await bauta.stop();
}
