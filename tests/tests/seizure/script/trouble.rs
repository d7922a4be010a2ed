//! What goes wrong on that day, and somebody who leaves.

use bauta_tests::forms::Browser;
use bauta_tests::http::{Client, Request, Response};
use bauta_tests::server::Bauta;
use bauta_tests::sources::Sources;

use super::Day;
use crate::marks::Fate;

impl Day {
    /// Everything that is refused: malformed, too large, too often, not found, not allowed.
    pub(super) fn go_wrong(&mut self, server: &Bauta, stranger: &mut Client) {
        let broken = self.marks.draw(Fate::Never, "JSON that is broken off");
        let body = format!("{{\"status\": \"{broken}");
        for path in [
            "/api/v1/statuses",
            "/api/v1/apps",
            "/oauth/token",
            "/inbox",
            "/api/v1/accounts",
        ] {
            let _ = stranger.send(&Request::post(path).body("application/json", body.as_bytes()));
        }
        let large = self.marks.draw(Fate::Never, "a request that is too large");
        let much = format!("status={large}{}", "x".repeat(1_400_000));
        let request =
            Request::post("/api/v1/apps").body("application/x-www-form-urlencoded", much.as_bytes());
        match stranger.try_send(&request) {
            Ok(answer) => assert_eq!(answer.status, 413, "{}", answer.text()),
            // Tor still brings what nobody reads when the connection is closed.
            Err(why) => assert!(self.tor.is_some(), "{why}"),
        }
        let path = self.marks.draw(Fate::Never, "a path that leads nowhere");
        let query = self.marks.draw(Fate::Never, "a parameter that nobody asked for");
        let token = self.marks.draw(Fate::Never, "a token that is none");
        for target in [
            format!("/{path}?q={query}"),
            format!("/@{path}"),
            format!("/api/v1/statuses/{path}"),
            format!("/?ref={query}"),
        ] {
            let _ = stranger
                .send(&Request::get(&target).with_header("Authorization", &format!("Bearer {token}")));
        }
        let method = self.marks.draw(Fate::Never, "a host that is not this one");
        let answer = stranger.send(&Request::get("/").with_header("Host", &format!("{method}.example")));
        assert_eq!(answer.status, 421);
        let raw = self.marks.draw(Fate::Never, "bytes that are no HTTP");
        let _ = self
            .client(server)
            .raw(format!("{raw}\r\n{raw}\r\n\r\n").as_bytes());
        let often = self.marks.draw(Fate::Never, "a request that comes too often");
        // One network of its own, or the limit would be everybody's.
        let own = self.marks.draw_own(1);
        let mut client = self
            .client(server)
            .from_sources(&Sources::new(vec![*own.last().expect("one more")]));
        let answers: Vec<Response> = (0..40)
            .map(|_| client.send(&Request::post("/api/v1/accounts").form(&[("username", &often)])))
            .collect();
        assert!(
            answers.iter().any(|answer| answer.status == 429),
            "nothing was too often"
        );
        self.acted();
    }

    /// Somebody who says something, and then deletes the account.
    pub(super) fn leave(&mut self, server: &Bauta) {
        let made = server.done(&["account", "create", "leaver"]);
        let passphrase = made.lines().last().expect("it is printed").trim().to_owned();
        self.marks
            .note(Fate::Never, "the passphrase of somebody who left", &passphrase);
        let mut leaver = self
            .client(server)
            .with_token(&server.token("leaver", "read write"));
        let said = self.marks.draw(Fate::Deleted, "what somebody said who left");
        let bio = self.marks.draw(Fate::Deleted, "the profile of somebody who left");
        self.form(
            &mut leaver,
            "/api/v1/statuses",
            &[("status", &said), ("visibility", "private")],
        );
        let profile = Request::new("PATCH", "/api/v1/accounts/update_credentials")
            .form(&[("note", &bio), ("display_name", &bio[..20])]);
        self.send(&mut leaver, &profile, 200);
        let mut browser = Browser::new(self.client(server));
        let form = browser.get("/sign-in").form("Sign in").fill("Handle", "leaver");
        let _ = browser.submit(&form.fill("Passphrase", &passphrase));
        let form = browser.get("/settings/delete").form("Delete my account for good");
        let page = browser.submit(&form.fill("Your passphrase, to be sure that it is you", &passphrase));
        assert!(page.says("The account is deleted"), "{}", page.text());
        self.acted();
    }
}
