//! Stories: a person and an application from the first request to the last.

mod at_once;
mod ended_session;
mod locked_out;
mod sign_in;
