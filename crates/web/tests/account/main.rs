//! The account pages as a person goes through them: a browser that knows links and forms only, over a real server with
//! a real database.

mod apps;
mod house;
mod join;
mod settings;
