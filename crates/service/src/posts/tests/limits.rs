//! Short links, and how little a new account may say at first.

use super::*;

#[test]
fn a_long_link_can_be_made_short_and_stopped() {
    on_both(|server| async move {
        let alice = server.join(1).await;
        let url = format!("https://news.example/{}", "a".repeat(80));
        let draft = Draft {
            shorten: true,
            ..Draft::new(format!("Read {url} now"))
        };
        let posted = post(&server.app, &alice, draft).await.unwrap();
        let text = posted.card.post.text.clone();
        let code = text
            .split("/l/")
            .nth(1)
            .unwrap()
            .split(' ')
            .next()
            .unwrap()
            .to_owned();
        assert_eq!(resolve(&server.app, &code).await.unwrap(), Resolved::To(url));
        assert!(matches!(
            stop(&server.app, &alice, &code, true).await,
            Err(Refused::Forbidden(_))
        ));
        let operator = Speaker {
            role: Role::Operator,
            ..alice.clone()
        };
        stop(&server.app, &operator, &code, true).await.unwrap();
        assert_eq!(resolve(&server.app, &code).await.unwrap(), Resolved::Stopped);
        delete_post(&server.app, &alice, posted.id()).await.unwrap();
        assert!(matches!(
            resolve(&server.app, &code).await,
            Err(Refused::NotFound)
        ));
    });
}

#[test]
fn a_new_account_says_less_where_anybody_can_sign_up() {
    on_both(async |server| {
        let (new, old) = (server.join(1).await, server.join(2).await);
        let january_2016 = 552;
        server
            .sql(format!(
                "UPDATE accounts SET joined_month = {january_2016} WHERE id = 2"
            ))
            .await;
        let mut said = [0, 0];
        for (who, count) in [&new, &old].into_iter().zip(&mut said) {
            while *count < 31 && post(&server.app, who, Draft::new("Again")).await.is_ok() {
                *count += 1;
            }
        }
        assert_eq!(said, [30, 31]);
        let refused = post(&server.app, &new, Draft::new("Again")).await;
        assert!(matches!(refused, Err(Refused::Limited { minutes: 2 })));
        let many = "https://a.example/\n".repeat(11);
        let third = server.join(3).await;
        let refused = post(&server.app, &third, Draft::new(many)).await;
        assert!(matches!(refused, Err(Refused::Invalid { .. })));
    });
}

#[test]
fn a_flood_of_requests_to_quote_is_refused() {
    on_both(async |server| {
        let (one, other) = (server.join(1).await, server.join(2).await);
        for _ in 0..30 {
            check_asking(&server.app, &one).await.unwrap();
        }
        let refused = check_asking(&server.app, &one).await;
        assert!(matches!(refused, Err(Refused::Limited { .. })));
        assert!(check_asking(&server.app, &other).await.is_ok());
    });
}
