//! One module a page or a small group of pages.

mod about;
mod away;
pub use about::source_place;
mod account;
pub use account::local_path;
mod care;
mod circles;
pub mod demo;
mod desk;
mod elsewhere;
mod embed;
mod explore;
mod front;
mod legal;
mod oembed;
mod people;
mod post;
pub use post::excerpt;
mod privacy;
mod profile;
mod quotes;
mod record;
pub use record::{RecordFolder, static_files as static_record};
mod robots;
mod search;
mod security_txt;
mod share;
mod short;
mod speaking;
mod tag;

use std::sync::Arc;

use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post as posted};
use bauta_model::{Handle, PostId};
use bauta_service::reading::Shown;
use bauta_service::{App, Refused};

use crate::visitor::Visitor;

/// Every page's route.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(front::front))
        .route("/local", get(front::local))
        .route("/search", get(search::show))
        .route("/explore", get(explore::explore))
        .route("/directory", get(explore::directory).post(explore::dismiss))
        .route("/tags/{tag}", get(tag::tag))
        .route("/@{handle}", get(profile::posts))
        .route("/@{handle}/with-replies", get(profile::with_replies))
        .route("/@{handle}/media", get(profile::media))
        .route("/@{handle}/followers", get(people::followers))
        .route("/@{handle}/following", get(people::following))
        .route(
            "/@{handle}/elsewhere",
            get(elsewhere::follow).post(elsewhere::go_follow),
        )
        .route("/@{handle}/{id}", get(post::post))
        .route(
            "/@{handle}/{id}/elsewhere",
            get(elsewhere::open).post(elsewhere::go_open),
        )
        .route("/@{handle}/{id}/history", get(post::history))
        .route("/@{handle}/{id}/quotes", get(quotes::list))
        .route("/@{handle}/{id}/quotes/{quoting}/remove", posted(quotes::remove))
        .route("/@{handle}/{id}/embed", get(embed::embed))
        .route("/@{handle}/{id}/share", get(share::share).post(share::elsewhere))
        .route("/media/away/{id}", get(away::show).post(away::ask))
        .route("/share", get(share::here))
        .route("/api/oembed", get(oembed::oembed))
        .route("/l/{code}", get(short::follow))
        .route("/about", get(about::about))
        .route("/source", get(about::source))
        .route("/privacy", get(privacy::privacy))
        .route("/legal", get(legal::legal))
        .route("/.well-known/security.txt", get(security_txt::security))
        .route("/robots.txt", get(robots::robots))
        .merge(account::routes())
        .merge(speaking::routes())
        .merge(care::routes())
        .merge(circles::routes())
        .merge(record::routes())
        .merge(desk::routes())
}

/// What stands in an address in the place of a post.
type PostPath = (String, String);

/// The post of an address `/@handle/ID`, if the visitor may read it; or where it is instead, when the address has
/// another handle or another case. `rest` is what follows.
async fn post_at(
    app: &App,
    visitor: &Visitor,
    path: &PostPath,
    rest: &str,
) -> Result<Result<Shown, Response>, Refused> {
    let handle = Handle::parse_any(&path.0).map_err(|_| Refused::NotFound)?;
    let id: PostId = path.1.parse().map_err(|_| Refused::NotFound)?;
    let shown = bauta_service::posts::read(app, visitor.speaker.as_ref(), id).await?;
    let author = &shown.author.account.handle;
    if shown.boost.is_none() && author.as_str() == handle.as_str() {
        return Ok(Ok(shown));
    }
    let place = format!("/@{author}/{}{rest}", shown.card.post.id);
    Ok(Err(Redirect::permanent(&place).into_response()))
}
