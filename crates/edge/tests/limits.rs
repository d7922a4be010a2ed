//! What is too large, too many or too slow is refused, and costs the next client nothing.

mod house;

use house::{House, config, get_request, open, post_request, read_all, short_limits, status};
use tokio::io::AsyncWriteExt;

#[tokio::test]
async fn a_hundred_headers_are_enough() {
    let house = open(config()).await;
    let headers = "x-more: 1\r\n".repeat(120);
    let answer = house
        .say(format!("GET / HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n"))
        .await;
    assert_eq!(status(&answer), 431);
    house.stop().await;
}

#[tokio::test]
async fn headers_have_a_size() {
    let house = open(config()).await;
    let answer = house
        .say(format!(
            "GET / HTTP/1.1\r\nhost: localhost\r\nx-long: {}\r\n\r\n",
            "x".repeat(40 * 1024)
        ))
        .await;
    assert_eq!(status(&answer), 431);
    house.stop().await;
}

#[tokio::test]
async fn a_target_has_a_size() {
    let house = open(config()).await;
    let answer = house.say(get_request(&format!("/?{}", "x".repeat(9000)))).await;
    assert_eq!(status(&answer), 414);
    house.stop().await;
}

fn megabytes(count: usize) -> String {
    "x".repeat(count * 1024 * 1024)
}

#[tokio::test]
async fn a_body_that_says_it_is_too_long_is_refused() {
    let house = open(config()).await;
    let answer = house.say(post_request("/echo", "", &megabytes(2))).await;
    assert_eq!(status(&answer), 413, "{answer}");
    assert!(answer.contains("larger than this server takes"));
    house.stop().await;
}

#[tokio::test]
async fn a_body_that_turns_out_too_long_is_refused() {
    let house = open(config()).await;
    let chunk = format!("100000\r\n{}\r\n", megabytes(1));
    let request = format!(
        "POST /echo HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n{chunk}{chunk}0\r\n\r\n"
    );
    let answer = house.say(request).await;
    assert_eq!(status(&answer), 413, "{answer}");
    house.stop().await;
}

#[tokio::test]
async fn a_path_for_files_takes_more() {
    let house = open(config()).await;
    let answer = house.say(post_request("/upload", "", &megabytes(3))).await;
    assert_eq!(status(&answer), 200, "{answer}");
    assert!(answer.ends_with("3145728"));
    let answer = house.say(post_request("/upload", "", &megabytes(5))).await;
    assert_eq!(status(&answer), 413);
    house.stop().await;
}

