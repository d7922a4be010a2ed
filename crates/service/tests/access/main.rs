//! How people and apps come in and go, on real stores of both kinds.

mod apps;
mod house;
mod people;
