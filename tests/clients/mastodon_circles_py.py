"""Mastodon.py keeps lists, hashtags, notes, filters and conversations, against a real process."""

import unittest

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


if __name__ == "__main__":
    unittest.main()
