//! The guides in docs/guides do what they say: their commands are run as they stand there, and answer what is shown.

mod document;
mod shell;
mod user_profile;
