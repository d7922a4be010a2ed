//! Pictures of profiles, through a real child, to the disk and off it again.

use bauta_service::accounts::update_profile::{Changes, PictureChange};
use bauta_service::{Refused, Registrations, accounts, pictures};

use super::house::{HERE, WORDS, field, on_both, secret};
use bauta_service::accounts::sign_up::WayIn;

/// A picture of one pixel: red, as a GIF.
const RED: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\xFF\0\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

fn avatar(change: PictureChange) -> Changes {
    Changes {
        avatar: change,
        ..Changes::default()
    }
}

#[tokio::test]
async fn a_picture_is_rebuilt_shown_replaced_and_erased() {
    on_both(Registrations::Open, |house| async move {
        let made = house.sign_up("alice", WayIn::Open).await.unwrap();
        let alice = house.speaker(&made.token).await.unwrap();
        let set = async |change| accounts::update_profile(&house.app, &alice, avatar(change)).await;
        let first = set(PictureChange::Replace(RED.to_vec()))
            .await
            .unwrap()
            .avatar
            .unwrap();
        let shown = pictures::read(&house.app, first).await.unwrap();
        assert_ne!(shown.bytes, RED);
        assert!(house.holds(&shown.bytes));
        let second = set(PictureChange::Replace(RED.to_vec()))
            .await
            .unwrap()
            .avatar
            .unwrap();
        assert_ne!(first, second, "an address never changes what it shows");
        assert!(matches!(
            pictures::read(&house.app, first).await,
            Err(Refused::NotFound)
        ));
        let broken = set(PictureChange::Replace(b"GIF89a and nothing else".to_vec())).await;
        assert_eq!(field(broken), "avatar");
        assert_eq!(set(PictureChange::Keep).await.unwrap().avatar, Some(second));
        assert_eq!(set(PictureChange::Remove).await.unwrap().avatar, None);
        house.until_erased(&shown.bytes).await;
    })
    .await;
}

#[tokio::test]
async fn the_pictures_of_a_deleted_account_are_erased() {
    on_both(Registrations::Open, |house| async move {
        let made = house.sign_up("alice", WayIn::Open).await.unwrap();
        let alice = house.speaker(&made.token).await.unwrap();
        let change = avatar(PictureChange::Replace(RED.to_vec()));
        let id = accounts::update_profile(&house.app, &alice, change)
            .await
            .unwrap()
            .avatar
            .unwrap();
        let bytes = pictures::read(&house.app, id).await.unwrap().bytes;
        accounts::delete_account(&house.app, &alice, &secret(WORDS), HERE)
            .await
            .unwrap();
        house.until_erased(&bytes).await;
        assert!(house.speaker(&made.token).await.is_none());
    })
    .await;
}
