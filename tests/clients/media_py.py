"""Pictures in posts, by Mastodon.py and by forms, against a real process: uploaded, described, posted, shown, deleted."""

import io
import itertools
import pathlib
import json
import re
import struct
import tarfile
import time
import unittest
import zipfile
import zlib

import requests
from mastodon import Mastodon, MastodonAPIError, MastodonNotFoundError

from bauta import Bauta

server = None
names = (f"lens_{number}" for number in itertools.count(1))
# What no file that is kept may hold.
MARK = "mark-5b1f0c9e7d2a4836"


def setUpModule():
    global server
    server = Bauta(registrations="open", environment={"BAUTA_SLOT": "1s"})
    server.__enter__()


def tearDownModule():
    server.__exit__(None, None, None)


def voice():
    handle = next(names)
    server.run("account", "create", handle)
    token = server.token(handle)
    api = Mastodon(api_base_url=server.url, ratelimit_method="throw", access_token=token)
    api.handle, api.token = handle, token
    return api


def picture(width=64, height=48, colour=(30, 90, 160), marked=False):
    """A PNG of one colour; marked, it names a place to look for."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes(colour) * width) * height
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    text = chunk(b"tEXt", b"Author\0" + MARK.encode()) if marked else b""
    return b"\x89PNG\r\n\x1a\n" + head + text + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def giant():
    """Claims 50,000 pixels a side."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return picture()[:12] + head + struct.pack(">I", zlib.crc32(head)) + picture()[33:]


def moving():
    """A GIF of two frames of one pixel, with a comment."""
    head = b"GIF89a\x01\0\x01\0\x80\0\0" + b"\xff\0\0\0\0\xff"
    comment = b"\x21\xfe" + bytes([len(MARK)]) + MARK.encode() + b"\0"
    frame = b"\x21\xf9\x04\0\x0a\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0"
    return head + comment + frame + frame + b"\x3b"


def fetched(url):
    return requests.get(url, timeout=60)


def folder_holds(needle):
    folder = pathlib.Path(server.data)
    return [path for path in folder.rglob("*") if path.is_file() and needle in path.read_bytes()]


def eventually(question):
    """What was promised within a minute, asked for longer."""
    for _ in range(240):
        if question():
            return True
        time.sleep(0.5)
    return False


