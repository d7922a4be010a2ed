//! A connection that is made again when the database server has gone away and come back.

use std::time::{Duration, Instant};

use bauta_model::{Event, emit};

use crate::{Conn, Result};

/// How long after a try in vain the next one is made: at first, and at most.
const FIRST: Duration = Duration::from_millis(200);
const MOST: Duration = Duration::from_secs(5);

/// Makes a connection that is ready for its work.
pub(crate) type Connect = Box<dyn Fn() -> Result<Conn> + Send>;

/// A connection, or the way to the next one.
pub(crate) struct Link {
    conn: Option<Conn>,
    connect: Connect,
    wait: Duration,
    again: Instant,
    /// Whether the log hears of it: one of all the links is enough.
    says: bool,
}

impl Link {
    /// Makes the first connection. The log doesn't hear when it breaks.
    pub(crate) fn open(connect: Connect) -> Result<Self> {
        let conn = connect()?;
        Ok(Self {
            says: false,
            ..Self::with(conn, connect)
        })
    }

    /// Takes a connection that there is. The log hears when it breaks, and when there is another one.
    pub(crate) fn with(conn: Conn, connect: Connect) -> Self {
        Self {
            conn: Some(conn),
            connect,
            wait: FIRST,
            again: Instant::now(),
            says: true,
        }
    }

    /// The connection; made again where it broke, and it is time for another try. Nothing while the database is away.
    pub(crate) fn up(&mut self) -> Option<&mut Conn> {
        if self.conn.is_none() && Instant::now() >= self.again {
            if let Ok(conn) = (self.connect)() {
                self.conn = Some(conn);
                self.wait = FIRST;
                self.say(Event::DatabaseBack);
            } else {
                self.again = Instant::now() + self.wait;
                self.wait = (self.wait * 2).min(MOST);
            }
        }
        self.conn.as_mut()
    }

    /// Lets go of a connection that broke. True where there is one that works.
    pub(crate) fn look(&mut self) -> bool {
        if self.conn.as_ref().is_some_and(Conn::broke) {
            self.conn = None;
            self.again = Instant::now();
            self.say(Event::DatabaseAway);
        }
        self.conn.is_some()
    }

    /// How long until another try makes sense.
    pub(crate) fn wait(&self) -> Duration {
        self.again.saturating_duration_since(Instant::now())
    }

    fn say(&self, event: Event) {
        if self.says {
            emit(event);
        }
    }
}
