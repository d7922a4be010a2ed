//! Everything about text: render, count, clean, look for leaks. Pure: no I/O, nothing is kept.

mod characters;
mod clean;
mod count;
mod emoji;
mod escape;
mod host;
pub mod leaks;
mod links;
mod markup;
mod plain;
mod render;
mod sanitise;
mod scan;
mod tracking;

pub use clean::{clean_line, clean_name, clean_text};
pub use count::{LINK_CHARS, count};
pub use emoji::{is_emoji, is_shortcode, shortcodes, with_emoji};
pub use escape::escape_html;
pub use links::{clean_links, clean_url};
pub use plain::{excerpt, plain};
pub use render::{Rendered, Site, named, relative, render, render_field, render_line};
pub use sanitise::sanitise;