class Uploads(unittest.TestCase):
    def test_a_picture_is_uploaded_described_and_posted(self):
        api = voice()
        sent = picture(1200, 900, marked=True)
        medium = api.media_post(
            io.BytesIO(sent), mime_type="image/png", file_name=f"{MARK}.png", description="a bridge", focus=(0.5, -0.25)
        )
        self.assertEqual((medium.type, medium.description), ("image", "a bridge"))
        self.assertEqual((medium.meta.original.width, medium.meta.original.size), (1200, "1200x900"))
        self.assertAlmostEqual(medium.meta.original.aspect, 4 / 3, places=3)
        self.assertEqual((medium.meta.focus.x, medium.meta.focus.y), (0.5, -0.25))
        self.assertLessEqual(medium.meta.small.width * medium.meta.small.height, 640 * 360)
        self.assertGreater(len(medium.blurhash), 6)
        self.assertNotEqual(medium.preview_url, medium.url)
        said = api.media_update(medium.id, description="a bridge in fog", focus=(0.1, 0.2))
        self.assertEqual(said.description, "a bridge in fog")
        post = api.status_post("", media_ids=[medium.id], sensitive=True)
        self.assertEqual(post.media_attachments[0].description, "a bridge in fog")
        self.assertTrue(post.sensitive)
        for url in (medium.url, medium.preview_url):
            answer = fetched(url)
            self.assertEqual(answer.headers["content-type"], "image/png")
            self.assertEqual(answer.headers["x-content-type-options"], "nosniff")
            self.assertIn("sandbox", answer.headers["content-security-policy"])
            self.assertIn("private", answer.headers["cache-control"])
            self.assertNotIn(MARK.encode(), answer.content)
        self.assertEqual(folder_holds(MARK.encode()), [])

    def test_an_order_is_kept_and_four_are_enough(self):
        api = voice()
        ids = [api.media_post(io.BytesIO(picture(8 + nth)), mime_type="image/png").id for nth in range(5)]
        with self.assertRaises(MastodonAPIError):
            api.status_post("five", media_ids=ids)
        with self.assertRaises(MastodonAPIError):
            api.status_post("twice", media_ids=[ids[0], ids[0]])
        wanted = [ids[2], ids[0], ids[3]]
        post = api.status_post("three", media_ids=wanted)
        self.assertEqual([one.id for one in post.media_attachments], wanted)
        self.assertEqual([one.id for one in api.status(post.id).media_attachments], wanted)

    def test_nobody_posts_what_is_not_theirs_or_is_posted_already(self):
        api, other = voice(), voice()
        medium = api.media_post(io.BytesIO(picture()), mime_type="image/png")
        with self.assertRaises(MastodonAPIError):
            other.status_post("stolen", media_ids=[medium.id])
        with self.assertRaises(MastodonNotFoundError):
            other.media(medium.id)
        with self.assertRaises(MastodonNotFoundError):
            other.media_update(medium.id, description="mine")
        api.status_post("once", media_ids=[medium.id])
        with self.assertRaises(MastodonAPIError):
            api.status_post("again", media_ids=[medium.id])

    def test_a_gif_moves_on_and_is_asked_for_until_it_is_there(self):
        api = voice()
        headers = {"Authorization": f"Bearer {api.token}"}
        files = {"file": ("a.gif", moving(), "image/gif")}
        answer = requests.post(f"{server.url}/api/v2/media", headers=headers, files=files, timeout=60)
        self.assertEqual((answer.status_code, answer.json()["url"]), (202, None))
        place = f"{server.url}/api/v1/media/{answer.json()['id']}"

        def is_there():
            asked = requests.get(place, headers=headers, timeout=60)
            self.assertIn(asked.status_code, (200, 206))
            return asked.status_code == 200

        self.assertTrue(eventually(is_there))
        medium = requests.get(place, headers=headers, timeout=60).json()
        file = fetched(medium["url"])
        self.assertEqual(file.headers["content-type"], "image/gif")
        self.assertEqual(file.content.count(b"\x21\xf9\x04"), 2)
        self.assertNotIn(MARK.encode(), file.content)
        self.assertNotEqual(fetched(medium["preview_url"]).headers["content-type"], "image/gif")

    def test_what_is_no_picture_is_refused_with_advice(self):
        api = voice()
        headers = {"Authorization": f"Bearer {api.token}"}
        sent = {
            b"\0\0\0\x20ftypavif\0\0\0\0mif1": "AVIF",
            b"\0\0\0\x20ftypheic\0\0\0\0mif1": "HEIC",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>": "SVG",
            b"%PDF-1.7": "documents are not taken",
            b"<script>alert(1)</script>": "not a picture",
            picture()[:60]: "can't be read",
            giant(): "pixels",
            b"": "missing",
        }
        for file, word in sent.items():
            for version in ("v1", "v2"):
                answer = requests.post(
                    f"{server.url}/api/{version}/media", headers=headers, files={"file": ("a.jpg", file)}, timeout=60
                )
                self.assertEqual(answer.status_code, 422, answer.text)
                self.assertIn(word, answer.json()["error"])
        answer = requests.post(f"{server.url}/api/v2/media", headers=headers, data={"file": "text"}, timeout=60)
        self.assertEqual(answer.status_code, 422)
        large = {"file": ("a.png", b"\x89PNG" + b"\0" * (9 << 20))}
        answer = requests.post(f"{server.url}/api/v2/media", headers=headers, files=large, timeout=60)
        self.assertIn(answer.status_code, (413, 422))

    def test_limits_are_told(self):
        told = requests.get(f"{server.url}/api/v2/instance", timeout=60).json()["configuration"]
        self.assertEqual(told["statuses"]["max_media_attachments"], 4)
        self.assertEqual(told["media_attachments"]["description_limit"], 1500)
        self.assertIn("image/gif", told["media_attachments"]["supported_mime_types"])
        with self.assertRaises(MastodonAPIError):
            voice().media_post(io.BytesIO(picture()), mime_type="image/png", description="x" * 1501)


