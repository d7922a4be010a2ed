//! The texts of the page about small pictures with a name. See [`crate::words`].

catalogue! {
    emoji: "Emoji";
    emoji_lead: "Small pictures that people here put into posts and profiles by their names. Who added one is not kept.";
    emoji_empty: "There are none yet.";
    emoji_remove: "Remove";
    emoji_add: "Add an emoji";
    emoji_name: "Name";
    emoji_name_hint: "2 to 64 letters from A to Z, digits and underscores.";
    emoji_category: "Category in apps";
    emoji_category_hint: "May be empty.";
    emoji_file: "Picture";
    emoji_file_hint: "PNG, GIF, WebP or JPEG, at most 256 KB and 512 pixels a side. It is rebuilt from its pixels.";
    emoji_add_now: "Add it";
}
