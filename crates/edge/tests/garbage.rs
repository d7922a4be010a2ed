//! What is not HTTP is refused without a word in the log.

mod house;

use std::sync::atomic::{AtomicUsize, Ordering};

use house::{config, get_request, open, status};

static SAID: AtomicUsize = AtomicUsize::new(0);

#[tokio::test]
async fn garbage_is_refused_and_nothing_is_logged() {
    bauta_model::install_sink(|_| {
        SAID.fetch_add(1, Ordering::Relaxed);
    });
    let mut config = config();
    config.limits = house::short_limits();
    let house = open(config).await;
    let wrong: [&[u8]; 14] = [
        b"hello\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\nhost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost : localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: localhost\r\nx: \x00\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: localhost\r\nhost: localhost\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd",
        b"POST /echo HTTP/1.1\r\nhost: localhost\r\ncontent-length: -1\r\n\r\n",
        b"PROXY TCP4 203.0.113.7 127.0.0.1 4 80\r\nGET / HTTP/1.1\r\nhost: localhost\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"CONNECT example.org:80 HTTP/1.1\r\nhost: example.org\r\n\r\n",
    ];
    for bytes in wrong {
        let answer = house.say([bytes, b"\r\n\r\n"].concat()).await;
        assert!(
            [400, 421].contains(&status(&answer)),
            "{:?}: {answer}",
            String::from_utf8_lossy(bytes)
        );
        assert!(!answer.contains("HTTP/1.1 200"), "{answer}");
    }
    let answer = house
        .say([get_request("/health").as_bytes(), b"garbage after it"].concat())
        .await;
    assert_eq!(status(&answer), 200);
    let answer = house
        .say(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\ngarbage\r\n\r\n")
        .await;
    assert_eq!(answer.matches("HTTP/1.1 200").count(), 1, "{answer}");
    assert_eq!(answer.matches("HTTP/1.1 400").count(), 1, "{answer}");
    house.stop().await;
    assert_eq!(SAID.load(Ordering::Relaxed), 0);
}