class Deletion(unittest.TestCase):
    def delete(self, api, medium, status):
        headers = {"Authorization": f"Bearer {api.token}"}
        answer = requests.delete(f"{server.url}/api/v1/media/{medium}", headers=headers, timeout=60)
        self.assertEqual(answer.status_code, status, answer.text)

    def gone(self, *urls):
        return all(fetched(url).status_code == 404 for url in urls)

    def test_a_medium_and_a_post_take_their_bytes_along(self):
        api = voice()
        # A pattern of pixels that the rebuilt file has in its bytes as they are: a JPEG's or PNG's start is not enough.
        first, second, third = (
            api.media_post(io.BytesIO(picture(700, 500, (nth, 77, 200 - nth))), mime_type="image/png")
            for nth in (11, 22, 33)
        )
        needles = {one.id: fetched(one.url).content[-120:] for one in (first, second, third)}
        for needle in needles.values():
            self.assertNotEqual(folder_holds(needle), [])
        self.delete(api, first.id, 200)
        self.assertTrue(self.gone(first.url, first.preview_url))
        post = api.status_post("here", media_ids=[second.id])
        api.status_post("stays", media_ids=[third.id])
        self.delete(api, second.id, 422)
        self.delete(voice(), third.id, 404)
        api.status_delete(post.id)
        self.assertTrue(self.gone(second.url, second.preview_url))
        for one in (first, second):
            self.assertTrue(eventually(lambda one=one: not folder_holds(needles[one.id])), "bytes stayed")
        self.assertEqual(fetched(third.url).status_code, 200)

    def test_an_edit_takes_away_what_it_does_not_name(self):
        api = voice()
        first, second = (
            api.media_post(io.BytesIO(picture(nth)), mime_type="image/png", description=f"number {nth}")
            for nth in (20, 30)
        )
        post = api.status_post("both", media_ids=[first.id, second.id])
        attributes = [{"id": second.id, "description": "said anew", "focus": "0.0,0.5"}]
        headers = {"Authorization": f"Bearer {api.token}"}
        body = {"status": "one", "media_ids": [second.id], "media_attributes": attributes}
        edited = requests.put(f"{server.url}/api/v1/statuses/{post.id}", headers=headers, json=body, timeout=60).json()
        self.assertEqual([one["description"] for one in edited["media_attachments"]], ["said anew"])
        self.assertEqual(edited["media_attachments"][0]["meta"]["focus"], {"x": 0.0, "y": 0.5})
        history = api.status_history(post.id)
        self.assertEqual([one.description for one in history[0].media_attachments], ["number 30"])
        self.assertEqual([one.description for one in history[-1].media_attachments], ["said anew"])
        self.assertTrue(self.gone(first.url))


class Timelines(unittest.TestCase):
    def test_lists_of_media_hold_posts_with_media(self):
        api = voice()
        medium = api.media_post(io.BytesIO(picture()), mime_type="image/png")
        shown = api.status_post("look #lagoonpictures", media_ids=[medium.id])
        api.status_post("no picture #lagoonpictures")
        lists = [
            api.account_statuses(api.me().id, only_media=True),
            api.timeline_hashtag("lagoonpictures", only_media=True),
        ]
        for found in lists:
            self.assertEqual([post.id for post in found], [shown.id])
        self.assertIn(shown.id, [post.id for post in api.timeline_local(only_media=True)])
        self.assertTrue(all(post.media_attachments for post in api.timeline_local(only_media=True)))

    def test_pages_and_feeds_show_them(self):
        api = voice()
        medium = api.media_post(io.BytesIO(picture(900, 600)), mime_type="image/png", description="a <bridge>")
        post = api.status_post("look", media_ids=[medium.id])
        veiled = api.media_post(io.BytesIO(picture(30, 30)), mime_type="image/png")
        api.status_post("careful", media_ids=[veiled.id], sensitive=True)
        page = fetched(post.url).text
        self.assertIn('alt="a &lt;bridge&gt;"', page)
        self.assertIn(f'content="{medium.url}"', page)
        self.assertIn('width="587" height="391"' if "587" in page else 'loading="lazy"', page)
        profile = fetched(f"{server.url}/@{api.handle}/media").text
        self.assertIn("Sensitive pictures", profile)
        self.assertEqual(profile.count('class="media"'), 2)
        for ending in ("atom", "rss", "json"):
            feed = fetched(f"{server.url}/@{api.handle}.{ending}").text
            self.assertIn(medium.url, feed)
            self.assertNotIn(veiled.url, feed)
        self.assertIn("/media/", fetched(f"{post.url}/embed").text)


