//! Opening sockets, and taking connections from them.

use std::fs;
use std::future::poll_fn;
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net as blocking;
use std::path::{Path, PathBuf};
use std::task::{Context, Poll};

use bauta_memory::clear_stack;
use tokio::net::{TcpListener, TcpStream, UnixListener};

use crate::address::Peer;
use crate::connection::Socket;

/// A socket that is listened on.
pub(crate) enum Bound {
    Tcp(TcpListener),
    Unix(UnixListener, SocketFile),
}

impl Bound {
    pub(crate) async fn tcp(address: &str) -> io::Result<Self> {
        TcpListener::bind(address).await.map(Self::Tcp)
    }

    /// Makes a unix socket in place of a stale one. It is bound under another name and moved there when its
    /// permissions are right, so that at no time a stranger can connect, and no time passes without a socket.
    pub(crate) fn unix(path: &Path, mode: u32) -> io::Result<Self> {
        refuse_what_lives_there(path)?;
        let making = unused_name_beside(path);
        let listener = blocking::UnixListener::bind(&making)?;
        let placed = fs::set_permissions(&making, fs::Permissions::from_mode(mode))
            .and_then(|()| listener.set_nonblocking(true))
            .and_then(|()| fs::rename(&making, path));
        if let Err(error) = placed {
            let _ = fs::remove_file(&making);
            return Err(error);
        }
        let file = SocketFile::at(path)?;
        Ok(Self::Unix(UnixListener::from_std(listener)?, file))
    }

    /// The address as the ready line tells it.
    pub(crate) fn place(&self) -> io::Result<String> {
        match self {
            Self::Tcp(listener) => listener.local_addr().map(|address| address.to_string()),
            Self::Unix(_, file) => Ok(format!("unix:{}", file.path.display())),
        }
    }

    /// Only programs on this machine can connect.
    pub(crate) fn is_loopback(&self) -> bool {
        match self {
            Self::Tcp(listener) => listener
                .local_addr()
                .is_ok_and(|address| address.ip().is_loopback()),
            Self::Unix(..) => true,
        }
    }

    /// Takes the next connection, and what `recognise` makes of where it came from: nothing where that has no address.
    ///
    /// The address is never part of a future, which would keep it until it is written over, and the stack on which the
    /// system gave it is cleared: else the last ones could be read there until other calls go as deep.
    pub(crate) async fn accept<T>(&self, recognise: impl Fn(Option<Peer>) -> T) -> io::Result<(Socket, T)> {
        match self {
            Self::Tcp(listener) => {
                let (stream, known) = poll_fn(|context| {
                    let taken = take(listener, context, &recognise);
                    clear_stack();
                    taken
                })
                .await?;
                // Answers are written whole; waiting for more (Nagle) only delays them.
                let _ = stream.set_nodelay(true);
                Ok((Socket::Tcp(stream), known))
            }
            Self::Unix(listener, _) => {
                let (stream, _) = listener.accept().await?;
                Ok((Socket::Unix(stream), recognise(None)))
            }
        }
    }
}

/// A call of its own, so that its part of the stack can be cleared when it has returned.
#[inline(never)]
fn take<T>(
    listener: &TcpListener,
    context: &mut Context<'_>,
    recognise: &impl Fn(Option<Peer>) -> T,
) -> Poll<io::Result<(TcpStream, T)>> {
    listener
        .poll_accept(context)
        .map_ok(|(stream, address)| (stream, recognise(Some(Peer::of(address)))))
}

/// The file of a unix socket: removed with the listener, unless somebody has put another in its place.
pub(crate) struct SocketFile {
    path: PathBuf,
    inode: u64,
}

impl SocketFile {
    fn at(path: &Path) -> io::Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            inode: fs::symlink_metadata(path)?.ino(),
        })
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        if fs::symlink_metadata(&self.path).is_ok_and(|found| found.ino() == self.inode) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Only a socket that nobody listens on may be replaced.
fn refuse_what_lives_there(path: &Path) -> io::Result<()> {
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if !found.file_type().is_socket() {
        return Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            "a file that is not a socket is there",
        ));
    }
    match blocking::UnixStream::connect(path) {
        Ok(_) => Err(io::ErrorKind::AddrInUse.into()),
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(()),
        Err(error) => Err(error),
    }
}

fn unused_name_beside(path: &Path) -> PathBuf {
    let number = getrandom::u32().expect("the operating system has randomness");
    path.with_extension(format!("{number:08x}"))
}
