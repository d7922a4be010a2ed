//! The content of an answer as it is framed (RFC 9112 § 6): by length, in chunks, or until the end.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result};
use std::net::TcpStream;

use super::Response;

/// Reads the content and nothing after it.
pub struct Body {
    connection: BufReader<TcpStream>,
    framing: Framing,
}

enum Framing {
    /// So many bytes are to come.
    Length(usize),
    /// So many bytes of this chunk are to come.
    Chunk(usize),
    /// The head of a chunk is to come; true for the first, which ends no other.
    ChunkHead(bool),
    UntilEnd,
}

impl Body {
    pub fn of(head: &Response, for_head_request: bool, connection: BufReader<TcpStream>) -> Self {
        let chunked = head
            .header("transfer-encoding")
            .is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"));
        let length = head
            .header("content-length")
            .and_then(|length| length.parse().ok());
        let framing = match length {
            _ if for_head_request || head.status == 204 || head.status == 304 => Framing::Length(0),
            _ if chunked => Framing::ChunkHead(true),
            Some(length) => Framing::Length(length),
            None => Framing::UntilEnd,
        };
        Self { connection, framing }
    }

    fn begin_chunk(&mut self, first: bool) -> Result<()> {
        let mut line = String::new();
        if !first {
            self.connection.read_line(&mut line)?;
            if !line.trim().is_empty() {
                return Err(broken(&format!("a chunk is longer than it says: {line:?}")));
            }
            line.clear();
        }
        self.connection.read_line(&mut line)?;
        let size = line.split(';').next().unwrap_or_default().trim();
        let size =
            usize::from_str_radix(size, 16).map_err(|_| broken(&format!("{line:?} begins no chunk")))?;
        self.framing = if size == 0 {
            Framing::Length(0)
        } else {
            Framing::Chunk(size)
        };
        Ok(())
    }
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if let Framing::ChunkHead(first) = self.framing {
            self.begin_chunk(first)?;
        }
        let (Framing::Length(left) | Framing::Chunk(left)) = self.framing else {
            return self.connection.read(buffer);
        };
        let most = left.min(buffer.len());
        let read = self.connection.read(&mut buffer[..most])?;
        if read == 0 && most > 0 {
            return Err(broken("the connection was closed within the content"));
        }
        self.framing = match self.framing {
            Framing::Chunk(_) if left == read => Framing::ChunkHead(false),
            Framing::Chunk(_) => Framing::Chunk(left - read),
            _ => Framing::Length(left - read),
        };
        Ok(read)
    }
}

fn broken(why: &str) -> Error {
    Error::new(ErrorKind::UnexpectedEof, why.to_owned())
}
