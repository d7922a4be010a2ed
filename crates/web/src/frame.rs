//! What stands around every page: menu, title, theme.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, HeaderValue, VARY};
use axum::response::{Html, IntoResponse, Response};
use bauta_model::Theme;
use bauta_service::App;

use crate::assets::STYLE_PATH;
use crate::csrf;
use crate::visitor::Visitor;
use crate::words::{EN, Words};

/// Where in the menu a page stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Here {
    /// Nowhere in the menu.
    Elsewhere,
    /// Front for strangers, home for people.
    Home,
    /// Public posts of this server.
    Local,
    /// Search.
    Search,
    /// Notifications.
    Notifications,
    /// Bookmarks.
    Bookmarks,
    /// Favourites.
    Favourites,
    /// The person's own profile.
    Profile,
    /// Settings.
    Settings,
    /// Moderation.
    Moderation,
    /// Sign in.
    SignIn,
    /// Sign up.
    SignUp,
    /// What is held.
    Privacy,
}

/// What stands around a page. Every page's template has it as `frame`.
pub struct Frame {
    /// Every text.
    pub words: &'static Words,
    /// The page's name, in front of the server's.
    pub title: String,
    /// The server's name.
    pub site: String,
    /// Class of the root element: `auto`, `light` or `dark`.
    pub theme: &'static str,
    /// Who looks, if signed in.
    pub handle: Option<String>,
    /// Works the reports queue.
    pub moderates: bool,
    /// Unread notifications, shown as a number.
    pub unread: usize,
    /// A message of the server's waits: one neutral line says so.
    pub message: bool,
    /// Goes into every form: of whoever is signed in, and of strangers on the pages that have one for them.
    pub csrf: String,
    /// Where in the menu this page stands.
    pub here: Here,
    /// Strangers can sign up.
    pub can_join: bool,
    /// Path of the stylesheet.
    pub style: &'static str,
    /// Search engines may list the page.
    pub indexable: bool,
    /// A made-up story: said on every page of a demo.
    pub made_up: bool,
}

impl Frame {
    /// The frame of a page called `title` for `visitor`.
    pub fn new(app: &App, visitor: &Visitor, title: impl Into<String>, here: Here) -> Self {
        Self {
            words: &EN,
            title: title.into(),
            site: app.site.title.clone(),
            theme: match visitor.theme {
                Theme::Auto => "auto",
                Theme::Light => "light",
                Theme::Dark => "dark",
            },
            handle: visitor.handle.clone(),
            moderates: visitor
                .speaker
                .as_ref()
                .is_some_and(|speaker| speaker.role.moderates()),
            unread: visitor.unread,
            message: visitor.message,
            csrf: visitor
                .token
                .as_deref()
                .map_or_else(String::new, |token| csrf::token(app, Some(token))),
            here,
            can_join: app.site.registrations != bauta_service::Registrations::Closed,
            style: &STYLE_PATH,
            indexable: false,
            made_up: app.site.made_up,
        }
    }

    /// The same for a page that has a form for strangers.
    pub fn with_form(app: &App, visitor: &Visitor, title: impl Into<String>, here: Here) -> Self {
        Self {
            csrf: csrf::token(app, visitor.token.as_deref()),
            ..Self::new(app, visitor, title, here)
        }
    }

    /// Lets search engines list the page, where `yes`.
    #[must_use]
    pub fn indexable(self, yes: bool) -> Self {
        Self {
            indexable: yes,
            ..self
        }
    }

    /// `aria-current="page"` for the menu's entry of this page.
    pub fn current(&self, here: Here) -> &'static str {
        if self.here == here {
            " aria-current=\"page\""
        } else {
            ""
        }
    }
}

/// Renders a page, with a status.
pub fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A page that everyone may read, and that strangers see alike: for them it may be kept for half a minute.
pub fn public_page(visitor: &Visitor, template: &impl Template) -> Response {
    let mut response = page(StatusCode::OK, template);
    if visitor.speaker.is_none() {
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=30"));
        headers.insert(VARY, HeaderValue::from_static("cookie"));
    }
    response
}
