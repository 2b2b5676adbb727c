//! What can be typed after `meibo`.

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::commands::{self, Settings};
use crate::config::{CommonFlags, ServingFlags};

/// A customer-identity server: OpenID Provider, user profiles and Management API.
#[derive(Debug, Parser)]
#[command(
    name = "meibo",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    after_help = "A setting is taken from its flag, then from its MEIBO_ variable, then from the TOML file."
)]
pub(crate) struct CommandLine {
    #[command(flatten)]
    common: CommonFlags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve until SIGTERM or Ctrl-C. Makes and updates the database first.
    Serve(ServingFlags),
    /// Try Meibo: the server, an example application and a person to sign in with, in a directory of their own.
    ///
    /// Other settings than the flags below, --data-dir and the log's do not count here: the demo touches no other
    /// database than its own.
    #[cfg(feature = "demo")]
    Demo(commands::demo::Arguments),
    /// Bring the database's schema up to date.
    Migrate(commands::migrate::Arguments),
    /// Check the settings, the database, its schema and the secret key. Exit code 1 when something is wrong.
    Check(ServingFlags),
    /// Make or change the key that protects the stored secrets.
    #[command(subcommand)]
    SecretKey(commands::secret_key::Command),
    /// List and rotate the keys that sign tokens. Can be used beside a running server.
    #[command(subcommand)]
    Keys(commands::keys::Command),
    /// Create and list people, set their passwords. Can be used beside a running server.
    #[command(subcommand)]
    User(commands::user::Command),
    /// Create and list applications. Can be used beside a running server.
    #[command(subcommand)]
    App(commands::app::Command),
}

impl CommandLine {
    /// Does it.
    ///
    /// # Errors
    /// What the person should be told.
    pub(crate) fn run(self) -> Result<()> {
        let serving = |flags: ServingFlags| Settings::new(self.common.clone().with(flags));
        let settings = || Settings::new(self.common.clone().into_values());
        match self.command {
            Command::Serve(flags) => commands::serve::run(&serving(flags)),
            #[cfg(feature = "demo")]
            Command::Demo(arguments) => commands::demo::run(&settings(), &arguments),
            Command::Migrate(arguments) => commands::migrate::run(&settings(), &arguments),
            Command::Check(flags) => commands::check::run(&serving(flags)),
            Command::SecretKey(command) => commands::secret_key::run(&settings(), command),
            Command::Keys(command) => commands::keys::run(&settings(), command),
            Command::User(command) => commands::user::run(&settings(), command),
            Command::App(command) => commands::app::run(&settings(), command),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn fails(arguments: &[&str]) -> String {
        let line = ["meibo"].iter().chain(arguments);
        let error = CommandLine::try_parse_from(line).unwrap_err();
        assert_eq!(error.exit_code(), 2, "{error}");
        error.to_string()
    }

    #[test]
    fn the_commands_are_consistent() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn common_flags_stand_before_or_after_the_command() {
        for line in [
            ["meibo", "--data-dir", "d", "user", "list"],
            ["meibo", "user", "--data-dir", "d", "list"],
            ["meibo", "user", "list", "--data-dir", "d"],
        ] {
            let line = CommandLine::try_parse_from(line).unwrap();
            assert_eq!(line.common.into_values()["data-dir"], ["d"]);
        }
    }

    #[test]
    fn lists_are_gathered() {
        let line = ["meibo", "serve", "--listen", "a:1,b:2", "--listen", "c:3"];
        let Command::Serve(flags) = CommandLine::try_parse_from(line).unwrap().command else {
            panic!("not serve");
        };
        let values = CommonFlags::default().with(flags);
        assert_eq!(values["listen"], ["a:1,b:2", "c:3"]);
    }

    #[test]
    fn what_is_not_known_is_named() {
        assert!(fails(&["serve", "--colour", "red"]).contains("--colour"));
        assert!(fails(&["serve", "--listn", "a:1"]).contains("--listen"));
        assert!(fails(&["user", "list", "--listen", "a:1"]).contains("--listen"));
        assert!(fails(&["serv"]).contains("serve"));
        assert!(fails(&["user", "create"]).contains("--username"));
        assert!(fails(&["serve", "--data-dir", "a", "--data-dir", "b"]).contains("--data-dir"));
    }

    #[test]
    fn help_documents_flag_and_variable() {
        let mut command = CommandLine::command();
        let serve = command.find_subcommand_mut("serve").unwrap();
        let help = serve.render_long_help().to_string();
        assert!(help.contains("--listen <HOST:PORT>"), "{help}");
        assert!(help.contains("[env: MEIBO_LISTEN]"), "{help}");
    }
}