class Composer(unittest.TestCase):
    """The page without script: what a browser at "Safest" sends."""

    def setUp(self):
        self.api = voice()
        self.browser = requests.Session()
        self.browser.cookies.set("bauta_session", self.api.token)

    def form(self, page, **given):
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        return {**fields, "visibility": "public", **given}

    def send(self, fields, *files):
        parts = [(name, (None, text)) for name, text in fields.items()]
        parts += [("files", (f"{MARK}.png", file, "image/png")) for file in files]
        return self.browser.post(f"{server.url}/compose", files=parts, timeout=60)

    def test_pictures_are_added_described_and_posted(self):
        page = self.browser.get(f"{server.url}/compose", timeout=60).text
        self.assertIn('enctype="multipart/form-data"', page)
        looked = self.send(self.form(page, text="two bridges", step="attach"), picture(40, marked=True), picture(50))
        self.assertEqual(looked.status_code, 200)
        self.assertIn(f"A name: an owner, an author or a holder of rights: <bdi>{MARK}</bdi>", looked.text)
        self.assertEqual(looked.text.count('class="picture"'), 2)
        self.assertIn("two bridges", looked.text)
        asked = self.send(self.form(looked.text, text="two bridges", alt1="the first", step="post"))
        self.assertIn("A picture has no description", asked.text)
        self.assertNotIn("holder of rights", asked.text)
        self.assertNotIn(MARK, asked.text)
        posted = self.send(
            self.form(asked.text, text="two bridges", alt1="the first", alt2="", sensitive="yes", step="post")
        )
        self.assertRegex(posted.url, rf"/@{self.api.handle}/\d+$")
        post = self.api.account_statuses(self.api.me().id)[0]
        self.assertEqual([one.description for one in post.media_attachments], ["the first", None])
        self.assertTrue(post.sensitive)
        edit = self.browser.get(f"{posted.url}/edit", timeout=60).text
        fields = self.form(edit, text="two bridges", alt1="the second, really", drop2="yes", step="post")
        changed = self.browser.post(f"{posted.url}/edit", data=fields, timeout=60)
        self.assertIn("the second, really", changed.text)
        self.assertEqual(len(self.api.status(post.id).media_attachments), 1)
        self.assertEqual(folder_holds(MARK.encode()), [])

    def test_a_picture_is_taken_away_and_a_wrong_file_loses_no_words(self):
        page = self.browser.get(f"{server.url}/compose", timeout=60).text
        looked = self.send(self.form(page, text="words", step="attach"), picture(41))
        again = self.send(self.form(looked.text, text="words", alt1="x", drop1="yes", step="attach"))
        self.assertEqual(again.text.count('class="picture"'), 0)
        wrong = self.send(self.form(again.text, text="words that stay", step="post"), b"%PDF-1.7")
        self.assertEqual(wrong.status_code, 422)
        self.assertIn("documents are not taken", wrong.text)
        self.assertIn("words that stay", wrong.text)
        forged = self.send({**self.form(page, text="x", step="post"), "csrf": "no"}, picture())
        self.assertEqual(forged.status_code, 403)


