//! Stories: a person and an application from the first request to the last.

mod at_once;
mod demo_inbox;
mod ended_session;
mod locked_out;
mod sign_in;
