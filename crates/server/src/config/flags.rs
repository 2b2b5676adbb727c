//! The flags, made from the table of settings.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, error::Result};

use super::given::Values;
use super::settings::{self, Reach, Setting};

/// The flags that every command takes, before or after its name.
#[derive(Debug, Clone, Default)]
pub(crate) struct CommonFlags(Values);

/// The flags that only serving commands take.
#[derive(Debug, Clone, Default)]
pub(crate) struct ServingFlags(Values);

impl CommonFlags {
    /// What was given.
    pub(crate) fn into_values(self) -> Values {
        self.0
    }

    /// What was given, with what a serving command was given beside it.
    pub(crate) fn with(mut self, serving: ServingFlags) -> Values {
        self.0.extend(serving.0);
        self.0
    }
}

fn reaching(reach: Reach) -> impl Iterator<Item = &'static Setting> {
    settings::ALL
        .iter()
        .copied()
        .filter(move |setting| setting.reach == reach)
}

fn argument(setting: &'static Setting) -> Arg {
    let everywhere = setting.reach == Reach::Everywhere;
    Arg::new(setting.name)
        .long(setting.name)
        .value_name(setting.value)
        // an empty value is refused with the setting's own words
        .value_parser(clap::builder::StringValueParser::new())
        .action(if setting.is_list {
            ArgAction::Append
        } else {
            ArgAction::Set
        })
        .help(format!(
            "{} [default: {}] [env: {}]",
            setting.about.trim_end_matches('.').replace('`', ""),
            setting.default.replace('`', ""),
            setting.variable()
        ))
        .help_heading(if everywhere {
            "Settings"
        } else {
            "Settings of the server"
        })
        .global(everywhere)
}

fn read(matches: &ArgMatches, reach: Reach) -> Values {
    let given = |setting: &Setting| -> Option<Vec<String>> {
        Some(matches.get_many(setting.name)?.cloned().collect())
    };
    reaching(reach)
        .filter_map(|setting| Some((setting.name, given(setting)?)))
        .collect()
}

macro_rules! flags {
    ($($name:ident $reach:ident;)+) => {$(
        impl Args for $name {
            fn augment_args(command: Command) -> Command {
                command.args(reaching(Reach::$reach).map(argument))
            }

            fn augment_args_for_update(command: Command) -> Command {
                Self::augment_args(command)
            }
        }

        impl FromArgMatches for $name {
            fn from_arg_matches(matches: &ArgMatches) -> Result<Self> {
                Ok(Self(read(matches, Reach::$reach)))
            }

            fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<()> {
                self.0.extend(read(matches, Reach::$reach));
                Ok(())
            }
        }
    )+};
}

flags! {
    CommonFlags Everywhere;
    ServingFlags Serving;
}
