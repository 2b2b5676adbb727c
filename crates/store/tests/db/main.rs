//! The storage core, on a SQLite file and on a PostgreSQL server.

mod commits;
mod loss;
mod migrations;
mod pgbouncer;
mod place;
mod postgres_limits;
mod races;
mod sqlite_faults;
mod sqlite_file;
mod sqlite_limits;
mod statements;
mod stub;
#[path = "../support/postgres.rs"]
mod support;
mod tls;
mod values;
mod write_error;
