//! Writes the closed list of events to standard error, with the slot.
//!
//! What the server itself did is written at once. What a person's request caused waits for the end of the slot, so
//! that neither the line nor whoever stamps it tells the second.

use std::io::Write;
use std::time::Duration;

use bauta_model::{Clock, Event, install_sink};
use parking_lot::Mutex;

static WAITING: Mutex<Vec<Event>> = Mutex::new(Vec::new());
/// More than these in a slot are dropped: a flood of failures must not fill the memory.
const MOST: usize = 1000;

/// From now on events are written.
pub fn install() {
    install_sink(sink);
}

/// Starts the thread that writes what waits for the end of its slot.
pub fn start(clock: &Clock) {
    let clock = clock.clone();
    std::thread::spawn(move || {
        let mut slot = clock.now();
        loop {
            std::thread::sleep(Duration::from_millis(500).min(clock.slot()));
            if clock.now() != slot {
                slot = clock.now();
                flush();
            }
        }
    });
}

/// Writes what still waits: at the end of the process.
pub fn flush() {
    let waiting = std::mem::take(&mut *WAITING.lock());
    for event in waiting {
        write(event);
    }
}

fn sink(event: Event) {
    match event {
        Event::RequestFailed { .. } | Event::StoreFailed { .. } => {
            let mut waiting = WAITING.lock();
            if waiting.len() < MOST {
                waiting.push(event);
            }
        }
        _ => write(event),
    }
}

fn write(event: Event) {
    // In one piece: standard error has no buffer, and whoever reads it with the output would find lines cut in two.
    let _ = std::io::stderr()
        .lock()
        .write_all(format!("{event}\n").as_bytes());
}
