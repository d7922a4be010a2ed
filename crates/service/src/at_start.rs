//! Reading at the start, when nothing drives a runtime yet or the caller's own may be driving one.

use bauta_store::{Conn, Error, Store};

/// Runs a read on a thread of its own, and waits for it. Blocks; for the start, before anything is answered.
pub(crate) fn read<T: Send + 'static>(
    store: &Store,
    name: &'static str,
    work: impl FnOnce(&mut Conn) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let found = std::thread::scope(|scope| {
        let reading = || {
            let runtime = tokio::runtime::Builder::new_current_thread().build()?;
            runtime.block_on(store.read(name, work))
        };
        scope.spawn(reading).join()
    });
    found.unwrap_or_else(|_| Err(std::io::Error::other("reading at the start failed").into()))
}
