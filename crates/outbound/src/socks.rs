//! SOCKS5 with user name and password (RFC 1928, RFC 1929): only CONNECT, only by name.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Error;

const VERSION: u8 = 5;
const WITH_PASSWORD: u8 = 2;
const CONNECT: u8 = 1;
const BY_NAME: u8 = 3;

/// Asks the proxy at the other end of `stream` for a connection to `host`, on a circuit that belongs to `isolation`.
pub async fn connect(stream: &mut TcpStream, host: &str, port: u16, isolation: &str) -> Result<(), Error> {
    dialogue(stream, host, port, isolation)
        .await
        .map_err(|_| Error::Proxy)?
}

async fn dialogue(
    stream: &mut TcpStream,
    host: &str,
    port: u16,
    isolation: &str,
) -> std::io::Result<Result<(), Error>> {
    let (Ok(host_len), Ok(secret_len)) = (u8::try_from(host.len()), u8::try_from(isolation.len())) else {
        return Ok(Err(Error::NotAllowed));
    };
    stream.write_all(&[VERSION, 1, WITH_PASSWORD]).await?;
    if read(stream).await? != [VERSION, WITH_PASSWORD] {
        return Ok(Err(Error::Proxy));
    }
    let mut hello = vec![1, secret_len];
    hello.extend_from_slice(isolation.as_bytes());
    hello.push(secret_len);
    hello.extend_from_slice(isolation.as_bytes());
    stream.write_all(&hello).await?;
    if read::<2>(stream).await?[1] != 0 {
        return Ok(Err(Error::Proxy));
    }
    let mut ask = vec![VERSION, CONNECT, 0, BY_NAME, host_len];
    ask.extend_from_slice(host.as_bytes());
    ask.extend_from_slice(&port.to_be_bytes());
    stream.write_all(&ask).await?;
    let [_, said, _, kind] = read::<4>(stream).await?;
    // 1: general failure, 2: not allowed (Tor: a private address); the others are the far host's.
    match said {
        0 => {}
        1 | 7 | 8 => return Ok(Err(Error::Proxy)),
        2 => return Ok(Err(Error::NotPublic)),
        _ => return Ok(Err(Error::Unreachable)),
    }
    let bound = match kind {
        1 => 4,
        4 => 16,
        BY_NAME => usize::from(read::<1>(stream).await?[0]),
        _ => return Ok(Err(Error::Proxy)),
    };
    let mut rest = vec![0; bound + 2];
    stream.read_exact(&mut rest).await?;
    Ok(Ok(()))
}

async fn read<const N: usize>(stream: &mut TcpStream) -> std::io::Result<[u8; N]> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes).await?;
    Ok(bytes)
}
