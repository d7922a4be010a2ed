//! The desk's rows on both databases.

use bauta_inventory::Inventory;
use bauta_model::{AccountId, DemandId, DraftId, NoticeId, PaperId, Visibility};
use serde_json::json;

use super::*;
use crate::conn::on;
use crate::testing::{NOW, on_both, people, post, publish};
use crate::{Conn, deletions, purges};

const DEMAND: DemandId = DemandId::new(7);

fn received(conn: &mut Conn) {
    let demand = demands::Demand {
        id: DEMAND,
        public_name: "d7".into(),
        renews: None,
        salt: "s".into(),
    };
    demands::insert(conn, &demand).unwrap();
    append(conn, 1).unwrap();
}

fn append(conn: &mut Conn, number: i32) -> crate::Result<()> {
    let event = demands::Event {
        number,
        at: NOW,
        officer: 1,
        fact: format!("{{\"n\":{number}}}"),
    };
    demands::append(conn, DEMAND, &event)
}

/// Runs `work` in a savepoint that is given up, so that PostgreSQL's transaction lives on.
fn refused(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> crate::Result<()>) -> bool {
    conn.batch("BEGIN").unwrap();
    let done = work(conn);
    conn.batch("ROLLBACK").unwrap();
    done.is_err()
}

#[test]
fn events_are_appended_and_never_changed() {
    on_both(|conn| {
        received(conn);
        append(conn, 2).unwrap();
        for sql in [
            "UPDATE desk_events SET slot = 0",
            "DELETE FROM desk_events",
            "DELETE FROM desk_demands",
            "UPDATE desk_demands SET public_name = 'x'",
        ] {
            assert!(refused(conn, |conn| conn.batch(sql)), "{sql}");
        }
        let replaced =
            "INSERT INTO desk_events (demand_id, number, slot, officer_id, fact) VALUES (7, 1, 0, 9, '')";
        assert!(refused(conn, |conn| conn.batch(replaced)));
        if conn.is_sqlite() {
            assert!(refused(conn, |conn| conn.batch(&replaced.replacen(
                "INSERT",
                "INSERT OR REPLACE",
                1
            ))));
        }
        assert!(
            refused(conn, |conn| append(conn, 2)),
            "the second of two officers is refused"
        );
        let events = demands::events(conn, DEMAND).unwrap();
        let numbers: Vec<_> = events
            .iter()
            .map(|event| (event.number, event.fact.as_str()))
            .collect();
        assert_eq!(numbers, [(1, "{\"n\":1}"), (2, "{\"n\":2}")]);
    });
}

#[test]
fn a_draft_is_kept_in_its_place_and_goes_on_its_day() {
    on_both(|conn| {
        received(conn);
        let mut draft = drafts::Draft {
            id: DraftId::new(3),
            demand: DEMAND,
            kind: 1,
            officer: 9,
            changed: NOW.day(),
            destroy: None,
            content: b"We object.".to_vec(),
        };
        drafts::put(conn, &draft).unwrap();
        draft.content = b"We object, and reserve all rights.".to_vec();
        drafts::put(conn, &draft).unwrap();
        assert_eq!(drafts::of(conn, DEMAND).unwrap(), [draft.clone()]);
        assert!(drafts::of(conn, DemandId::new(8)).unwrap().is_empty());
        drafts::destroy_on(conn, DEMAND, NOW.day()).unwrap();
        assert_eq!(drafts::destroy_due(conn, NOW.day()).unwrap(), 0);
        assert_eq!(drafts::destroy_due(conn, NOW.day().plus(1)).unwrap(), 1);
        drafts::put(conn, &draft).unwrap();
        drafts::remove(conn, draft.id).unwrap();
        assert!(drafts::of(conn, DEMAND).unwrap().is_empty());
    });
}

#[test]
fn a_copy_stays_when_its_owner_deletes_what_was_copied() {
    on_both(|conn| {
        people(conn, 2);
        received(conn);
        publish(conn, &post(5, 1, Visibility::Public));
        publish(conn, &post(6, 1, Visibility::Direct));
        publish(conn, &post(8, 2, Visibility::Public));
        let inventory = Inventory::builtin();
        let table = inventory.table("posts").unwrap();
        let rows = held::rows(conn, inventory, table, &["id", "text"], AccountId::new(1)).unwrap();
        let seen: Vec<_> = rows.iter().map(|row| (row.public, json!(row.values))).collect();
        assert_eq!(
            seen,
            [
                (true, json!({"id": 5, "text": "text 5"})),
                (false, json!({"id": 6, "text": "text 6"})),
            ]
        );
        let copies: Vec<_> = rows
            .iter()
            .map(|row| ("posts".to_owned(), json!(row.values).to_string()))
            .collect();
        held::hold(conn, DEMAND, AccountId::new(1), None, &copies).unwrap();
        crate::account_deletion::delete(conn, AccountId::new(1), &[0; 32]).unwrap();
        assert_eq!(held::copies(conn, DEMAND, AccountId::new(1)).unwrap(), copies);
        assert_eq!(
            held::holds_of(conn, DEMAND).unwrap()[0].rows,
            [("posts".to_owned(), 2)]
        );
        purges::run(conn, inventory).unwrap();
        assert_eq!(
            held::copies(conn, DEMAND, AccountId::new(1)).unwrap().len(),
            2,
            "it has no end yet"
        );
        held::keep_until(conn, DEMAND, NOW.day().plus(-1)).unwrap();
        purges::run(conn, inventory).unwrap();
        assert!(held::copies(conn, DEMAND, AccountId::new(1)).unwrap().is_empty());
        assert!(held::holds_of(conn, DEMAND).unwrap().is_empty());
    });
}

