//! Tests of relations against a model: whatever people do to each other, rows, counts and flags say the same.

use std::collections::{BTreeMap, BTreeSet};

use bauta_model::AccountId;
use proptest::prelude::*;

use crate::blocks::Mute;
use crate::follows::How;
use crate::relations::Between;
use crate::testing::{on_both, on_sqlite, people};
use crate::window::Window;
use crate::{Conn, account_deletion, accounts, blocks, follows, relations};

const HOW: How = How {
    show_boosts: true,
    notify: false,
};
const PEOPLE: i64 = 4;

#[derive(Clone, Copy, Debug)]
enum Step {
    Follow,
    Unfollow,
    Request,
    Withdraw,
    Accept,
    Block,
    Unblock,
    Mute,
    Unmute,
    Delete,
}

fn step() -> impl Strategy<Value = (Step, i64, i64)> {
    let step = prop_oneof![
        6 => Just(Step::Follow), 2 => Just(Step::Unfollow), 3 => Just(Step::Request), 1 => Just(Step::Withdraw),
        3 => Just(Step::Accept), 2 => Just(Step::Block), 1 => Just(Step::Unblock), 1 => Just(Step::Mute),
        1 => Just(Step::Unmute), 1 => Just(Step::Delete),
    ];
    (step, 1..=PEOPLE, 1..=PEOPLE).prop_filter("nobody relates to themselves", |(_, one, other)| one != other)
}

#[derive(Default)]
struct Model {
    gone: BTreeSet<i64>,
    follows: BTreeSet<(i64, i64)>,
    requests: BTreeSet<(i64, i64)>,
    blocks: BTreeSet<(i64, i64)>,
    mutes: BTreeSet<(i64, i64)>,
}

impl Model {
    fn sets(&mut self) -> [&mut BTreeSet<(i64, i64)>; 4] {
        [
            &mut self.follows,
            &mut self.requests,
            &mut self.blocks,
            &mut self.mutes,
        ]
    }

    fn take(&mut self, step: Step, pair: (i64, i64)) {
        let back = (pair.1, pair.0);
        match step {
            Step::Follow => {
                self.requests.remove(&pair);
                self.follows.insert(pair);
            }
            Step::Unfollow => drop(self.follows.remove(&pair)),
            Step::Request => drop(self.requests.insert(pair)),
            Step::Withdraw => drop(self.requests.remove(&pair)),
            Step::Accept => {
                if self.requests.remove(&pair) {
                    self.follows.insert(pair);
                }
            }
            Step::Block => {
                for one in [pair, back] {
                    self.follows.remove(&one);
                    self.requests.remove(&one);
                }
                self.blocks.insert(pair);
            }
            Step::Unblock => drop(self.blocks.remove(&pair)),
            Step::Mute => drop(self.mutes.insert(pair)),
            Step::Unmute => drop(self.mutes.remove(&pair)),
            Step::Delete => {
                self.gone.insert(pair.0);
                for set in self.sets() {
                    set.retain(|(one, other)| *one != pair.0 && *other != pair.0);
                }
            }
        }
    }

    fn between(&self, one: i64, other: i64) -> Between {
        let (forth, back) = ((one, other), (other, one));
        let follows = self.follows.contains(&forth);
        Between {
            follows,
            show_boosts: follows,
            followed_by: self.follows.contains(&back),
            requested: self.requests.contains(&forth),
            requested_by: self.requests.contains(&back),
            blocks: self.blocks.contains(&forth),
            blocked_by: self.blocks.contains(&back),
            mutes: self.mutes.contains(&forth),
            mutes_notifications: self.mutes.contains(&forth),
            ..Between::default()
        }
    }
}

fn take(conn: &mut Conn, step: Step, (one, other): (i64, i64)) {
    let (one, other) = (AccountId::new(one), AccountId::new(other));
    match step {
        Step::Follow => drop(follows::follow(conn, one, other, HOW).unwrap()),
        Step::Unfollow => drop(follows::unfollow(conn, one, other).unwrap()),
        Step::Request => drop(follows::request(conn, one, other, HOW).unwrap()),
        Step::Withdraw => drop(follows::withdraw(conn, one, other).unwrap()),
        Step::Accept => drop(follows::accept(conn, one, other).unwrap()),
        Step::Block => drop(blocks::block(conn, one, other).unwrap()),
        Step::Unblock => drop(blocks::unblock(conn, one, other).unwrap()),
        Step::Mute => {
            let how = Mute {
                hide_notifications: true,
                until: None,
            };
            blocks::mute(conn, one, other, how).unwrap();
        }
        Step::Unmute => drop(blocks::unmute(conn, one, other).unwrap()),
        Step::Delete => {
            account_deletion::delete(conn, one, &[0; 32]).unwrap();
        }
    }
}

fn compare(conn: &mut Conn, model: &Model) {
    for one in (1..=PEOPLE).filter(|one| !model.gone.contains(one)) {
        let account = accounts::by_id(conn, AccountId::new(one)).unwrap().unwrap();
        let followers = model.follows.iter().filter(|(_, of)| *of == one).count() as i64;
        let following = model.follows.iter().filter(|(by, _)| *by == one).count() as i64;
        assert_eq!(
            (account.followers_count, account.following_count),
            (followers, following),
            "counts of {one}"
        );
        let listed = follows::followers(conn, account.id, &Window::first(99)).unwrap();
        assert_eq!(listed.len() as i64, followers);
        let others: Vec<AccountId> = (1..=PEOPLE)
            .filter(|other| *other != one)
            .map(AccountId::new)
            .collect();
        let found = relations::among(conn, account.id, &others).unwrap();
        let expected: BTreeMap<_, _> = others
            .iter()
            .map(|other| (*other, model.between(one, other.get())))
            .collect();
        for (other, between) in expected {
            assert_eq!(
                found.get(&other).copied().unwrap_or_default(),
                between,
                "{one} to {other}"
            );
        }
    }
}

fn play(conn: &mut Conn, steps: &[(Step, i64, i64)]) {
    people(conn, PEOPLE);
    let mut model = Model::default();
    for (step, one, other) in steps {
        if !model.gone.contains(one) && !model.gone.contains(other) {
            take(conn, *step, (*one, *other));
            model.take(*step, (*one, *other));
        }
    }
    compare(conn, &model);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn counts_and_flags_are_those_of_the_rows(steps in proptest::collection::vec(step(), 1..60)) {
        on_sqlite(|conn| play(conn, &steps));
    }
}

#[test]
fn both_databases_take_every_step() {
    let all = [
        (Step::Request, 1, 2),
        (Step::Accept, 1, 2),
        (Step::Follow, 3, 2),
        (Step::Unfollow, 3, 2),
        (Step::Request, 4, 2),
        (Step::Withdraw, 4, 2),
        (Step::Follow, 2, 1),
        (Step::Mute, 1, 3),
        (Step::Mute, 1, 4),
        (Step::Unmute, 1, 4),
        (Step::Block, 3, 4),
        (Step::Block, 1, 4),
        (Step::Unblock, 1, 4),
        (Step::Follow, 4, 1),
        (Step::Delete, 4, 1),
    ];
    on_both(|conn| play(conn, &all));
}