class Emoji(unittest.TestCase):
    def setUp(self):
        self.api = voice()
        handle = next(names)
        server.run("account", "create", handle, "--role", "moderator")
        self.browser = requests.Session()
        self.browser.cookies.set("bauta_session", server.token(handle))
        self.path = f"{server.url}/moderation/emoji"

    def add(self, name, file, category=""):
        page = self.browser.get(self.path, timeout=60).text
        csrf = re.search(r'name="csrf" value="([^"]*)"', page).group(1)
        parts = [("csrf", (None, csrf)), ("shortcode", (None, name)), ("category", (None, category))]
        parts += [("file", (f"{MARK}.png", file, "image/png"))]
        return self.browser.post(self.path, files=parts, timeout=60)

    def test_a_picture_with_a_name_is_shown_in_apps_and_on_pages_until_it_is_removed(self):
        stranger = requests.Session()
        stranger.cookies.set("bauta_session", self.api.token)
        self.assertEqual(stranger.get(self.path, timeout=60).status_code, 404)
        self.assertEqual(self.add("no way", picture()).status_code, 422)
        self.assertIn("512 pixels", self.add("large", picture(600, 20)).text)
        added = self.add("bauta_mask", picture(40, 20, marked=True), "Lagoon")
        self.assertEqual((added.status_code, added.url), (200, self.path))
        self.add("moves", moving())
        known = {one.shortcode: one for one in self.api.custom_emojis()}
        mask = known["bauta_mask"]
        self.assertEqual((mask.category, mask.visible_in_picker), ("Lagoon", True))
        self.assertEqual(fetched(mask.url).headers["content-type"], "image/png")
        self.assertEqual(fetched(known["moves"].url).headers["content-type"], "image/gif")
        self.assertNotEqual(fetched(known["moves"].static_url).headers["content-type"], "image/gif")
        self.api.account_update_credentials(display_name="Ann :bauta_mask:", note="I wear :moves:")
        poll = self.api.make_poll([":bauta_mask:", "none"], expires_in=600)
        post = self.api.status_post("Tonight :moves: 12:30:45 :unknown:", spoiler_text="A :bauta_mask:", poll=poll)
        self.assertEqual([one.shortcode for one in post.emojis], ["moves", "bauta_mask"])
        self.assertEqual([one.shortcode for one in post.poll.emojis], ["bauta_mask"])
        self.assertEqual([one.shortcode for one in post.account.emojis], ["bauta_mask", "moves"])
        page = fetched(post.url).text
        self.assertEqual(page.count('alt=":bauta_mask:"'), 3, "the name, the warning, the poll")
        self.assertIn('alt=":moves:"', page)
        self.assertIn(":unknown:", page)
        self.assertIn('width="40" height="20"', page)
        self.assertEqual(folder_holds(MARK.encode()), [])
        number = mask.url.rsplit("/", 1)[1]
        csrf = re.search(r'name="csrf" value="([^"]*)"', self.browser.get(self.path, timeout=60).text).group(1)
        self.browser.post(f"{self.path}/{number}/remove", data={"csrf": csrf}, timeout=60)
        self.assertEqual([one.shortcode for one in self.api.status(post.id).account.emojis], ["moves"])
        self.assertNotIn('alt=":bauta_mask:"', fetched(post.url).text)
        self.assertEqual(fetched(mask.url).status_code, 404)


