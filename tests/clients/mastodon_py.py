"""Mastodon.py runs an app's main loop against a real process: let in, speak, be followed, read, be told, search."""

import contextlib
import html
import io
import itertools
import re
import struct
import time
import unittest
import zlib

import requests
from mastodon import CallbackStreamListener, Mastodon, MastodonAPIError, MastodonIllegalArgumentError

from bauta import Bauta

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
SCOPES = ["read", "write", "follow", "push"]
PASSPHRASE = "lantern mooring velvet gondola sparrow thimble quarry"

server = None
names = (f"voice_{number}" for number in itertools.count(1))


def setUpModule():
    global server
    server = Bauta(registrations="open", environment={"BAUTA_SLOT": "1s"})
    server.__enter__()


def tearDownModule():
    server.__exit__(None, None, None)


def client(**given):
    return Mastodon(api_base_url=server.url, ratelimit_method="throw", **given)


def voice():
    """A new account, and its app. The operator makes it, so that it has no newcomer's limits."""
    handle = next(names)
    server.run("account", "create", handle)
    api = client(access_token=server.token(handle))
    api.me = api.account_verify_credentials()
    return api


def app():
    client_id, secret = Mastodon.create_app(
        "Gondola", scopes=SCOPES, redirect_uris=OUT_OF_BAND, api_base_url=server.url
    )
    return client(client_id=client_id, client_secret=secret)


