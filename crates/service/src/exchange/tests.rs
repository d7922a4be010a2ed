//! Taking along and bringing in, on both databases.

use std::collections::BTreeSet;

use bauta_model::Visibility;
use bauta_store::Window;

use super::{held, *};
use crate::posts::{self, Draft};
use crate::relations::{self, Silence, Wish};
use crate::testing::{Server, on_both};
use crate::{Refused, Speaker, keepsakes, lists};

async fn until_over(server: &Server, of: &Speaker) -> Progress {
    loop {
        let progress = progress(&server.app, of).unwrap();
        if progress.over {
            return progress;
        }
        tokio::task::yield_now().await;
    }
}

async fn bring(server: &Server, of: &Speaker, kind: Kind, file: &str) -> Progress {
    begin(&server.app, of, kind, file.as_bytes().to_vec()).unwrap();
    until_over(server, of).await
}

#[test]
fn what_one_account_takes_along_another_brings_in() {
    on_both(async |server| {
        let [me, other, third, again] = [
            server.join(1).await,
            server.join(2).await,
            server.join(3).await,
            server.join(4).await,
        ];
        let app = &server.app;
        let wish = Wish {
            show_boosts: Some(false),
            notify: Some(true),
        };
        relations::follow(app, &me, other.account, wish).await.unwrap();
        relations::block(app, &me, third.account).await.unwrap();
        relations::mute(app, &me, other.account, Silence::default())
            .await
            .unwrap();
        keepsakes::block_domain(app, &me, "far.example").await.unwrap();
        let list = lists::Wish {
            title: Some("Lagoon, and \"more\"".into()),
            ..lists::Wish::default()
        };
        let list = lists::create(app, &me, list).await.unwrap().id;
        lists::add(app, &me, list, vec![other.account]).await.unwrap();
        let post = posts::post(app, &other, Draft::new("high water"))
            .await
            .unwrap()
            .id();
        posts::bookmark(app, &me, post).await.unwrap();
        let mut files = Vec::new();
        for kind in Kind::ALL {
            files.push((kind, export::file(app, &me, kind).await.unwrap()));
        }
        assert_eq!(
            files[0].1,
            "Account address,Show boosts,Notify on new posts,Languages\na2@bauta.example,false,true,\n"
        );
        assert_eq!(files[1].1, "a3@bauta.example\n");
        assert_eq!(
            files[2].1,
            "Account address,Hide notifications\na2@bauta.example,true\n"
        );
        assert_eq!(files[3].1, "\"Lagoon, and \"\"more\"\"\",a2@bauta.example\n");
        assert_eq!(files[4].1, format!("https://bauta.example/@a2/{post}\n"));
        assert_eq!(files[5].1, "far.example\n");
        for (kind, file) in &files {
            let progress = bring(&server, &again, *kind, file).await;
            assert_eq!(
                (progress.taken, progress.not_taken),
                (1, 0),
                "{kind:?}: {progress:?}"
            );
        }
        for (kind, file) in &files {
            assert_eq!(&export::file(app, &again, *kind).await.unwrap(), file);
        }
    });
}

#[test]
fn what_can_not_be_taken_is_told_line_by_line_and_stops_nothing() {
    on_both(async |server| {
        let (me, other) = (server.join(1).await, server.join(2).await);
        let app = &server.app;
        let file = "Account address\n<b>@nowhere\na1@bauta.example\nnobody\nfar@away.example\na2\n";
        let progress = bring(&server, &me, Kind::Follows, file).await;
        assert_eq!((progress.lines, progress.taken, progress.not_taken), (5, 1, 4));
        assert_eq!(progress.failed.len(), 4);
        let reader = crate::reading::reader(app, me.account).await.unwrap();
        assert!(reader.follows(other.account));
        for wrong in ["", "\n\n", &"a\n".repeat(10_001)] {
            let refused = begin(app, &me, Kind::Blocks, wrong.as_bytes().to_vec());
            assert!(matches!(refused, Err(Refused::Invalid { field: "file", .. })));
        }
        let refused = begin(app, &me, Kind::Blocks, vec![0xFF, 0xFE]);
        assert!(matches!(refused, Err(Refused::Invalid { field: "file", .. })));
        let progress = bring(
            &server,
            &me,
            Kind::Bookmarks,
            "nonsense\nhttps://bauta.example/@a2/7\n",
        )
        .await;
        assert_eq!((progress.taken, progress.not_taken), (0, 2));
        assert_eq!(
            super::progress(app, &other),
            None,
            "nobody sees what others bring in"
        );
    });
}

#[test]
fn the_export_holds_what_the_inventory_says_and_nothing_of_others() {
    on_both(async |server| {
        let (me, other) = (server.join(1).await, server.join(2).await);
        let app = &server.app;
        relations::follow(app, &me, other.account, Wish::default())
            .await
            .unwrap();
        let draft = Draft {
            visibility: Visibility::Followers,
            ..Draft::new("for a few")
        };
        let post = posts::post(app, &me, draft).await.unwrap().id();
        posts::post(app, &other, Draft::new("what the other says"))
            .await
            .unwrap();
        relations::requests(app, &me, Window::first(1)).await.unwrap();
        let (id, inventory) = (me.account, app.inventory);
        let (rows, counts) = app
            .store
            .read("test", move |conn| {
                let rows = held::rows(conn, inventory, id)?;
                Ok::<_, bauta_store::Error>((rows, bauta_store::holdings::count(conn, inventory, id)?))
            })
            .await
            .unwrap();
        let written = serde_json::to_string(&rows).unwrap();
        assert!(written.contains("for a few") && !written.contains("what the other says"));
        assert_eq!(rows["posts"][0]["id"], serde_json::json!(post.get()));
        let exported: BTreeSet<&str> = rows.keys().map(String::as_str).collect();
        for (table, count) in counts.iter().filter(|(_, count)| **count > 0) {
            let table = table
                .split('/')
                .next()
                .unwrap_or(table)
                .split('.')
                .next()
                .unwrap_or(table);
            let declared = inventory.table(table);
            let theirs = declared.is_some_and(|table| table.columns.iter().any(held::is_theirs));
            assert_eq!(theirs, exported.contains(table), "{table}: {count} rows");
        }
        let secret = ["passphrase_hash", "token_hash", "moderator_id", "assignee_id"];
        assert!(secret.iter().all(|column| !written.contains(column)), "{written}");
    });
}
