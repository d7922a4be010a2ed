"""Mastodon.py keeps lists, hashtags, notes, filters and conversations, against a real process."""

import contextlib
import datetime
import sqlite3
import time
import unittest
from pathlib import Path

import mastodon_py
from mastodon_py import Client, ids, setUpModule, tearDownModule, voice  # noqa: F401


class Circles(Client):
    def setUp(self):
        self.api, self.other = voice(), voice()
        self.api.account_follow(self.other.me)

    def test_a_list_is_read_apart(self):
        kept = self.api.list_create("Lagoon", replies_policy="followed", exclusive=True)
        self.assertEqual((kept.title, kept.replies_policy, kept.exclusive), ("Lagoon", "followed", True))
        self.api.list_accounts_add(kept, [self.other.me])
        self.assertEqual(ids(self.api.list_accounts(kept)), [str(self.other.me.id)])
        self.assertEqual(ids(self.api.account_lists(self.other.me)), ids([kept]))
        post = self.other.status_post("High water at nine.")
        self.assertEqual(ids(self.api.timeline_list(kept)), ids([post]))
        self.assertNotIn(str(post.id), ids(self.api.timeline_home()))
        kept = self.api.list_update(kept, title="Canals", replies_policy="followed", exclusive=False)
        self.assertEqual((kept.title, kept.replies_policy), ("Canals", "followed"))
        self.assertIn(str(post.id), ids(self.api.timeline_home()))
        self.api.list_accounts_delete(kept, [self.other.me])
        self.assertEqual(self.api.timeline_list(kept), [])
        self.api.list_delete(kept)
        with self.refused(404):
            self.api.list(kept)

    def test_hashtags_are_followed_and_shown(self):
        stranger = voice()
        self.assertTrue(self.api.tag_follow("Rialto").following)
        self.assertEqual([tag.name for tag in self.api.followed_tags()], ["rialto"])
        post = stranger.status_post("Dawn at the #Rialto")
        self.assertIn(str(post.id), ids(self.api.timeline_home()))
        self.assertFalse(self.api.tag_unfollow("rialto").following)
        self.assertEqual([tag.name for tag in stranger.featured_tag_suggestions()], ["rialto"])
        shown = stranger.featured_tag_create("rialto")
        self.assertEqual(int(shown.statuses_count), 1)
        self.assertEqual(ids(self.api.account_featured_tags(stranger.me)), ids([shown]))
        stranger.featured_tag_delete(shown)
        self.assertEqual(stranger.featured_tags(), [])

    def test_what_is_kept_about_somebody(self):
        self.assertEqual(self.api.account_note_set(self.other.me, "met at the locks").note, "met at the locks")
        self.assertTrue(self.api.account_pin(self.other.me).endorsed)
        self.assertEqual(ids(self.api.endorsements()), [str(self.other.me.id)])
        self.assertFalse(self.api.account_unpin(self.other.me).endorsed)
        self.api.domain_block("far.example")
        self.assertEqual(list(self.api.domain_blocks()), ["far.example"])
        self.api.domain_unblock("far.example")
        self.assertEqual(list(self.api.domain_blocks()), [])

    def test_a_filter_marks_what_it_is_about(self):
        kept = self.api.create_filter_v2(
            "Masks", ["home", "public"], "warn", keywords_attributes=[{"keyword": "bauta", "whole_word": True}]
        )
        self.assertEqual([keyword.keyword for keyword in kept.keywords], ["bauta"])
        older = self.api.filter_create("weir", ["home"], whole_word=True)
        self.assertEqual((older.phrase, older.whole_word), ("weir", True))
        post = self.other.status_post("By the weir.")
        (met,) = self.api.status(post).filtered
        self.assertEqual((met.filter.title, list(met.keyword_matches)), ("weir", ["weir"]))
        self.api.filter_delete(older)
        self.assertEqual(self.api.status(post).filtered, [])
        self.api.delete_filter_v2(kept)
        self.assertEqual(self.api.filters(), [])

    def test_a_conversation_is_read(self):
        self.other.status_post(f"@{self.api.me.acct} at nine?", visibility="direct")
        (conversation,) = self.api.conversations()
        self.assertEqual((conversation.unread, ids(conversation.accounts)), (True, [str(self.other.me.id)]))
        self.api.conversations_read(conversation)
        self.assertFalse(self.api.conversations()[0].unread)

    def test_a_poll_is_asked_answered_and_over(self):
        poll = self.api.make_poll(["High", "Low", "Dry"], expires_in=3600, multiple=True, hide_totals=True)
        post = self.api.status_post("How is the water?", poll=poll)
        asked = self.other.status(post).poll
        self.assertEqual((asked.expired, asked.multiple, asked.voted, asked.votes_count), (False, True, False, 0))
        self.assertEqual([option.votes_count for option in asked.options], [None] * 3)
        voted = self.other.poll_vote(asked, [0, 2])
        self.assertEqual((voted.voted, voted.voters_count, list(voted.own_votes)), (True, 1, [0, 2]))
        for again in (lambda: self.other.poll_vote(asked, [1]), lambda: self.api.poll_vote(asked, [1])):
            with self.refused(422):
                again()
        with self.refused(422):
            self.api.status_post("?", poll=self.api.make_poll(["one"], expires_in=3600))
        end(asked)
        for api in (self.api, self.other):
            (told,) = self.eventually(lambda: api.notifications(types=["poll"]))
            self.assertEqual((told.account.id, told.status.id), (self.api.me.id, post.id))
        self.assertEqual(rows(f"SELECT count(*) FROM poll_voters WHERE post_id = {int(asked.id)}"), [(0,)])

    def test_a_post_appears_later(self):
        soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=30)
        medium = self.api.media_post(mastodon_py.picture(), "image/png", synchronous=True)
        made = self.api.status_post("Later.", media_ids=[medium], scheduled_at=soon)
        self.assertLess(abs(made.scheduled_at - soon), datetime.timedelta(minutes=2))
        shown = [str(one["id"]) for one in made.media_attachments]
        self.assertEqual((made.params.text, shown), ("Later.", ids([medium])))
        self.assertEqual(ids(self.api.scheduled_statuses()), ids([made]))
        moved = self.api.scheduled_status_update(made, soon + datetime.timedelta(hours=1))
        self.assertGreater(moved.scheduled_at, made.scheduled_at)
        unwanted = self.api.status_post("Never.", scheduled_at=soon)
        self.api.scheduled_status_delete(unwanted)
        rows(f"UPDATE scheduled_posts SET publish_slot = 60 WHERE id = {int(made.id)}")
        (post,) = self.eventually(lambda: self.api.account_statuses(self.api.me))
        self.assertEqual((mastodon_py.text(post), ids(post.media_attachments)), ("Later.", ids([medium])))
        self.assertEqual(self.api.scheduled_statuses(), [])