#[tokio::test]
async fn the_third_try_to_sign_in_waits_and_reading_goes_on() {
    let house = open(config()).await;
    for _ in 0..2 {
        assert_eq!(status(&house.say(post_request("/sign-in", "", "")).await), 200);
    }
    let answer = house
        .say(post_request("/sign-in", "accept: text/html\r\n", ""))
        .await;
    assert_eq!(status(&answer), 429);
    assert!(answer.contains("x-ratelimit-limit: 2\r\n"), "{answer}");
    assert!(answer.contains("x-ratelimit-remaining: 0\r\n"));
    assert!(
        answer.contains(":00.000Z\r\n"),
        "the time of the reset is a minute: {answer}"
    );
    assert!(answer.contains("text/html; charset=utf-8") && answer.contains("style-src 'self'"));
    assert!(answer.contains("<h1>Please wait</h1>") && answer.contains("href=\"/assets/style.css\""));
    let page = answer.split_once("\r\n\r\n").map_or("", |(_, page)| page);
    assert_eq!(bauta_tests::page_lint(page), Vec::<String>::new());
    let answer = house.say(post_request("/sign-in/", "", "")).await;
    assert_eq!(status(&answer), 429, "a slash at the end is no way around");
    assert!(answer.contains("text/plain"));
    let answer = house.say(post_request("/api/sign-in", "", "")).await;
    assert_eq!(status(&answer), 429);
    assert!(
        answer.ends_with(r#"{"error":"Too many requests; wait a few minutes and try again."}"#),
        "{answer}"
    );
    assert_eq!(status(&house.say(get_request("/")).await), 200);
    house.stop().await;
}

#[tokio::test]
async fn answers_of_the_api_tell_what_is_left() {
    let house = open(config()).await;
    let answer = house.say(post_request("/api/sign-in", "", "")).await;
    assert_eq!(status(&answer), 200);
    assert!(answer.contains("x-ratelimit-remaining: 1\r\n"), "{answer}");
    house.stop().await;
}

#[tokio::test]
async fn limits_can_be_off_on_loopback() {
    let mut config = config();
    config.rate_limits = false;
    let house = open(config).await;
    for _ in 0..4 {
        assert_eq!(status(&house.say(post_request("/sign-in", "", "")).await), 200);
    }
    house.stop().await;
}

#[tokio::test]
async fn behind_a_declared_proxy_only_the_limits_for_all_hold() {
    let mut config = config();
    config.proxied = true;
    let house = open(config).await;
    for _ in 0..4 {
        assert_eq!(status(&house.say(post_request("/sign-in", "", "")).await), 200);
    }
    house.stop().await;
}

#[tokio::test]
async fn a_public_server_on_loopback_has_a_proxy_in_front_that_nobody_needs_to_declare() {
    let mut config = config();
    config.domain = "example.org".into();
    let house = open(config).await;
    let sign_in = post_request("/sign-in", "", "").replace("localhost", "example.org");
    for _ in 0..4 {
        assert_eq!(status(&house.say(&sign_in).await), 200);
    }
    house.stop().await;
}

/// Tries until a place is free again.
async fn is_served_in_the_end(house: &House) {
    tokio::time::timeout(house::PATIENCE, async {
        while status(&house.say(get_request("/health")).await) != 200 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("a place becomes free");
}

#[tokio::test]
async fn a_full_house_closes_the_door_until_somebody_leaves() {
    let mut config = config();
    config.limits.connections = 2;
    let house = open(config).await;
    let first = house.connect().await;
    let _second = house.connect().await;
    let answer = house.say(get_request("/health")).await;
    assert_eq!(answer, "");
    drop(first);
    is_served_in_the_end(&house).await;
    house.stop().await;
}

#[tokio::test]
async fn one_network_cannot_take_all_places() {
    let mut config = config();
    config.limits.connections_per_key = 1;
    let house = open(config).await;
    let first = house.connect().await;
    assert_eq!(house.say(get_request("/health")).await, "");
    drop(first);
    is_served_in_the_end(&house).await;
    house.stop().await;
}

/// A server with a single place and little patience.
async fn impatient() -> House {
    let mut config = config();
    config.limits = short_limits();
    config.limits.connections = 1;
    open(config).await
}

#[tokio::test]
async fn who_says_nothing_loses_the_place() {
    let house = impatient().await;
    let mut silent = house.connect().await;
    assert_eq!(read_all(&mut silent).await, "");
    is_served_in_the_end(&house).await;
    house.stop().await;
}

#[tokio::test]
async fn who_drips_headers_loses_the_place() {
    let house = impatient().await;
    let (mut reads, mut writes) = house.connect().await.into_split();
    writes
        .write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n")
        .await
        .unwrap();
    let dripping = tokio::spawn(async move {
        while writes.write_all(b"x: 1\r\n").await.is_ok() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    });
    assert_ne!(status(&read_all(&mut reads).await), 200);
    dripping.await.unwrap();
    is_served_in_the_end(&house).await;
    house.stop().await;
}

#[tokio::test]
async fn who_drips_a_body_is_told_so_and_loses_the_place() {
    let house = impatient().await;
    let mut stream = house.connect().await;
    stream
        .write_all(b"POST /echo HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\nx")
        .await
        .unwrap();
    let answer = read_all(&mut stream).await;
    assert_eq!(status(&answer), 408, "{answer}");
    drop(stream);
    is_served_in_the_end(&house).await;
    house.stop().await;
}

#[tokio::test]
async fn who_keeps_a_connection_without_using_it_loses_the_place() {
    let house = impatient().await;
    let mut stream = house.connect().await;
    stream
        .write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await
        .unwrap();
    assert_eq!(status(&read_all(&mut stream).await), 200);
    is_served_in_the_end(&house).await;
    house.stop().await;
}

#[tokio::test]
async fn who_does_not_read_the_answer_loses_the_place() {
    let house = impatient().await;
    let mut deaf = house.connect().await;
    deaf.write_all(get_request("/large").as_bytes()).await.unwrap();
    is_served_in_the_end(&house).await;
    house.stop().await;
}

#[tokio::test]
async fn a_slow_answer_is_no_reason_to_hang_up() {
    let house = impatient().await;
    assert!(house.say(get_request("/slow")).await.ends_with("at last"));
    house.stop().await;
}

#[tokio::test]
async fn a_slash_at_the_end_of_a_path_is_nothing() {
    let house = open(config()).await;
    for path in ["/health/", "/health/?a=b/", "/health"] {
        let answer = house.say(get_request(path)).await;
        assert!(answer.ends_with("\r\n\r\nwell"), "{path}: {answer}");
    }
    let answer = house.say(get_request("/health//")).await;
    assert!(!answer.ends_with("well"), "one slash, not many: {answer}");
    house.stop().await;
}
