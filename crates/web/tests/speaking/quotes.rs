//! Quoting on pages without script.

use super::*;

/// The number in a post's path.
fn number(place: &str) -> &str {
    place.rsplit('/').next().unwrap()
}

/// Quotes the post of a path, from the composer as it is opened for that.
async fn quotes(who: &Person<'_>, quoted: &str, text: &str) -> String {
    let id = number(quoted);
    let page = format!("/compose?quote={id}");
    let opened = who.get(&page).await.text;
    assert!(opened.contains(&format!("name=\"quote\" value=\"{id}\"")));
    assert!(opened.contains("Your post will show this one"));
    let form = [("text", text), ("visibility", "public"), ("quote", id)];
    let sent = who.send_from(&page, "/compose", &form).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    sent.header("location").to_owned()
}

#[tokio::test]
async fn a_quote_is_shown_in_a_box_and_its_author_takes_it_out() {
    let house = House::new().await;
    let (ann, bob) = (Person::new(&house, "ann").await, Person::new(&house, "bob").await);
    let first = ann.says("the tide is high").await;
    let link = format!("href=\"/compose?quote={}\"", number(&first));
    assert!(bob.get(&first).await.text.contains(&link));
    let quoting = quotes(&bob, &first, "so it is").await;
    let page = house.get(&quoting).await.text;
    assert!(page.contains("<blockquote class=\"note\">") && page.contains("the tide is high"));
    assert!(!page.contains("Remove my post"));
    let list = format!("{first}/quotes");
    assert!(house.get(&first).await.text.contains(&format!("href=\"{list}\"")));
    assert!(house.get(&list).await.text.contains("so it is"));
    assert!(ann.get("/notifications").await.text.contains("quoted your post"));

    let remove = format!("{list}/{}/remove", number(&quoting));
    assert!(
        ann.get(&quoting)
            .await
            .text
            .contains("Remove my post from this quote")
    );
    let back = format!("{first}#p{}", number(&quoting));
    ann.does(&remove, &[], &back).await;
    let page = house.get(&quoting).await.text;
    assert!(
        page.contains("The author of the quoted post has removed it") && !page.contains("the tide is high")
    );
    assert!(house.get(&list).await.text.contains("Nobody quotes it"));
    assert_eq!(bob.send(&remove, &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_may_quote_is_chosen_in_the_composer_and_kept_in_an_edit() {
    let house = House::new().await;
    let (ann, bob) = (Person::new(&house, "ann").await, Person::new(&house, "bob").await);
    let form = [
        ("text", "mine alone"),
        ("visibility", "public"),
        ("quoters", "nobody"),
    ];
    let sent = ann.send_from("/compose", "/compose", &form).await;
    let place = sent.header("location").to_owned();
    assert!(!bob.get(&place).await.text.contains("/compose?quote="));
    let id = number(&place).to_owned();
    let form = [("text", "look"), ("visibility", "public"), ("quote", id.as_str())];
    let refused = bob.send_from("/compose", "/compose", &form).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("lets nobody quote it") && refused.text.contains("look</textarea>"));
    let edit = format!("{place}/edit");
    let page = ann.get(&edit).await.text;
    assert!(page.contains("<option value=\"nobody\" selected>"));
    let form = [("text", "for all"), ("quoters", "public")];
    ann.send_from(&edit, &edit, &form).await;
    assert!(
        bob.get(&place)
            .await
            .text
            .contains(&format!("/compose?quote={id}"))
    );

    ann.does(
        "/settings/preferences",
        &[("quoters", "followers")],
        "/settings/preferences?saved=1",
    )
    .await;
    assert!(
        ann.get("/compose")
            .await
            .text
            .contains("<option value=\"followers\" selected>")
    );
    let preset = ann.says("as I prefer").await;
    assert!(!bob.get(&preset).await.text.contains("/compose?quote="));
}

#[tokio::test]
async fn why_a_quote_shows_nothing_is_said_in_words() {
    let house = House::new().await;
    let (ann, bob) = (Person::new(&house, "ann").await, Person::new(&house, "bob").await);
    let carl = Person::new(&house, "carl").await;
    let first = ann.says("the tide is high").await;
    let quoting = quotes(&bob, &first, "so it is").await;
    carl.does("/@ann/mute", &[], "/@ann").await;
    let page = carl.get(&quoting).await.text;
    assert!(page.contains("A post by somebody whom you mute") && page.contains("the tide is high"));
    carl.does("/@ann/block", &[], "/@ann").await;
    let page = carl.get(&quoting).await.text;
    assert!(page.contains("by somebody whom you block") && !page.contains("the tide is high"));
    ann.send(&format!("{first}/delete"), &[]).await;
    let page = house.get(&quoting).await.text;
    assert!(page.contains("The quoted post was deleted.") && page.contains("so it is"));
}

#[tokio::test]
async fn who_may_answer_is_chosen_and_minded() {
    let house = House::new().await;
    let (ann, bob) = (Person::new(&house, "ann").await, Person::new(&house, "bob").await);
    let form = [
        ("text", "no answers"),
        ("visibility", "public"),
        ("repliers", "nobody"),
    ];
    let sent = ann.send_from("/compose", "/compose", &form).await;
    let place = sent.header("location").to_owned();
    let id = number(&place).to_owned();
    let link = format!("/compose?reply={id}");
    assert!(!bob.get(&place).await.text.contains(&link) && ann.get(&place).await.text.contains(&link));
    let form = [("text", "but"), ("visibility", "public"), ("reply", id.as_str())];
    let refused = bob.send_from("/compose", "/compose", &form).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("lets nobody answer it") && refused.text.contains("but</textarea>"));
    ann.does(
        "/settings/preferences",
        &[("repliers", "mentioned")],
        "/settings/preferences?saved=1",
    )
    .await;
    let named = ann.says("what do you say, @bob?").await;
    assert!(bob.get(&named).await.text.contains("/compose?reply="));
    let carl = Person::new(&house, "carl").await;
    assert!(!carl.get(&named).await.text.contains("/compose?reply="));
}
