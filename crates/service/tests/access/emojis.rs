//! Small pictures with a name, through a real child, into memory and out of it again.

use bauta_model::{EmojiId, Role};
use bauta_service::emojis::{self, New};
use bauta_service::{App, Refused, Registrations, Speaker};

use super::house::{field, on_both};

/// A picture of one pixel: red, as a GIF.
const RED: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\xFF\0\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

async fn add(app: &App, who: &Speaker, shortcode: &str, file: &[u8]) -> Result<(), Refused> {
    let new = New {
        shortcode: shortcode.into(),
        category: "Lagoon".into(),
        file: file.to_vec(),
    };
    emojis::add(app, who, new).await
}

fn names(app: &App, texts: &[&str]) -> Vec<String> {
    let found = app.emojis.of(texts.iter().copied());
    found.iter().map(|one| one.shortcode.clone()).collect()
}

#[tokio::test]
async fn a_name_is_a_picture_from_when_moderators_add_it_until_they_remove_it() {
    on_both(Registrations::Open, |house| async move {
        let app = &house.app;
        let person = house.join("alice").await.1;
        let moderator = Speaker {
            role: Role::Moderator,
            ..house.join("bob").await.1
        };
        let refused = add(app, &person, "sea", RED).await;
        assert!(matches!(refused, Err(Refused::Forbidden(_))));
        for wrong in ["", "a", "two words", "<b>", "mañana", &"x".repeat(65)] {
            assert_eq!(
                field(add(app, &moderator, wrong, RED).await),
                "shortcode",
                "{wrong}"
            );
        }
        assert_eq!(field(add(app, &moderator, "sea", b"").await), "file");
        assert_eq!(field(add(app, &moderator, "sea", b"<svg/>").await), "file");
        assert_eq!(
            field(add(app, &moderator, "sea", &vec![0; 300_000]).await),
            "file"
        );
        assert_eq!(names(app, &[":sea:"]), Vec::<String>::new());
        add(app, &moderator, ":sea:", RED).await.unwrap();
        add(app, &moderator, "Sea_2", RED).await.unwrap();
        assert_eq!(field(add(app, &moderator, "sea", RED).await), "shortcode");
        assert_eq!(
            names(app, &["at :Sea_2:", ":sea: :none: :Sea_2:"]),
            ["Sea_2", "sea"]
        );
        let id = app.emojis.get("sea").unwrap().id;
        let (mime, bytes) = emojis::picture(app, id, false).await.unwrap();
        assert_eq!((mime, &bytes[1..4]), ("image/png", &b"PNG"[..]));
        assert_eq!(emojis::picture(app, id, true).await.unwrap().1, bytes);
        let refused = emojis::remove(app, &person, id).await;
        assert!(matches!(refused, Err(Refused::Forbidden(_))));
        emojis::remove(app, &moderator, id).await.unwrap();
        assert_eq!(names(app, &[":sea:"]), Vec::<String>::new());
        for gone in [id, EmojiId::random()] {
            let gone = emojis::picture(app, gone, false).await;
            assert!(matches!(gone, Err(Refused::NotFound)));
        }
        let again = emojis::remove(app, &moderator, id).await;
        assert!(matches!(again, Err(Refused::NotFound)));
    })
    .await;
}
