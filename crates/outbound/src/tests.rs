//! Against real listeners on loopback.

mod hostile;
mod house;
mod https;
mod tor;
mod well;