def rows(statement):
    """Runs a statement on the server's database, beside the server."""
    with contextlib.closing(sqlite3.connect(Path(mastodon_py.server.data) / "bauta.sqlite", timeout=60)) as database:
        with database:
            return database.execute(statement).fetchall()


def end(poll):
    """The shortest poll is open for five minutes: nobody waits for that."""
    rows(f"UPDATE polls SET expires_slot = 60 WHERE post_id = {int(poll.id)}")


class Quiet(Client):
    def test_strangers_wait_aside_until_they_are_let_in(self):
        api, other = voice(), voice()
        policy = api.update_notifications_policy(for_not_following="filter")
        self.assertEqual((policy.for_not_following, policy.for_not_followers), ("filter", "accept"))
        post = other.status_post(f"@{api.me.acct} at nine?")
        self.assertEqual(api.notifications(), [])
        (request,) = api.notification_requests()
        self.assertEqual((request.account.id, request.last_status.id), (other.me.id, post.id))
        self.assertEqual(int(request.notifications_count), 1)
        self.assertEqual(api.notifications_policy().summary.pending_requests_count, 1)
        self.assertEqual(api.notification_request(request.id).account.id, other.me.id)
        api.accept_notification_request(request.id)
        self.assertTrue(api.notifications_merged())
        self.assertEqual([told.status.id for told in api.notifications()], [post.id])
        self.assertEqual(api.notification_requests(), [])


class Discovery(Client):
    def test_people_are_suggested_and_what_they_say_is_talked_about(self):
        api, near, far = voice(), voice(), voice()
        for one in (near, far):
            one.account_update_credentials(discoverable=True, hide_collections=False)
        api.account_follow(near.me)
        near.account_follow(far.me)
        self.assertIn(str(far.me.id), ids(api.suggestions()))
        self.assertIn(str(far.me.id), ids(api.directory(local=True, limit=80)))
        post = near.status_post("High water #Acquaalta")
        far.status_post("Boots #acquaalta")
        far.status_reblog(post)
        time.sleep(6)
        self.assertIn("acquaalta", [tag.name for tag in api.trending_tags()])
        self.assertIn(str(post.id), ids(api.trending_statuses()))
        self.assertEqual(api.announcements(), [])


if __name__ == "__main__":
    unittest.main()
