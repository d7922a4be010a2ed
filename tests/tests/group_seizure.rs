//! Two people behind one account speak by turns that are drawn, and the machine is seized while it runs: whoever guesses who
//! wrote a post, by what lies near it in memory and by every file, is not right more often than by a coin.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod group;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::os::unix::fs::FileExt;

use bauta_model::SessionId;
use bauta_tests::forms::Browser;
use bauta_tests::http::{Client, Request};
use bauta_tests::postgres::fresh_database;
use bauta_tests::server::Bauta;
use group::{app_of, comes, link, riva};

/// Posts. By a coin, 26 or more of 32 are right once in five thousand runs.
const POSTS: usize = 32;
const TOO_OFTEN: usize = 28;
/// As near as this counts as lying together.
const NEAR: usize = 256;

#[test]
fn nobody_can_tell_who_spoke_on_sqlite() {
    seize(Bauta::setup());
}

#[test]
fn nobody_can_tell_who_spoke_on_postgresql() {
    seize(Bauta::setup().database(&fresh_database()));
}

/// One of the two, and the numbers by which the server knows them.
struct Person {
    app: Client,
    numbers: Vec<i64>,
}

fn seize(setup: bauta_tests::server::Setup) {
    let server = setup.without_rate_limits().registrations("open").start();
    let mut red = riva(&server);
    let page = red.get("/settings/keyholders");
    let invitation = link(&red.submit(&page.form("Make an invitation")));
    let (mut blue, words) = comes(&server, &invitation, "blue");
    let people = keyholders(&mut red);
    let blues = people["blue"];
    let reds = *people.values().find(|id| **id != blues).unwrap();
    let mut both = [
        Person {
            app: app_of(&server, &red.words),
            numbers: vec![reds],
        },
        Person {
            app: app_of(&server, &words),
            numbers: vec![blues],
        },
    ];
    both[0].numbers.extend(sessions(&mut red));
    both[1].numbers.extend(sessions(&mut blue));
    assert!(
        both.iter().all(|one| one.numbers.len() > 1),
        "an app's session has a number"
    );
    let me = both[0].app.get("/api/v1/accounts/verify_credentials").json();
    let account: i64 = me["id"].as_str().unwrap().parse().unwrap();
    let mut posts = Vec::new();
    for number in 0..POSTS {
        let who = usize::from(SessionId::random().get() % 2 == 0);
        let text = format!("word {number}");
        let sent = both[who]
            .app
            .send(&Request::post("/api/v1/statuses").form(&[("status", &text)]));
        assert_eq!(sent.status, 200, "{}", sent.text());
        let id: i64 = sent.json()["id"].as_str().unwrap().parse().unwrap();
        posts.push((id, who));
    }
    let mut numbers: HashSet<i64> = posts.iter().map(|(post, _)| *post).collect();
    numbers.insert(account);
    numbers.extend(both.iter().flat_map(|one| one.numbers.iter().copied()));
    let memory = places(server.process(), &numbers);
    let near = |post: i64, numbers: &[i64]| nearest(&memory, post, numbers);
    // What has to lie beside a post is found there: its account. So looking is not in vain.
    let seen = posts.iter().filter(|(post, _)| near(*post, &[account]).is_some());
    assert!(
        seen.count() > POSTS / 2,
        "posts and their account were not found in memory"
    );
    let right = posts.iter().filter(|(post, who)| {
        let [one, other] = [0, 1].map(|who| near(*post, &both[who].numbers).unwrap_or(usize::MAX));
        one != other && usize::from(other < one) == *who
    });
    let right = right.count();
    assert!(
        right < TOO_OFTEN,
        "{right} of {POSTS} posts were told by what lies near them"
    );
    let wrong = POSTS - right;
    let undecided = posts
        .iter()
        .all(|(post, _)| both.iter().all(|one| near(*post, &one.numbers).is_none()));
    assert!(
        undecided || wrong < TOO_OFTEN,
        "{wrong} of {POSTS}: the other way round tells as much"
    );
    no_other_file_names_them(&server, &both);
}

/// The people by their words, from the page on which they are proposed.
fn keyholders(browser: &mut Browser) -> BTreeMap<String, i64> {
    let html = browser.get("/settings/keyholders/propose").html();
    html.split("name=\"who\" value=\"")
        .skip(1)
        .map(|part| {
            let id = part.split('"').next().unwrap().parse().unwrap();
            let word = part.split("<bdi>").nth(1).unwrap().split('<').next().unwrap();
            (word.to_owned(), id)
        })
        .collect()
}

/// The numbers of somebody's sessions, from the buttons that end them.
fn sessions(browser: &mut Browser) -> Vec<i64> {
    let html = browser.get("/settings/sessions").html();
    html.split("name=\"session\" value=\"")
        .skip(1)
        .filter_map(|part| part.split('"').next()?.parse().ok())
        .collect()
}

/// Where in memory a number lies: by the mapping, and the place in it in bytes.
type Places = HashMap<i64, Vec<(usize, usize)>>;

/// Where each of `numbers` lies in all memory that a process can write. Numbers in memory lie on multiples of eight.
fn places(process: u32, numbers: &HashSet<i64>) -> Places {
    let maps = std::fs::read_to_string(format!("/proc/{process}/maps")).unwrap();
    let memory = File::open(format!("/proc/{process}/mem")).unwrap();
    let mut places = Places::new();
    for (mapping, line) in maps.lines().filter(|line| line.contains(" rw")).enumerate() {
        let (from, to) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let from = u64::from_str_radix(from, 16).unwrap();
        let to = u64::from_str_radix(to, 16).unwrap();
        let mut bytes = vec![0; (to - from) as usize];
        if memory.read_exact_at(&mut bytes, from).is_err() {
            continue;
        }
        for (at, word) in bytes.chunks_exact(8).enumerate() {
            let number = i64::from_le_bytes(word.try_into().unwrap());
            if numbers.contains(&number) {
                places.entry(number).or_default().push((mapping, 8 * at));
            }
        }
    }
    places
}

/// How near one of `numbers` lies to `post`, anywhere in memory, if it is near at all.
fn nearest(places: &Places, post: i64, numbers: &[i64]) -> Option<usize> {
    let of = |number: &i64| places.get(number).into_iter().flatten();
    let posts: Vec<_> = of(&post).collect();
    let all = numbers.iter().flat_map(of);
    let pairs = all.flat_map(|number| posts.iter().map(move |post| (number, *post)));
    pairs
        .filter(|((mapping, _), (posts, _))| mapping == posts)
        .map(|((_, at), (_, post))| at.abs_diff(*post))
        .filter(|distance| *distance <= NEAR)
        .min()
}

/// No file but the database's own has a number of either.
fn no_other_file_names_them(server: &Bauta, both: &[Person; 2]) {
    let mut folders = vec![server.data().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let Ok(bytes) = std::fs::read(&path) else { continue };
            if name.contains(".sqlite") {
                continue;
            }
            for number in both.iter().flat_map(|one| &one.numbers) {
                let forms = [
                    number.to_le_bytes().to_vec(),
                    number.to_be_bytes().to_vec(),
                    number.to_string().into_bytes(),
                ];
                for form in forms {
                    let found = bytes.windows(form.len()).any(|window| window == form);
                    assert!(!found, "{} names somebody", path.display());
                }
            }
        }
    }
    let said = server.said();
    for number in both.iter().flat_map(|one| &one.numbers) {
        assert!(!said.contains(&number.to_string()), "the log names somebody");
    }
}