#[test]
fn a_hold_keeps_a_pictures_bytes_whatever_is_deleted_and_lets_them_go_on_its_day() {
    on_both(|conn| {
        people(conn, 1);
        received(conn);
        let (account, id) = (AccountId::new(1), bauta_model::MediaId::new(4));
        let medium = crate::media::Medium {
            id,
            account,
            kind: crate::media::Kind::Attachment,
            mime: "image/png".into(),
            width: 1,
            height: 1,
            key: None,
            place: crate::media::Place {
                segment: 1,
                offset: 0,
                length: 3,
            },
        };
        crate::media::insert(conn, &medium).unwrap();
        let found = held_files::pictures(conn, account).unwrap();
        assert_eq!(found, [(medium, false)], "no post shows it to everybody");
        let hold = held::hold(conn, DEMAND, account, None, &[]).unwrap();
        let file = held_files::File {
            id,
            mime: "image/png".into(),
            public: false,
            bytes: b"\x00\xff\x89".to_vec(),
        };
        held_files::keep(conn, hold, &file).unwrap();
        crate::media::delete(conn, id).unwrap();
        let kept = |conn: &mut Conn| held_files::of_demand(conn, DEMAND, account, id).unwrap();
        assert_eq!(kept(conn), Some(file));
        assert_eq!(
            held::holds_of(conn, DEMAND).unwrap()[0].rows,
            [("media/*".to_owned(), 1)]
        );
        let other = held_files::of_demand(conn, DEMAND, AccountId::new(2), id).unwrap();
        assert_eq!(other, None, "it is about another account");
        purges::run(conn, Inventory::builtin()).unwrap();
        assert!(kept(conn).is_some(), "it has no end yet");
        held::keep_until(conn, DEMAND, NOW.day().plus(-1)).unwrap();
        purges::run(conn, Inventory::builtin()).unwrap();
        assert_eq!(kept(conn), None);
    });
}

#[test]
fn a_credential_is_never_read() {
    on_both(|conn| {
        people(conn, 1);
        let keyholder = crate::keyholders::Keyholder {
            id: bauta_model::KeyholderId::new(7),
            account: AccountId::new(1),
            label: String::new(),
            duties: bauta_model::Duties::ALL,
        };
        crate::keyholders::insert(conn, &keyholder).unwrap();
        crate::credentials::set_passphrase_hash(conn, AccountId::new(1), keyholder.id, "$argon2id$planted")
            .unwrap();
        let inventory = Inventory::builtin();
        let table = inventory.table("credentials").unwrap();
        let rows = held::rows(conn, inventory, table, &["passphrase_hash"], AccountId::new(1)).unwrap();
        assert!(rows.is_empty());
    });
}

#[test]
fn papers_are_destroyed_on_their_day_and_leave_a_tombstone() {
    on_both(|conn| {
        received(conn);
        let id = PaperId::new(3);
        let paper = papers::Paper {
            id,
            demand: DEMAND,
            kind: 1,
            added: NOW.day(),
            destroy: None,
            hash: vec![9; 32],
            gone: false,
        };
        papers::insert(conn, &paper, b"encrypted").unwrap();
        assert_eq!(papers::content(conn, DEMAND, id).unwrap().unwrap(), b"encrypted");
        assert_eq!(papers::content(conn, DemandId::new(8), id).unwrap(), None);
        papers::destroy_on(conn, DEMAND, NOW.day().plus(2)).unwrap();
        assert_eq!(papers::destroy_due(conn, NOW.day().plus(2)).unwrap(), 0);
        assert_eq!(papers::destroy_due(conn, NOW.day().plus(3)).unwrap(), 1);
        assert_eq!(papers::destroy_due(conn, NOW.day().plus(3)).unwrap(), 0);
        assert_eq!(papers::content(conn, DEMAND, id).unwrap(), None);
        let left = papers::of(conn, DEMAND).unwrap();
        assert!(left[0].gone && left[0].hash == paper.hash);
    });
}

