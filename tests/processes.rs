//! The product as it is run: settings, command line, start, stop, logs, and two nodes that share a database.

mod code_logs;
mod command_line;
mod first_start;
mod keys;
mod logs;
mod migrations;
mod races;
mod secret_key;
mod settings;
mod stop;
mod two_nodes;