class TakingAlong(unittest.TestCase):
    def browser(self):
        handle = next(names)
        said = server.run("account", "create", handle)
        session = requests.Session()
        session.handle, session.passphrase = handle, said.strip().split("\n")[-1].strip()
        # What asks for the passphrase asks for somebody who signed in: a token that the operator made is nobody's.
        typed = {"csrf": self.csrf(session, "/sign-in"), "handle": handle, "passphrase": session.passphrase}
        session.post(f"{server.url}/sign-in", data=typed, timeout=60).raise_for_status()
        session.api = Mastodon(api_base_url=server.url, ratelimit_method="throw", access_token=server.token(handle))
        return session

    def csrf(self, browser, path):
        page = browser.get(f"{server.url}{path}", timeout=60).text
        return re.search(r'name="csrf" value="([^"]*)"', page).group(1)

    def take(self, browser, what, passphrase=None):
        data = {"csrf": self.csrf(browser, "/settings/export"), "what": what}
        data["passphrase"] = passphrase or browser.passphrase
        return browser.post(f"{server.url}/settings/export", data=data, timeout=60)

    def send(self, browser, what, file, known=True):
        path = f"{server.url}/settings/import"
        parts = [("csrf", (None, self.csrf(browser, "/settings/import"))), ("what", (None, what))]
        parts += [("known", (None, "yes"))] if known else []
        parts += [("file", ("a file", file, "application/octet-stream"))]
        return browser.post(path, files=parts, timeout=60)

    def bring(self, browser, what, file):
        path = f"{server.url}/settings/import"
        self.assertEqual(self.send(browser, what, file).status_code, 200)
        self.assertTrue(eventually(lambda: "Brought in." in browser.get(path, timeout=60).text))
        return re.search(r"(\d+) taken, (\d+) not taken, of (\d+)", browser.get(path, timeout=60).text).groups()

    def test_an_archive_holds_everything_of_one_person_and_nothing_of_others(self):
        me, other = self.browser(), voice()
        medium = me.api.media_post(io.BytesIO(picture(70, 50, marked=True)), mime_type="image/png", description="a weir")
        post = me.api.status_post("High water #tonight", media_ids=[medium.id])
        other.account_follow(me.api.me())
        secret = me.api.status_post(f"@{other.handle} for your eyes", visibility="direct")
        theirs = other.status_post("what somebody else says")
        me.api.status_favourite(theirs)
        me.api.account_follow(other.me())
        me.api.report(other.me(), comment="my own report")
        self.assertEqual(self.take(me, "archive", "wrong").status_code, 422)
        answer = self.take(me, "archive")
        self.assertEqual(answer.headers["content-type"], "application/gzip")
        with tarfile.open(fileobj=io.BytesIO(answer.content), mode="r:gz") as archive:
            files = {member.name: archive.extractfile(member).read() for member in archive.getmembers()}
        actor, outbox = json.loads(files["actor.json"]), json.loads(files["outbox.json"])
        self.assertEqual(actor["preferredUsername"], me.handle)
        notes = [item["object"] for item in outbox["orderedItems"]]
        self.assertEqual([note["id"] for note in notes], [secret.url, post.url])
        document = notes[1]["attachment"][0]
        self.assertEqual(document["name"], "a weir")
        self.assertEqual(files[document["url"]], fetched(medium.url).content)
        self.assertEqual(json.loads(files["likes.json"])["orderedItems"], [theirs.url])
        self.assertIn(f"{other.handle}@", files["following_accounts.csv"].decode())
        held = files["held.json"].decode()
        self.assertIn("for your eyes", held)
        self.assertIn("my own report", held)
        self.assertNotIn("what somebody else says", held)
        self.assertNotIn(me.passphrase, held)
        self.assertEqual([name for name in json.loads(held) if name in ("credentials", "recovery_codes", "desk_targets")], [])
        for name, bytes_of in files.items():
            self.assertNotIn(MARK.encode(), bytes_of, name)

    def test_a_list_from_one_account_is_brought_into_another(self):
        me, again, other = self.browser(), self.browser(), voice()
        me.api.account_follow(other.me())
        me.api.account_block(again.api.me())
        follows = self.take(me, "follows").content
        self.bring(again, "follows", follows + b"nobody@nowhere.invalid,true\n")
        self.assertTrue(again.api.account_relationships(other.me())[0].following)
        self.assertIn("1 taken, 1 not taken, of 2", again.get(f"{server.url}/settings/import", timeout=60).text)
        self.bring(again, "blocks", f"{other.handle}\n".encode())
        self.assertTrue(again.api.account_relationships(other.me())[0].blocking)
        self.assertEqual(self.take(again, "blocks").text, f"{other.handle}@{server.domain}\n")

    def test_a_crowd_is_blocked_at_once(self):
        me, crowd = self.browser(), [voice() for _ in range(3)]
        handles = f"@{crowd[0].handle}, {crowd[1].handle}@{server.domain}\r\n\r\n@nobody {crowd[2].handle}"
        path = f"{server.url}/blocks/many"
        typed = {"csrf": self.csrf(me, "/blocks/many"), "handles": handles, "how": "block"}
        page = me.post(path, data=typed, timeout=60)
        self.assertTrue(page.url.endswith("/settings/import"))
        self.assertTrue(eventually(lambda: "Brought in." in me.get(page.url, timeout=60).text))
        self.assertIn("3 taken, 1 not taken, of 4", me.get(page.url, timeout=60).text)
        ties = me.api.account_relationships([one.me() for one in crowd])
        self.assertEqual([tie.blocking for tie in ties], [True] * 3)
        refused = me.post(path, data={**typed, "csrf": self.csrf(me, "/blocks/many"), "handles": " "}, timeout=60)
        self.assertEqual(refused.status_code, 422)

    def test_an_archive_of_ours_is_brought_into_another_account(self):
        me, again, listener = self.browser(), self.browser(), voice()
        listener.account_follow(me.api.me())
        listener.account_follow(again.api.me())
        medium = me.api.media_post(
            io.BytesIO(picture(70, 50)), mime_type="image/png", description="a weir", focus=(0.5, -0.25)
        )
        first = me.api.status_post(f"High water, @{listener.handle} #tonight", media_ids=[medium.id], language="de")
        second = me.api.status_post("and rising", in_reply_to_id=first.id, visibility="unlisted")
        me.api.status_post(f"@{listener.handle} for your eyes", visibility="direct")
        theirs = listener.status_post("what somebody else says")
        me.api.status_bookmark(theirs)
        me.api.status_reblog(theirs)
        me.api.status_post("an answer", in_reply_to_id=theirs.id)
        told = [one.id for one in listener.notifications()]
        archive = self.take(me, "archive").content
        time.sleep(2)
        refused = self.send(again, "archive", archive, known=False)
        self.assertEqual(refused.status_code, 422)
        self.assertIn("tick the box", refused.text)
        self.assertEqual(self.bring(again, "archive", archive), ("3", "0", "3"))
        brought = again.api.account_statuses(again.api.me())
        self.assertEqual([one.in_reply_to_id for one in brought], [brought[1].id, None])
        for new, old in zip(brought, (second, first)):
            self.assertEqual(
                (new.created_at, new.visibility, new.language), (old.created_at, old.visibility, old.language)
            )
            self.assertNotEqual(new.id, old.id)
        self.assertEqual(again.api.status_source(brought[1].id).text, f"High water, @{listener.handle}@{server.domain} #tonight")
        self.assertEqual([tag.name for tag in brought[1].tags], ["tonight"])
        kept = brought[1].media_attachments[0]
        self.assertEqual((kept.description, kept.meta.focus.x, kept.meta.focus.y), ("a weir", 0.5, -0.25))
        self.assertEqual(fetched(kept.url).content, fetched(medium.url).content)
        self.assertEqual([one.id for one in again.api.bookmarks()], [theirs.id])
        # Nobody is told, nobody is followed, and nothing comes twice.
        self.assertEqual([one.id for one in listener.notifications()], told)
        self.assertEqual(brought[1].mentions, [])
        self.assertEqual(again.api.account_following(again.api.me()), [])
        self.assertEqual(self.bring(again, "archive", archive), ("3", "0", "3"))
        self.assertEqual(again.api.me().statuses_count, 2)

    def test_an_archive_of_another_server_is_read_and_what_tells_or_is_broken_stays_out(self):
        me = self.browser()

        def note(number, content, **more):
            public = {"to": ["https://www.w3.org/ns/activitystreams#Public"], "cc": []}
            at = f"2019-04-0{number}T10:20:30Z"
            note = {"id": f"https://far.example/{number}", "type": "Note", "published": at, "content": content}
            return {"type": "Create", "published": at, "object": {**note, **public, "attachment": [], **more}}

        there = {"type": "Document", "url": "/media_attachments/files/1/a.png", "name": "a gate", "focalPoint": [0, 0.5]}
        items = [
            note(1, "<p>One<br>&amp; two</p>", attachment=[there]),
            note(2, "<p>Three</p>", attachment=[{**there, "url": "/media_attachments/files/2/b.png"}]),
            note(3, "<p>Call 202-456-1111</p>"),
            note(4, "<p>" + "long " * 1000 + "</p>"),
            note(5, "<p>Five <script>alert(1)</script></p>", inReplyTo="https://far.example/1", summary="mud"),
            {"type": "Announce", "object": "https://far.example/9"},
            note(6, "<p>Six</p>", attachment="nonsense", tag=7, to={"a": 1}, published=[]),
        ]

        def packed(outbox):
            file = io.BytesIO()
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("actor.json", "{}")
                archive.writestr("outbox.json", outbox)
                archive.writestr("media_attachments/files/1/a.png", picture(70, 50, marked=True))
                archive.writestr("../../../escaped", MARK)
            return file.getvalue()

        whole = packed(json.dumps({"orderedItems": items}))
        self.assertEqual(self.bring(me, "archive", whole), ("2", "3", "5"))
        five, one = me.api.account_statuses(me.api.me())
        self.assertEqual((one.created_at.year, one.created_at.minute, one.created_at.second), (2019, 20, 30))
        self.assertEqual(me.api.status_source(one.id).text, "One\n& two")
        self.assertEqual(one.media_attachments[0].description, "a gate")
        self.assertEqual((five.in_reply_to_id, five.spoiler_text), (one.id, "mud"))
        self.assertNotIn("script", five.content)
        page = me.get(f"{server.url}/settings/import", timeout=60).text
        for why in ("is not in the archive", "characters"):
            self.assertIn(why, page)
        self.assertEqual(folder_holds(MARK.encode()), [])
        for wrong in (b"no archive", whole[: len(whole) // 2], packed("{"), packed('{"orderedItems": []}'), b"\x1f\x8b" * 50):
            refused = self.send(me, "archive", wrong)
            self.assertEqual(refused.status_code, 422)
        self.assertEqual(me.api.me().statuses_count, 2)


if __name__ == "__main__":
    unittest.main()