#[test]
fn what_counsel_picks_up_is_handed_out_once() {
    on_both(|conn| {
        people(conn, 2);
        received(conn);
        let id = NoticeId::new(4);
        let notice = notices::Notice {
            id,
            account: AccountId::new(1),
            demand: DEMAND,
            until: NOW.day().plus(14),
            answer: notices::Answer::None,
            notice: "{}".into(),
        };
        let who = bauta_model::KeyholderId::new;
        let owner = |n| crate::sessions::Owner {
            account: AccountId::new(1),
            keyholder: Some(who(n)),
        };
        for n in [7, 8] {
            let one = crate::keyholders::Keyholder {
                id: who(n),
                account: AccountId::new(1),
                label: format!("{n}"),
                duties: bauta_model::Duties::ALL,
            };
            crate::keyholders::insert(conn, &one).unwrap();
        }
        notices::insert(conn, &notice).unwrap();
        assert_eq!(notices::by_id(conn, AccountId::new(2), id).unwrap(), None);
        notices::see(conn, id, who(7)).unwrap();
        assert!(notices::unseen(conn, owner(7)).unwrap().is_empty());
        assert!(
            notices::unseen(conn, owner(8)).unwrap().contains(&id),
            "it waits for each"
        );
        assert!(!notices::is_seen(conn, id).unwrap());
        notices::see(conn, id, who(8)).unwrap();
        assert!(notices::is_seen(conn, id).unwrap());
        notices::answer(conn, id, notices::Answer::Objected).unwrap();
        let now = notices::by_id(conn, AccountId::new(1), id).unwrap().unwrap();
        assert!(now.answer == notices::Answer::Objected);
        let today = NOW.day();
        notices::insert_pickup(conn, &[1; 32], id, today, b"for counsel").unwrap();
        assert_eq!(notices::take_pickup(conn, &[1; 32], today.plus(1)).unwrap(), None);
        assert!(notices::has_pickup(conn, &[1; 32], today).unwrap());
        assert_eq!(
            notices::take_pickup(conn, &[1; 32], today).unwrap().unwrap(),
            b"for counsel"
        );
        assert_eq!(notices::take_pickup(conn, &[1; 32], today).unwrap(), None);
    });
}

#[test]
fn expired_rests_on_a_purge_that_happened() {
    on_both(|conn| {
        people(conn, 1);
        assert!(purged::tables(conn).unwrap().is_empty());
        deletions::record(conn, deletions::Deleted::Post(bauta_model::PostId::new(5))).unwrap();
        let posts = purged::tables(conn).unwrap().contains("posts");
        assert_eq!(posts, conn.is_sqlite(), "on PostgreSQL copies stay behind");
        assert!(!purged::tables(conn).unwrap().contains("reports"));
    });
}

#[test]
fn officers_come_and_go_with_their_keys() {
    on_both(|conn| {
        people(conn, 2);
        officers::set_duties(conn, AccountId::new(1), 3).unwrap();
        officers::set_key(conn, AccountId::new(1), Some("age1x")).unwrap();
        officers::set_duties(conn, AccountId::new(1), 7).unwrap();
        let all = officers::all(conn).unwrap();
        assert_eq!(
            (all.len(), all[0].duties, all[0].age_key.as_deref()),
            (1, 7, Some("age1x"))
        );
        assert_eq!(officers::of(conn, AccountId::new(2)).unwrap(), None);
        officers::set_duties(conn, AccountId::new(1), 0).unwrap();
        assert!(officers::all(conn).unwrap().is_empty());
    });
}

/// An account that is not there takes the same statements, in number and in text, as one that is.
#[test]
fn an_account_that_does_not_exist_takes_the_same_path() {
    use std::sync::{Arc, Mutex};

    use diesel::connection::{Connection, InstrumentationEvent};

    crate::testing::on_sqlite(|conn| {
        people(conn, 1);
        publish(conn, &post(5, 1, Visibility::Public));
        let said = Arc::new(Mutex::new(Vec::<String>::new()));
        let heard = Arc::clone(&said);
        on!(conn, c => c.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                let text = query.to_string();
                let statement = text.split(" -- binds").next().unwrap_or_default().to_owned();
                heard.lock().unwrap().push(statement);
            }
        }));
        let inventory = Inventory::builtin();
        let mut path = |account: i64| {
            said.lock().unwrap().clear();
            let account = AccountId::new(account);
            let counts = crate::holdings::count(conn, inventory, account).unwrap();
            let opens = held::open_rows(conn, inventory, account).unwrap();
            let statements = said.lock().unwrap().clone();
            (
                counts.values().sum::<u64>(),
                opens.values().sum::<u64>(),
                statements,
            )
        };
        let (there, absent) = (path(1), path(99));
        assert_eq!((there.0, there.1, absent.0, absent.1), (2, 1, 0, 0));
        assert!(there.2.len() > 20);
        assert_eq!(there.2, absent.2);
    });
}
