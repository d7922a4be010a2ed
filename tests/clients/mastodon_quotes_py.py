"""Mastodon.py quotes, says who may, takes consent back and is told, against a real process, on both databases."""

import datetime
import unittest

import mastodon_py
from _postgres import Postgres
from bauta import Bauta
from mastodon_py import Client, client, ids, setUpModule, tearDownModule, text, voice  # noqa: F401


class Quotes(Client):
    def setUp(self):
        self.api, self.other = voice(), voice()

    def test_a_quote_is_shown_listed_counted_and_told(self):
        first = self.api.status_post("The tide is high", language="en")
        self.assertEqual(first.quote_approval.automatic, ["public"])
        self.assertEqual(self.other.status(first).quote_approval.current_user, "automatic")
        quoting = self.other.status_post("So it is", quoted_status_id=first)
        self.assertEqual(quoting.quote.state, "accepted")
        self.assertEqual(text(quoting.quote.quoted_status), "The tide is high")
        self.assertIsNone(quoting.quote.quoted_status.quote)
        outer = self.api.status_post("Still is", quoted_status_id=quoting)
        within = outer.quote.quoted_status.quote
        self.assertEqual((within.state, str(within.quoted_status_id)), ("accepted", str(first.id)))
        self.assertEqual(ids(client().status_quotes(first)), ids([quoting]))
        self.assertEqual(self.api.status(first).quotes_count, 1)
        told = self.api.notifications(types=["quote"])
        self.assertEqual([(one.type, str(one.status.id)) for one in told], [("quote", str(quoting.id))])
        self.api.status_update(first, "The tide is low")
        told = self.other.notifications(types=["quoted_update"])
        self.assertEqual([str(one.status.id) for one in told], [str(quoting.id)])
        self.assertEqual(text(told[0].status.quote.quoted_status), "The tide is low")
        history = client().status_history(quoting)
        self.assertEqual([str(version.quote.quoted_status.id) for version in history], [str(first.id)])
        boost = self.api.status_reblog(quoting)
        self.assertIsNone(boost.quote)
        self.assertEqual(str(boost.reblog.quote.quoted_status.id), str(first.id))

    def test_the_author_says_who_may(self):
        for policy, automatic in [("followers", ["followers"]), ("nobody", [])]:
            with self.subTest(policy):
                post = self.api.status_post("Mine", quote_approval_policy=policy)
                self.assertEqual(post.quote_approval.automatic, automatic)
                self.assertEqual(self.other.status(post).quote_approval.current_user, "denied")
                with self.refused(403):
                    self.other.status_post("Look", quoted_status_id=post)
        followed = self.api.status_post("For followers", quote_approval_policy="followers")
        self.other.account_follow(self.api.me)
        self.assertEqual(self.other.status(followed).quote_approval.current_user, "automatic")
        self.assertEqual(self.other.status_post("Look", quoted_status_id=followed).quote.state, "accepted")
        changed = self.api.status_update_quote_approval_policy(followed, "nobody")
        self.assertEqual(changed.quote_approval.automatic, [])
        self.assertEqual(ids(self.api.status_quotes(followed)), ids(self.other.account_statuses(self.other.me)))
        private = self.api.status_post("Not for all", visibility="private", quote_approval_policy="public")
        self.assertEqual(private.quote_approval.automatic, [])
        self.assertEqual(self.api.status_post("Again", quoted_status_id=private).visibility, "private")

    def test_consent_is_taken_back_and_what_is_gone_is_said(self):
        first = self.api.status_post("The tide is high")
        quoting = self.other.status_post("So it is", quoted_status_id=first)
        with self.refused(404):
            self.other.status_quote_revoke(first, quoting)
        left = self.api.status_quote_revoke(first, quoting)
        self.assertEqual((left.quote.state, left.quote.quoted_status), ("revoked", None))
        self.assertEqual(client().status_quotes(first), [])
        self.assertEqual(self.api.status(first).quotes_count, 0)
        self.assertEqual(self.api.notifications(types=["quote"]), [])
        again = self.other.status_post("Once more", quoted_status_id=first)
        self.api.status_delete(first)
        self.assertEqual(client().status(again).quote.state, "deleted")

    def test_blocks_and_mutes_are_minded(self):
        first = self.api.status_post("The tide is high")
        quoting = self.other.status_post("So it is", quoted_status_id=first)
        reader = voice()
        reader.account_mute(self.api.me)
        seen = reader.status(quoting).quote
        self.assertEqual((seen.state, str(seen.quoted_status.id)), ("muted_account", str(first.id)))
        reader.account_block(self.api.me)
        seen = reader.status(quoting).quote
        self.assertEqual((seen.state, seen.quoted_status), ("blocked_account", None))
        self.api.account_block(self.other.me)
        self.assertEqual(self.other.status(quoting).quote.state, "unauthorized")

    def test_a_quote_waits_for_its_time(self):
        first = self.api.status_post("The tide is high")
        at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=20)
        made = self.other.status_post("Later", quoted_status_id=first, quote_approval_policy="nobody", scheduled_at=at)
        self.assertEqual(str(made.params.quoted_status_id), str(first.id))
        self.assertEqual(made.params.quote_approval_policy, "nobody")

    def test_what_a_new_post_begins_with_is_a_preference(self):
        self.assertEqual(self.api.preferences()["posting:default:quote_policy"], "public")


class QuotesOnPostgresql(Quotes):
    """The same, on the other database."""

    @classmethod
    def setUpClass(cls):
        url = cls.enterClassContext(Postgres())
        other, mastodon_py.server = mastodon_py.server, cls.enterClassContext(
            Bauta("--database", url, registrations="open", environment={"BAUTA_SLOT": "1s"})
        )
        cls.addClassCleanup(setattr, mastodon_py, "server", other)


if __name__ == "__main__":
    unittest.main()
