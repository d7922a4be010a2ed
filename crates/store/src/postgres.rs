//! Connecting to PostgreSQL: pure Rust, no libpq, and never without end.

use std::cell::Cell;
use std::panic::{catch_unwind, resume_unwind};
use std::time::Duration;

use diesel::{Connection, ConnectionError};
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::{AsyncConnectionWrapper, BlockOn};
use tokio::runtime::{Builder, Runtime};

use crate::Result;

/// PostgreSQL through a synchronous face.
pub(crate) type PgConn = AsyncConnectionWrapper<AsyncPgConnection, Turn>;

/// How long a server may take until it has let us in. `connect_timeout` is the time of each address within that.
const LETTING_IN: Duration = Duration::from_secs(10);

/// What holds unless the URL says otherwise: a server that vanished is noticed by probes of the open connection.
/// Seconds, and a count.
const PARAMETERS: [(&str, u32); 5] = [
    ("connect_timeout", 5),
    ("keepalives_idle", 15),
    ("keepalives_interval", 5),
    ("keepalives_retries", 3),
    ("tcp_user_timeout", 30),
];

/// Connects.
///
/// # Errors
/// [`crate::Error::Connection`] where there is no server, it doesn't answer in time, or doesn't let us in.
pub(crate) fn connect(url: &str) -> Result<PgConn> {
    let url = with_parameters(url);
    match catch_unwind(|| PgConn::establish(&url)) {
        Ok(made) => Ok(made?),
        Err(why) if why.is::<NoAnswer>() => Err(ConnectionError::BadConnection(format!(
            "the server did not answer within {} seconds",
            LETTING_IN.as_secs()
        ))
        .into()),
        Err(why) => resume_unwind(why),
    }
}

fn with_parameters(url: &str) -> String {
    let mut url = url.to_owned();
    for (name, value) in PARAMETERS {
        if !url.contains(name) {
            let mark = if url.contains('?') { '&' } else { '?' };
            url = format!("{url}{mark}{name}={value}");
        }
    }
    url
}

/// What the wait for a server is unwound with when that takes too long.
struct NoAnswer;

/// Runs what a connection waits for, on the thread that uses it.
pub(crate) struct Turn {
    runtime: Runtime,
    let_in: Cell<bool>,
}

impl BlockOn for Turn {
    /// The first thing that is waited for is to be let in.
    fn block_on<F: Future>(&self, work: F) -> F::Output {
        if self.let_in.replace(true) {
            return self.runtime.block_on(work);
        }
        let done = self
            .runtime
            .block_on(async { tokio::time::timeout(LETTING_IN, work).await });
        done.unwrap_or_else(|_| resume_unwind(Box::new(NoAnswer)))
    }

    fn get_runtime() -> Self {
        // With timers, unlike diesel-async's own: `connect_timeout` needs them.
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("the operating system has a way to wait for a socket");
        Self {
            runtime,
            let_in: Cell::new(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;
    use bauta_tests::postgres::fresh_database;

    #[test]
    fn a_usual_url_works() {
        for parameters in [
            "connect_timeout=3",
            "connect_timeout=10&application_name=bauta",
            "sslmode=disable",
        ] {
            connect(&format!("{}?{parameters}", fresh_database())).unwrap();
        }
    }

    #[test]
    fn what_the_url_says_holds() {
        let url = with_parameters("postgres://x/y?connect_timeout=2");
        assert_eq!(url.matches("connect_timeout").count(), 1);
        assert!(url.contains("connect_timeout=2&keepalives_idle=15&"), "{url}");
        assert!(with_parameters("postgres://x/y").starts_with("postgres://x/y?connect_timeout=5&"));
    }

    #[test]
    fn a_server_that_does_not_answer_is_not_waited_for_without_end() {
        let folder = tempfile::tempdir().unwrap();
        // It takes connections, and says nothing.
        let _silent = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
        let host = folder.path().to_str().unwrap().replace('/', "%2F");
        let why = connect(&format!("postgres://postgres@{host}/bauta"))
            .map(|_| ())
            .unwrap_err();
        assert!(
            why.to_string().contains("did not answer within 10 seconds"),
            "{why}"
        );
    }
}
