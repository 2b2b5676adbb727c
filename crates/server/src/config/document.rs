//! The table of settings as a document.

use std::fmt::Write as _;

use super::settings;

/// The settings as a Markdown document, made from the table that flags, variables and file are read by.
#[must_use]
pub fn settings_table() -> String {
    let mut text = String::from(INTRODUCTION);
    for setting in settings::ALL {
        let _ = write!(text, "\n## `{}`\n\n{}\n\n", setting.name, setting.about);
        let row = |text: &mut String, name: &str, value: &str| {
            let _ = writeln!(text, "| {name} | {} |", value.replace('|', "\\|"));
        };
        text.push_str("| | |\n| --- | --- |\n");
        let several = if setting.is_list { ", repeatable" } else { "" };
        row(
            &mut text,
            "Flag",
            &format!("`{} {}`{several}", setting.flag(), setting.value),
        );
        row(
            &mut text,
            "Variable",
            &format!(
                "`{}`{}",
                setting.variable(),
                if setting.is_list {
                    ", comma-separated"
                } else {
                    ""
                }
            ),
        );
        let key = match (setting.is_in_file(), setting.is_list) {
            (false, _) => "no".to_owned(),
            (true, true) => format!("`{}`, a text or a list of texts", setting.name),
            (true, false) => format!("`{}`", setting.name),
        };
        row(&mut text, "Key in the file", &key);
        row(&mut text, "Default", setting.default);
    }
    text
}

const INTRODUCTION: &str = "\
# Settings

A setting is looked for on the command line, then in the environment, then in a TOML file; the first that is found
counts. The file is the one that `--config` or `MEIBO_CONFIG` names, otherwise `meibo.toml` in the data directory if it
is there. Its keys have the names of the flags:

```toml
listen = [\"0.0.0.0:3001\"]
public-url = \"https://id.example.com\"
trusted-proxies = [\"10.0.0.0/8\"]
```

A setting that does not exist, or whose value is wrong, stops the start with exit code 2 and its name. Relative paths
start at the working directory.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_documented_with_flag_variable_and_key() {
        let text = settings_table();
        for setting in settings::ALL {
            let start = text.find(&format!("\n## `{}`\n", setting.name)).unwrap();
            let section = text[start + 1..].split("\n## ").next().unwrap();
            assert!(section.contains(setting.about), "{section}");
            assert!(
                section.contains(&format!("`{} ", setting.flag())),
                "{section}"
            );
            assert!(section.contains(&setting.variable()), "{section}");
            assert!(section.contains("Key in the file"), "{section}");
        }
    }

    #[test]
    fn a_value_with_a_bar_does_not_break_its_row() {
        assert!(settings_table().contains("`--log-format text\\|json`"));
    }
}
