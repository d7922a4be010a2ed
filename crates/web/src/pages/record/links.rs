//! Where things of the record are: on the server, or in a folder of files that any archive can hold.

/// How links are written.
#[derive(Clone)]
pub struct Links {
    /// What stands before every path.
    prefix: String,
    /// What stands behind the path of a page.
    index: &'static str,
    /// The server itself, for what is not in the folder.
    server: String,
}

impl Links {
    /// On the server.
    pub fn live() -> Self {
        Self {
            prefix: "/".to_owned(),
            index: "",
            server: String::new(),
        }
    }

    /// In a file that lies `depth` folders below the top. `server` is the address of the server that it is about.
    pub fn file(depth: usize, server: &str) -> Self {
        Self {
            prefix: "../".repeat(depth),
            index: "/index.html",
            server: server.to_owned(),
        }
    }

    /// A page of the record.
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}{}", self.prefix, self.index)
    }

    /// A file of the record.
    pub fn raw(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// Another page of the server.
    pub fn server(&self, path: &str) -> String {
        format!("{}{path}", self.server)
    }

    /// The command with which a reader checks the record.
    pub fn command(&self, base_url: &str) -> String {
        if self.server.is_empty() {
            format!("bauta verify {base_url}")
        } else {
            "bauta verify .".to_owned()
        }
    }
}
