// masto.js runs an app's main loop against a real process.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { createOAuthAPIClient, createRestAPIClient } from "masto";

import { start } from "./bauta.mjs";

const PASSPHRASE = "lantern mooring velvet gondola sparrow thimble quarry";

let bauta;
let author;
let reader;

before(async () => {
  bauta = await start({ registrations: "open", environment: { BAUTA_SLOT: "1s" } });
  author = await voice("isabella");
  reader = await voice("arlecchino");
});

after(() => bauta?.stop());

function client(accessToken) {
  return createRestAPIClient({ url: bauta.url, accessToken });
}

/** An account that the operator makes, so that it has no newcomer's limits. */
async function voice(handle) {
  bauta.run("account", "create", handle);
  const api = client(bauta.token(handle));
  return { api, me: await api.v1.accounts.verifyCredentials() };
}

function ids(things) {
  return things.map(({ id }) => id);
}

function refused(statusCode) {
  return (error) => {
    assert.equal(error.statusCode, statusCode);
    assert.ok(error.message);
    return true;
  };
}

test("the server describes itself", async () => {
  const [first, second] = [await client().v1.instance.fetch(), await client().v2.instance.fetch()];
  assert.equal(first.uri, bauta.domain);
  assert.equal(second.domain, bauta.domain);
  assert.match(second.version, /^\d+\.\d+\.\d+ \(compatible; Bauta /);
  assert.equal(second.configuration.statuses.maxCharacters, 1000);
  assert.ok(second.apiVersions.mastodon > 0);
});

test("an app signs somebody up, who speaks at once and leaves", async () => {
  const scopes = "read write";
  const app = await client().v1.apps.create({
    clientName: "Gondola",
    redirectUris: "urn:ietf:wg:oauth:2.0:oob",
    scopes,
  });
  const oauth = createOAuthAPIClient({ url: bauta.url });
  const its = { clientId: app.clientId, clientSecret: app.clientSecret };
  const grant = { ...its, grantType: "client_credentials", redirectUri: app.redirectUri, scope: scopes };
  const { accessToken: appToken } = await oauth.token.create(grant);
  const { accessToken } = await client(appToken).v1.accounts.create({
    username: "columbina",
    password: PASSPHRASE,
    email: "nobody@example.org",
    agreement: true,
    locale: "en",
  });
  const api = client(accessToken);
  assert.equal((await api.v1.accounts.verifyCredentials()).username, "columbina");
  assert.equal((await api.v1.statuses.create({ status: "Good evening." })).content, "<p>Good evening.</p>");
  await oauth.revoke({ ...its, token: accessToken });
  await assert.rejects(api.v1.accounts.verifyCredentials(), refused(401));
});

test("a follower's home has what was posted, page by page", async () => {
  assert.equal((await reader.api.v1.accounts.$select(author.me.id).follow()).following, true);
  const posted = [];
  for (const bell of ["Marangona", "Nona", "Trottiera"]) {
    posted.unshift(await author.api.v1.statuses.create({ status: bell, visibility: "public" }));
  }
  assert.deepEqual(ids(await reader.api.v1.timelines.home.list()), ids(posted));
  const pages = [];
  for await (const page of reader.api.v1.timelines.home.list({ limit: 2 })) pages.push(ids(page));
  assert.deepEqual(pages.flat(), ids(posted));
  assert.deepEqual(ids(await client().v1.timelines.public.list({ local: true, limit: 3 })).includes(posted[0].id), true);
});

test("a thread is read from its middle, and an edit is seen", async () => {
  const root = await author.api.v1.statuses.create({ status: "Who goes there?" });
  const reply = await reader.api.v1.statuses.create({ status: "@isabella A mask", inReplyToId: root.id });
  const last = await author.api.v1.statuses.create({ status: "Pass", inReplyToId: reply.id });
  const context = await client().v1.statuses.$select(reply.id).context.fetch();
  assert.deepEqual([ids(context.ancestors), ids(context.descendants)], [[root.id], [last.id]]);
  const edited = await author.api.v1.statuses.$select(last.id).update({ status: "Pass, mask" });
  assert.equal(edited.content, "<p>Pass, mask</p>");
  assert.equal((await client().v1.statuses.$select(last.id).history.list()).length, 2);
  await author.api.v1.statuses.$select(last.id).remove();
  await assert.rejects(client().v1.statuses.$select(last.id).fetch(), refused(404));
});

test("what readers do is told to the author", async () => {
  await author.api.v1.notifications.clear();
  const { id } = await author.api.v1.statuses.create({ status: "Something to keep" });
  const post = reader.api.v1.statuses.$select(id);
  assert.equal((await post.favourite()).favourited, true);
  assert.equal((await post.bookmark()).bookmarked, true);
  assert.equal((await post.reblog()).reblog.id, id);
  assert.deepEqual(ids(await reader.api.v1.bookmarks.list()), [id]);
  const told = await author.api.v1.notifications.list();
  assert.deepEqual(told.map(({ type }) => type).sort(), ["favourite", "reblog"]);
  assert.ok(told.every(({ account }) => account.id === reader.me.id));
  assert.equal((await post.unfavourite()).favourited, false);
  assert.equal((await post.unreblog()).reblogged, false);
  assert.equal((await client().v1.statuses.$select(id).fetch()).reblogsCount, 0);
});

test("blocking, muting and leaving", async () => {
  const other = await voice("pantalone");
  const them = reader.api.v1.accounts.$select(other.me.id);
  assert.equal((await them.mute({ duration: 3600 })).muting, true);
  assert.equal((await them.block()).blocking, true);
  const [between] = await reader.api.v1.accounts.relationships.fetch({ id: [other.me.id] });
  assert.equal(between.blocking, true);
  assert.equal((await them.unblock()).blocking, false);
  assert.equal((await them.unmute()).muting, false);
});

test("accounts are found at once", async () => {
  const { accounts } = await reader.api.v2.search.list({ q: "isabella", type: "accounts" });
  assert.deepEqual(ids(accounts), [author.me.id]);
});

// A PNG of one white pixel.
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==";

test("a picture is uploaded, posted and described anew", async () => {
  const file = new Blob([Buffer.from(PIXEL, "base64")], { type: "image/png" });
  const medium = await author.api.v2.media.create({ file, description: "white" });
  assert.equal(medium.type, "image");
  assert.equal((await author.api.v1.media.$select(medium.id).fetch()).description, "white");
  await author.api.v1.media.$select(medium.id).update({ description: "white as fog", focus: "0.5,0.5" });
  const post = await author.api.v1.statuses.create({ status: "look", mediaIds: [medium.id] });
  assert.deepEqual(post.mediaAttachments.map(({ description }) => description), ["white as fog"]);
  assert.equal((await fetch(post.mediaAttachments[0].url)).headers.get("content-type"), "image/png");
  const found = await reader.api.v1.accounts.$select(author.me.id).statuses.list({ onlyMedia: true });
  assert.deepEqual(ids(found), [post.id]);
  const edited = await author.api.v1.statuses.$select(post.id).update({
    status: "look",
    mediaIds: [medium.id],
    mediaAttributes: [{ id: medium.id, description: "fog" }],
  });
  assert.equal(edited.mediaAttachments[0].description, "fog");
});

test("a poll is asked and answered", async () => {
  const poll = { options: ["Gondola", "Sandolo"], expiresIn: 3600 };
  const post = await author.api.v1.statuses.create({ status: "How do you cross?", poll });
  assert.deepEqual(post.poll.options.map(({ title }) => title), poll.options);
  const voted = await reader.api.v1.polls.$select(post.poll.id).votes.create({ choices: [1] });
  assert.deepEqual([voted.votesCount, voted.voted, voted.ownVotes], [1, true, [1]]);
  const seen = await client().v1.polls.$select(post.poll.id).fetch();
  assert.deepEqual(seen.options.map(({ votesCount }) => votesCount), [0, 1]);
  await assert.rejects(async () => reader.api.v1.polls.$select(post.poll.id).votes.create({ choices: [0] }), refused(422));
});

test("without a token there is no home", async () => {
  await assert.rejects(async () => client().v1.timelines.home.list(), refused(401));
});

test("a quote is shown, listed, told and kept from those who may not", async () => {
  const first = await author.api.v1.statuses.create({ status: "The tide is high" });
  assert.deepEqual(first.quoteApproval.automatic, ["public"]);
  const quoting = await reader.api.v1.statuses.create({ status: "So it is", quotedStatusId: first.id });
  assert.equal(quoting.quote.state, "accepted");
  assert.equal(quoting.quote.quotedStatus.id, first.id);
  assert.deepEqual(ids(await client().v1.statuses.$select(first.id).quotes.list()), [quoting.id]);
  assert.ok((await author.api.v1.notifications.list()).some(({ type, status }) => type === "quote" && status.id === quoting.id));
  const closed = await author.api.v1.statuses.create({ status: "Mine", quoteApprovalPolicy: "nobody" });
  await assert.rejects(reader.api.v1.statuses.create({ status: "Look", quotedStatusId: closed.id }), refused(403));
});
