//! What people and applications are told while the database cannot write, and that nothing acknowledged is lost.

mod database_stopped;
mod disk_full;
mod lost_connections;
mod out_of_space;
mod refusals;
