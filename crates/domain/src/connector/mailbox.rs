//! A sender: an address, perhaps with a name (RFC 5322 section 3.4).

use std::fmt;

use crate::{Error, Result, email::EmailAddress, text::check_text};

/// `Shop <shop@example.com>`, or the address alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The name, without the quotes that it may stand in.
    pub name: Option<String>,
    /// The address.
    pub address: EmailAddress,
}

impl Mailbox {
    /// Takes one line of at most 320 characters.
    ///
    /// # Errors
    /// `guard.invalid_input` for anything else.
    pub fn parse(text: &str) -> Result<Self> {
        check_text("", text, 320)?;
        let Some(before) = text.trim_end().strip_suffix('>') else {
            return Ok(Self {
                name: None,
                address: EmailAddress::parse(text)?,
            });
        };
        let wrong = || Error::invalid("", "email", "a name and an address in < >");
        let (name, address) = before.rsplit_once('<').ok_or_else(wrong)?;
        let name = name.trim();
        let quoted = name
            .strip_prefix('"')
            .and_then(|name| name.strip_suffix('"'));
        let name = quoted.map_or_else(|| name.to_owned(), unescape);
        Ok(Self {
            name: (!name.is_empty()).then_some(name),
            address: EmailAddress::parse(address)?,
        })
    }
}

/// What a quoted string stands for: a backslash makes way for the character after it.
fn unescape(quoted: &str) -> String {
    let mut name = String::with_capacity(quoted.len());
    let mut characters = quoted.chars();
    while let Some(character) = characters.next() {
        name.push(match character {
            '\\' => characters.next().unwrap_or(character),
            other => other,
        });
    }
    name
}

/// As a header has it: the name in quotes when it has more than words, the domain in ASCII.
impl fmt::Display for Mailbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = self.address.with_ascii_domain();
        let Some(name) = &self.name else {
            return formatter.write_str(&address);
        };
        let is_word = |character: char| {
            character.is_alphanumeric() || " !#$%&'*+-/=?^_`{|}~".contains(character)
        };
        if name.chars().all(is_word) {
            return write!(formatter, "{name} <{address}>");
        }
        let escaped = name.replace('\\', "\\\\").replace('"', "\\\"");
        write!(formatter, "\"{escaped}\" <{address}>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_when_they_must_be() {
        for (text, name, written) in [
            ("a@b.example", None, "a@b.example"),
            ("<a@b.example>", None, "a@b.example"),
            ("Shop <a@b.example>", Some("Shop"), "Shop <a@b.example>"),
            ("店 <a@店.example>", Some("店"), "店 <a@xn--hxt.example>"),
            (
                "Shop, Inc. <a@b.example>",
                Some("Shop, Inc."),
                "\"Shop, Inc.\" <a@b.example>",
            ),
            (
                "\"Shop, Inc.\" <a@b.example>",
                Some("Shop, Inc."),
                "\"Shop, Inc.\" <a@b.example>",
            ),
            (
                "A \"B\" \\ <a@b.example>",
                Some("A \"B\" \\"),
                "\"A \\\"B\\\" \\\\\" <a@b.example>",
            ),
            (
                "Evil <x@y.example> <a@b.example>",
                Some("Evil <x@y.example>"),
                "\"Evil <x@y.example>\" <a@b.example>",
            ),
        ] {
            let mailbox = Mailbox::parse(text).unwrap();
            assert_eq!(mailbox.name.as_deref(), name, "{text}");
            assert_eq!(mailbox.to_string(), written);
            assert_eq!(Mailbox::parse(written).unwrap().name.as_deref(), name);
        }
    }

    #[test]
    fn one_line_with_one_address() {
        for bad in [
            "",
            "Shop",
            "Shop <shop>",
            "a@b.example\r\nBcc: c@d.example",
            "Shop\n <a@b.example>",
            "Shop <a@b.example> and more",
            "a@b.example, c@d.example",
            &format!("{} <a@b.example>", "x".repeat(320)),
        ] {
            assert!(Mailbox::parse(bad).is_err(), "{bad:?}");
        }
    }
}
