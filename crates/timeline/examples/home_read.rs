//! Measures the timeline's share of a home read for the goal: 1,000 readers in turn, each following 200 of 2,000
//! authors, while posts arrive. Run it with `--release`.

use std::time::{Duration, Instant};

use bauta_model::{AccountId, PostId, Visibility};
use bauta_timeline::{Answer, Entry, Follow, Limits, Marks, Page, Reader, ReaderSeed, Timelines};

const AUTHORS: u64 = 2_000;
const READERS: i64 = 1_000;
const FOLLOWS: usize = 200;
const PAST: i64 = 60_000;

/// A small generator, so that every run sees the same server.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn author(&mut self) -> AccountId {
        AccountId::new((self.below(AUTHORS) + 1) as i64 * 0x1234_5678_9abc)
    }

    fn entry(&mut self, id: i64) -> Entry {
        let author = self.author();
        Entry {
            id: PostId::new(id),
            author,
            boost_of: None,
            reply_to: None,
            visibility: Visibility::Public,
        }
    }
}

fn reader(dice: &mut Dice, id: i64) -> ReaderSeed {
    let follows = (0..FOLLOWS)
        .map(|_| Follow {
            account: dice.author(),
            boosts: true,
        })
        .collect();
    ReaderSeed {
        id: AccountId::new(-id),
        follows,
        hidden: Vec::new(),
        apart: Vec::new(),
        tags: Vec::new(),
        marks: Marks::whole(),
    }
}

fn report(what: &str, reads: usize, took: Duration) {
    use std::io::Write;
    let micros = took.as_secs_f64() * 1e6 / f64::from(reads as u32);
    let _ = writeln!(std::io::stdout(), "{what}: {micros:.2} µs a read");
}

fn main() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let timelines = Timelines::new(Limits::default());
    timelines.load((1..=PAST).map(|id| dice.entry(id)), true);
    timelines.set_ready();
    let readers: Vec<_> = (1..=READERS)
        .map(|id| {
            timelines.put_reader(
                timelines.reader_ticket(AccountId::new(-id)),
                reader(&mut dice, id),
            )
        })
        .collect();
    let read = |reader: &Reader| match timelines.home(reader, &Page::newest(20)) {
        Answer::Page(found) => assert_eq!(found.len(), 20),
        Answer::Cold => unreachable!("everything is held"),
    };

    let start = Instant::now();
    for reader in &readers {
        read(reader);
    }
    report(
        "first read, merged from the tails",
        readers.len(),
        start.elapsed(),
    );

    let page = Page {
        max_id: Some(PostId::new(PAST / 2)),
        ..Page::newest(20)
    };
    let start = Instant::now();
    for reader in &readers {
        assert!(matches!(timelines.home(reader, &page), Answer::Page(_)));
    }
    report("a page far back", readers.len(), start.elapsed());

    let mut next = PAST;
    for (what, every) in [
        ("at 16,000 reads and 10 posts a second", 1600),
        ("a post before every read", 1),
    ] {
        let start = Instant::now();
        let reads = 200_000;
        for n in 0..reads {
            if n % every == 0 {
                next += 1;
                timelines.append(&dice.entry(next));
            }
            let id = readers[n % readers.len()].id();
            let held = timelines.reader(id).expect("there is room for every reader");
            read(&held);
        }
        report(what, reads, start.elapsed());
    }
    let start = Instant::now();
    for _ in 0..10_000 {
        assert!(matches!(
            timelines.local(Some(&readers[0]), &Page::newest(20)),
            Answer::Page(_)
        ));
    }
    report("the local timeline", 10_000, start.elapsed());
}