def picture(width=32, height=32):
    """A PNG of one colour."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\0" + bytes((27, 94, 104)) * width
    head = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * height)) + chunk(b"IEND", b"")
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + parts)


def ids(things):
    return [str(thing.id) for thing in things]


def text(status):
    return html.unescape(re.sub("<[^>]+>", "", status.content))


class Client(unittest.TestCase):
    @contextlib.contextmanager
    def refused(self, status):
        with self.assertRaises(MastodonAPIError) as caught:
            yield caught
        self.assertEqual(caught.exception.args[1], status)

    def eventually(self, look):
        """What `look` finds, which may take a moment: for indexes that follow the posts."""
        for _ in range(100):
            if found := look():
                return found
            time.sleep(0.1)
        self.fail("it was not found")


class LettingIn(Client):
    def test_an_app_signs_somebody_up(self):
        api = app()
        api.create_account("newcomer", PASSPHRASE, "nobody@example.org", agreement=True)
        me = api.account_verify_credentials()
        self.assertEqual((me.username, me.acct), ("newcomer", "newcomer"))
        self.assertEqual((me.created_at.day, me.created_at.hour, me.created_at.minute), (1, 0, 0))
        self.assertEqual(text(api.status_post("Good evening.")), "Good evening.")

    def test_a_name_is_given_once_without_regard_to_case(self):
        app().create_account("Columbina", PASSPHRASE, "nobody@example.org", agreement=True)
        token, error = app().create_account(
            "COLUMBINA", PASSPHRASE, "nobody@example.org", agreement=True, return_detailed_error=True
        )
        self.assertIsNone(token)
        self.assertTrue(error.error)

    def test_a_weak_passphrase_is_not_taken(self):
        with self.assertRaises(MastodonIllegalArgumentError):
            app().create_account("careless", "password", "nobody@example.org", agreement=True)

    def test_a_person_lets_an_app_in_and_copies_the_code(self):
        signed_up = app()
        signed_up.create_account("doge", PASSPHRASE, "nobody@example.org", agreement=True)
        api, browser = app(), requests.Session()
        page = browser.get(api.auth_request_url(scopes=SCOPES, allow_http=True))
        if 'type="password"' in page.text:
            page = submit(browser, page, handle="doge", passphrase=PASSPHRASE)
        self.assertIn("Gondola", page.text)
        page = submit(browser, page)
        code = re.search(r"<code[^>]*>([^<]+)</code>", page.text)[1]
        api.log_in(code=code, redirect_uri=OUT_OF_BAND, scopes=SCOPES, allow_http=True)
        self.assertEqual(api.account_verify_credentials().username, "doge")
        with self.assertRaises(MastodonIllegalArgumentError):
            app().log_in(code=code, redirect_uri=OUT_OF_BAND, scopes=SCOPES, allow_http=True)

    def test_a_revoked_token_is_worth_nothing(self):
        api = app()
        token = api.create_account("leaving", PASSPHRASE, "nobody@example.org", agreement=True)
        api.revoke_access_token(allow_http=True)
        with self.refused(401):
            client(access_token=token).account_verify_credentials()

    def test_an_app_learns_its_own_name(self):
        api = app()
        grant = {"grant_type": "client_credentials", "client_id": api.client_id, "client_secret": api.client_secret}
        token = requests.post(f"{server.url}/oauth/token", data=grant).json()["access_token"]
        self.assertEqual(client(access_token=token).app_verify_credentials().name, "Gondola")

    def test_the_server_tells_where_its_doors_are(self):
        doors = client().oauth_authorization_server_info()
        self.assertEqual(doors.issuer.rstrip("/"), server.url)
        self.assertIn("S256", doors.code_challenge_methods_supported)


def submit(browser, page, **filled):
    """Sends the page's main form, as a browser without script does."""
    main = page.text.partition('<main id="main">')[2]
    form = re.search(r"<form([^>]*)>(.*?)</form>", main, re.S)
    fields = {}
    for tag in re.findall(r"<(?:input|button)[^>]*>", form[2]):
        attributes = {name: html.unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if "name" in attributes and attributes["name"] not in fields:
            fields[attributes["name"]] = attributes.get("value", "")
    action = re.search(r'action="([^"]*)"', form[1])
    target = requests.compat.urljoin(page.url, html.unescape(action[1]) if action else page.url)
    sent = browser.post(target, data={**fields, **filled})
    sent.raise_for_status()
    return sent


class Profiles(Client):
    def test_a_profile_is_what_its_owner_says(self):
        api = voice()
        me = api.account_update_credentials(
            display_name="Isabella 🎭", note="Letters from the lagoon", fields=[("Paper", "https://example.org/")]
        )
        self.assertEqual(me.display_name, "Isabella 🎭")
        self.assertIn("Letters from the lagoon", me.note)
        self.assertEqual(me.source.note, "Letters from the lagoon")
        self.assertEqual(me.fields[0].name, "Paper")
        self.assertIn("https://example.org/", me.fields[0].value)
        self.assertEqual(client().account(me.id).display_name, "Isabella 🎭")

    def test_flags_are_kept(self):
        api = voice()
        me = api.account_update_credentials(locked=True, bot=True, discoverable=False)
        self.assertEqual((me.locked, me.bot, me.discoverable), (True, True, False))

    def test_an_avatar_is_drawn_anew(self):
        api = voice()
        sent = picture()
        me = api.account_update_credentials(avatar=sent, avatar_mime_type="image/png")
        shown = requests.get(me.avatar)
        self.assertEqual(shown.status_code, 200)
        self.assertTrue(shown.headers["content-type"].startswith("image/"))
        self.assertNotEqual(shown.content, sent.getvalue())

    def test_a_file_that_is_no_picture_changes_nothing(self):
        api = voice()
        with self.refused(422):
            api.account_update_credentials(avatar=io.BytesIO(b"not a picture"), avatar_mime_type="image/png")
        self.assertEqual(api.account_verify_credentials().avatar, api.me.avatar)

    def test_preferences_are_told(self):
        self.assertEqual(voice().preferences()["posting:default:visibility"], "public")

    def test_accounts_are_looked_up_by_name(self):
        api = voice()
        self.assertEqual(client().account_lookup(api.me.acct.upper()).id, api.me.id)


class Posts(Client):
    @classmethod
    def setUpClass(cls):
        cls.api, cls.reader = voice(), voice()

    def test_each_visibility_reaches_whom_it_names(self):
        stranger = client()
        for visibility, public in [("public", True), ("unlisted", True), ("private", False), ("direct", False)]:
            with self.subTest(visibility):
                status = self.api.status_post(f"A {visibility} word", visibility=visibility)
                self.assertEqual(status.visibility, visibility)
                if public:
                    self.assertEqual(stranger.status(status.id).id, status.id)
                else:
                    with self.refused(404):
                        stranger.status(status.id)
                    with self.refused(404):
                        self.reader.status(status.id)

    def test_a_post_tells_no_fine_time_and_no_app(self):
        status = self.api.status_post("When?", spoiler_text="Time", language="en")
        self.assertEqual(status.created_at.microsecond, 0)
        self.assertIsNone(client().status(status.id).get("application"))
        self.assertEqual((status.spoiler_text, status.language), ("Time", "en"))

    def test_the_same_key_posts_once(self):
        first = self.api.status_post("Only once", idempotency_key="mask")
        self.assertEqual(self.api.status_post("Only once", idempotency_key="mask").id, first.id)

    def test_a_thread_has_both_directions(self):
        root = self.api.status_post("First")
        reply = self.reader.status_reply(root, "Second")
        last = self.api.status_reply(reply, "Third")
        self.assertEqual(reply.in_reply_to_id, root.id)
        self.assertEqual([mentioned.id for mentioned in reply.mentions], [self.api.me.id])
        context = client().status_context(reply.id)
        self.assertEqual((ids(context.ancestors), ids(context.descendants)), (ids([root]), ids([last])))
        self.assertEqual(client().status(root.id).replies_count, 1)

    def test_an_edit_leaves_its_history(self):
        status = self.api.status_post("The tide is low", spoiler_text="Water")
        edited = self.api.status_update(status.id, "The tide is high", spoiler_text="Water")
        self.assertEqual((edited.id, text(edited)), (status.id, "The tide is high"))
        self.assertIsNotNone(edited.edited_at)
        history = client().status_history(status.id)
        self.assertEqual([text(version) for version in history], ["The tide is low", "The tide is high"])
        source = self.api.status_source(status.id)
        self.assertEqual((source.text, source.spoiler_text), ("The tide is high", "Water"))

    def test_a_deleted_post_is_gone_and_comes_back_as_text(self):
        status = self.api.status_post("To be unsaid")
        self.assertEqual(self.api.status_delete(status.id).text, "To be unsaid")
        with self.refused(404):
            self.api.status(status.id)

    def test_nobody_changes_the_words_of_another(self):
        status = self.api.status_post("Mine")
        with self.refused(404):
            self.reader.status_update(status.id, "Theirs")
        with self.refused(404):
            self.reader.status_delete(status.id)

    def test_what_could_identify_somebody_is_asked_about_once(self):
        leaking = "Write to me at isabella.andreini@example.org"
        with self.refused(422) as refusal:
            self.api.status_post(leaking)
        self.assertTrue(refusal.exception.args[3])
        self.assertIn("isabella", text(self.api.status_post(leaking)))


class WhatReadersDo(Client):
    @classmethod
    def setUpClass(cls):
        cls.api, cls.reader = voice(), voice()

    def test_each_act_is_done_and_undone(self):
        status = self.api.status_post("Something to keep")
        for act, flag, listed in [
            ("favourite", "favourited", "favourites"),
            ("bookmark", "bookmarked", "bookmarks"),
            ("mute", "muted", None),
        ]:
            with self.subTest(act):
                self.assertTrue(getattr(self.reader, f"status_{act}")(status.id)[flag])
                if listed:
                    self.assertEqual(ids(getattr(self.reader, listed)()), ids([status]))
                self.assertFalse(getattr(self.reader, f"status_un{act}")(status.id)[flag])
                if listed:
                    self.assertEqual(getattr(self.reader, listed)(), [])

    def test_a_boost_is_counted_and_taken_back(self):
        status = self.api.status_post("Pass it on")
        boost = self.reader.status_reblog(status.id)
        self.assertEqual((boost.reblog.id, boost.reblog.reblogged), (status.id, True))
        self.assertEqual(client().status(status.id).reblogs_count, 1)
        self.assertEqual(ids(client().status_reblogged_by(status.id)), ids([self.reader.me]))
        self.assertFalse(self.reader.status_unreblog(status.id).reblogged)
        self.assertEqual(client().status(status.id).reblogs_count, 0)

    def test_an_author_pins(self):
        status = self.api.status_post("Read this first")
        self.assertTrue(self.api.status_pin(status.id).pinned)
        self.assertEqual(ids(client().account_statuses(self.api.me.id, pinned=True)), ids([status]))
        self.assertFalse(self.api.status_unpin(status.id).pinned)
        with self.refused(422):
            self.reader.status_pin(status.id)


class Streams(Client):
    def test_a_stream_tells_what_happens_as_it_happens(self):
        api, other = voice(), voice()
        api.account_follow(other.me.id)
        heard = []
        listener = CallbackStreamListener(
            update_handler=lambda status: heard.append(("update", str(status.id))),
            status_update_handler=lambda status: heard.append(("edit", text(status))),
            delete_handler=lambda deleted: heard.append(("delete", str(deleted))),
            notification_handler=lambda told: heard.append((told.type, str(told.account.id))),
        )
        self.assertTrue(api.stream_healthy())
        streams = [api.stream_user(listener, run_async=True), api.stream_hashtag("quays", listener, run_async=True)]
        try:
            self.eventually(lambda: all(stream.is_receiving() for stream in streams))
            posted = other.status_post(f"@{api.me.username} look at the #quays")
            self.eventually(lambda: ("mention", str(other.me.id)) in heard)
            self.eventually(lambda: heard.count(("update", str(posted.id))) == 2)
            other.status_update(posted.id, "look at the empty #quays")
            self.eventually(lambda: heard.count(("edit", "look at the empty #quays")) == 2)
            other.status_delete(posted.id)
            self.eventually(lambda: heard.count(("delete", str(posted.id))) == 2)
        finally:
            for stream in streams:
                stream.close()


class People(Client):
    def setUp(self):
        self.api, self.other = voice(), voice()

    def between(self):
        [relationship] = self.api.account_relationships(self.other.me.id)
        return relationship

    def test_following_and_leaving(self):
        self.assertTrue(self.api.account_follow(self.other.me.id).following)
        self.assertTrue(self.other.account_relationships(self.api.me.id)[0].followed_by)
        self.assertEqual(client().account(self.other.me.id).followers_count, 1)
        self.assertFalse(self.api.account_unfollow(self.other.me.id).following)
        self.assertFalse(self.between().following)

    def test_a_locked_account_is_asked(self):
        self.other.account_update_credentials(locked=True)
        asked = self.api.account_follow(self.other.me.id)
        self.assertEqual((asked.following, asked.requested), (False, True))
        self.assertEqual(ids(self.other.follow_requests()), ids([self.api.me]))
        self.assertTrue(self.other.follow_request_authorize(self.api.me.id).followed_by)
        self.assertTrue(self.between().following)

    def test_a_request_is_turned_down(self):
        self.other.account_update_credentials(locked=True)
        self.api.account_follow(self.other.me.id)
        self.other.follow_request_reject(self.api.me.id)
        self.assertEqual((self.between().following, self.between().requested), (False, False))

    def test_a_block_ends_what_was_between_both(self):
        self.other.account_follow(self.api.me.id)
        self.assertTrue(self.api.account_block(self.other.me.id).blocking)
        self.assertEqual(self.api.account_relationships(self.other.me.id)[0].followed_by, False)
        self.assertEqual(ids(self.api.blocks()), ids([self.other.me]))
        self.assertFalse(self.api.account_unblock(self.other.me.id).blocking)

    def test_a_mute_ends_by_itself_or_by_hand(self):
        muted = self.api.account_mute(self.other.me.id, notifications=True, duration=3600)
        self.assertEqual((muted.muting, muted.muting_notifications), (True, True))
        self.assertEqual(ids(self.api.mutes()), ids([self.other.me]))
        self.assertFalse(self.api.account_unmute(self.other.me.id).muting)

    def test_a_follower_is_sent_away(self):
        self.other.account_follow(self.api.me.id)
        self.api.account_remove_from_followers(self.other.me.id)
        self.assertFalse(self.between().followed_by)

    def test_who_follows_whom_is_a_number_to_others(self):
        self.api.account_follow(self.other.me.id)
        self.assertEqual(client().account_followers(self.other.me.id), [])
        self.assertEqual(ids(self.other.account_followers(self.other.me.id)), ids([self.api.me]))

    def test_a_report_reaches_the_moderators(self):
        status = self.other.status_post("Something vile")
        report = self.api.report(self.other.me.id, status_ids=[status.id], comment="It is vile", category="other")
        self.assertEqual((report.comment, report.action_taken), ("It is vile", False))


class Timelines(Client):
    @classmethod
    def setUpClass(cls):
        cls.author, cls.reader = voice(), voice()
        cls.reader.account_follow(cls.author.me.id)
        cls.posts = [cls.author.status_post(f"Bell {number} #marangona") for number in range(1, 6)]
        cls.newest_first = ids(reversed(cls.posts))

    def pages(self, read):
        """All four ways to page, on a timeline of the five posts alone."""
        first, second, third, fourth, fifth = ids(self.posts)
        self.assertEqual(ids(read()), self.newest_first)
        self.assertEqual(ids(read(limit=2)), [fifth, fourth])
        self.assertEqual(ids(read(max_id=third)), [second, first])
        self.assertEqual(ids(read(since_id=third)), [fifth, fourth])
        self.assertEqual(ids(read(since_id=first, limit=2)), [fifth, fourth])
        self.assertEqual(ids(read(min_id=first, limit=2)), [third, second])

    def test_home_pages(self):
        self.pages(lambda **page: self.reader.timeline_home(**page))

    def test_a_profile_pages(self):
        self.pages(lambda **page: client().account_statuses(self.author.me.id, **page))

    def test_a_hashtag_pages(self):
        self.pages(lambda **page: client().timeline_hashtag("Marangona", **page))

    def test_links_lead_to_the_next_page_and_back(self):
        page = self.reader.timeline_home(limit=2)
        following = self.reader.fetch_next(page)
        self.assertEqual(ids(page) + ids(following), self.newest_first[:4])
        self.assertEqual(ids(self.reader.fetch_previous(following)), ids(page))

    def test_the_public_timeline_has_public_posts_alone(self):
        hidden = self.author.status_post("Not for the square", visibility="unlisted")
        try:
            shown = ids(client().timeline_public(limit=40, local=True))
        finally:
            self.author.status_delete(hidden.id)
        self.assertIn(self.newest_first[0], shown)
        self.assertNotIn(str(hidden.id), shown)

    def test_a_profile_leaves_out_what_is_not_asked_for(self):
        author = voice()
        post = author.status_post("A post")
        reply = author.status_reply(self.posts[0], "A reply", untag=True)
        boost = author.status_reblog(self.posts[1].id)
        read = lambda **without: ids(client().account_statuses(author.me.id, **without))
        self.assertEqual(set(read()), set(ids([post, reply, boost])))
        self.assertEqual(set(read(exclude_replies=True)), set(ids([post, boost])))
        self.assertEqual(set(read(exclude_reblogs=True)), set(ids([post, reply])))


class Notifications(Client):
    def test_people_are_told_what_others_did(self):
        api, other = voice(), voice()
        status = api.status_post("Tell me")
        other.account_follow(api.me.id)
        other.status_favourite(status.id)
        other.status_reblog(status.id)
        other.status_reply(status, "I do")
        told = api.notifications()
        self.assertEqual({one.type for one in told}, {"follow", "favourite", "reblog", "mention"})
        self.assertEqual({one.account.id for one in told}, {other.me.id})
        self.assertEqual(api.notifications_unread_count().count, 4)
        self.assertEqual([one.type for one in api.notifications(types=["follow"])], ["follow"])
        self.assertNotIn("reblog", [one.type for one in api.notifications(exclude_types=["reblog"])])
        [mention] = api.notifications(mentions_only=True)
        self.assertEqual(text(api.notifications(mention.id).status), text(mention.status))
        api.notifications_dismiss(mention.id)
        self.assertEqual(len(api.notifications()), 3)
        api.notifications_clear()
        self.assertEqual(api.notifications(), [])

    def test_what_says_the_same_of_the_same_is_one_group(self):
        author, fans = voice(), [voice(), voice()]
        post = author.status_post("High water at nine.")
        for fan in fans:
            fan.status_favourite(post)
        found = author.grouped_notifications()
        (group,) = found.notification_groups
        self.assertEqual((group.type, group.notifications_count), ("favourite", 2))
        self.assertEqual({str(one) for one in group.sample_account_ids}, set(ids(fan.me for fan in fans)))
        author.dismiss_grouped_notification(group.group_key)
        self.assertEqual(author.grouped_notifications().notification_groups, [])

    def test_markers_keep_where_a_reader_was(self):
        api = voice()
        status = api.status_post("Up to here")
        api.markers_set("home", status.id)
        self.assertEqual(str(api.markers_get("home").home.last_read_id), str(status.id))


class Search(Client):
    def test_an_account_is_found_at_once(self):
        api = voice()
        app().create_account("brighella", PASSPHRASE, "nobody@example.org", agreement=True)
        self.assertEqual([found.acct for found in api.account_search("brighella")], ["brighella"])
        self.assertEqual([found.acct for found in api.search("brigh", result_type="accounts").accounts], ["brighella"])

    def test_hashtags_and_words_are_found(self):
        api = voice()
        api.account_update_credentials(discoverable=True)
        requests.patch(
            f"{server.url}/api/v1/accounts/update_credentials",
            json={"indexable": True},
            headers={"Authorization": f"Bearer {api.access_token}"},
        ).raise_for_status()
        status = api.status_post("The vaporetto was late #acquaalta")
        tags = self.eventually(lambda: api.search("acquaalta", result_type="hashtags").hashtags)
        self.assertEqual([tag.name for tag in tags], ["acquaalta"])
        self.assertEqual(ids(self.eventually(lambda: api.search("vaporetto", result_type="statuses").statuses)), ids([status]))


class Refusals(Client):
    def answer(self, method, path, status, token=None, **sent):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = requests.request(method, server.url + path, headers=headers, **sent)
        self.assertEqual(answer.status_code, status, answer.text)
        self.assertIsInstance(answer.json()["error"], str)

    def test_every_refusal_has_mastodons_shape(self):
        api = voice()
        server_token = server.token(api.me.acct, "read:accounts")
        self.answer("GET", "/api/v1/timelines/home", 401)
        self.answer("GET", "/api/v1/timelines/home", 401, token="nonsense")
        self.answer("POST", "/api/v1/statuses", 403, token=server_token, json={"status": "May I?"})
        self.answer("GET", "/api/v1/timelines/home", 403, token=server_token)
        self.answer("GET", "/api/v1/statuses/1", 404)
        self.answer("GET", "/api/v1/accounts/0", 404)
        self.answer("GET", "/api/v1/no/such/thing", 404)
        self.answer("POST", "/api/v1/statuses", 422, token=api.access_token, json={"status": ""})
        self.answer("POST", "/api/v1/statuses", 422, token=api.access_token, json={"status": "x" * 1001})
        self.answer("POST", "/api/v1/statuses", 422, token=api.access_token, json={"status": "x", "visibility": "all"})
        self.assertEqual(api.account_statuses(api.me.id), [])

    def test_bodies_come_in_three_forms_and_unknown_fields_are_no_matter(self):
        api = voice()
        post = f"{server.url}/api/v1/statuses"
        headers = {"Authorization": f"Bearer {api.access_token}"}
        for sent in [
            {"json": {"status": "As JSON", "new_in_2040": 1}},
            {"data": {"status": "As a form", "new_in_2040": "1"}},
            {"files": {"status": (None, "As parts"), "new_in_2040": (None, "1")}},
        ]:
            answer = requests.post(post, headers=headers, **sent)
            self.assertEqual(answer.status_code, 200, answer.text)


class TheServer(Client):
    def test_it_describes_itself_in_both_versions(self):
        first, second = client().instance_v1(), client().instance_v2()
        self.assertEqual((first.uri, second.domain), (server.domain, server.domain))
        for described in (first, second):
            self.assertRegex(described.version, r"^\d+\.\d+\.\d+ \(compatible; Bauta ")
            self.assertEqual(described.configuration.statuses.max_characters, 1000)
            self.assertIn("image/png", described.configuration.media_attachments.supported_mime_types)
        self.assertTrue(first.registrations and second.registrations.enabled)


if __name__ == "__main__":
    unittest.main()
