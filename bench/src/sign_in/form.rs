//! Finding a form in a page: enough of HTML for pages of our own server.

/// A form as a browser would send it when its first button is pressed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Form {
    /// As it stands in the page; empty means the page's own URL.
    pub(super) action: String,
    /// Names and values, in source order.
    fields: Vec<(String, String)>,
}

impl Form {
    /// The first form of the page that has a field called `name`.
    pub(super) fn with_field(html: &str, name: &str) -> Option<Self> {
        let mut form: Option<Self> = None;
        let mut has_button = false;
        for tag in Tags(html) {
            match (tag.name.as_str(), &mut form) {
                ("form", _) => {
                    form = Some(Self {
                        action: tag.attribute("action").unwrap_or_default(),
                        fields: Vec::new(),
                    });
                    has_button = false;
                }
                ("/form", Some(whole)) if whole.fields.iter().any(|(field, _)| field == name) => {
                    return form;
                }
                ("/form", _) => form = None,
                ("input", Some(form)) => {
                    if let Some(field) = tag.attribute("name") {
                        form.fields
                            .push((field, tag.attribute("value").unwrap_or_default()));
                    }
                }
                ("button", Some(form))
                    if !has_button && tag.attribute("type").is_none_or(|kind| kind == "submit") =>
                {
                    has_button = true;
                    if let Some(field) = tag.attribute("name") {
                        form.fields
                            .push((field, tag.attribute("value").unwrap_or_default()));
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The fields to send, with `values` typed into the fields of those names.
    pub(super) fn filled<'a>(&'a self, values: &[(&str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let typed = |name: &str| {
            values
                .iter()
                .find(|(field, _)| *field == name)
                .map(|(_, value)| *value)
        };
        self.fields
            .iter()
            .map(|(name, value)| (name.as_str(), typed(name).unwrap_or(value)))
            .collect()
    }
}

struct Tag {
    /// In lower case; of an end tag with its slash.
    name: String,
    /// Values are decoded.
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn attribute(&self, name: &str) -> Option<String> {
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
    }
}

/// The tags of what is left of a page; comments are skipped.
struct Tags<'a>(&'a str);

impl Iterator for Tags<'_> {
    type Item = Tag;

    fn next(&mut self) -> Option<Tag> {
        loop {
            let (_, rest) = self.0.split_once('<')?;
            if let Some(comment) = rest.strip_prefix("!--") {
                self.0 = comment.split_once("-->")?.1;
                continue;
            }
            let end = rest.find(|c: char| c.is_ascii_whitespace() || c == '>')?;
            let (name, mut rest) = rest.split_at(end);
            let mut attributes = Vec::new();
            loop {
                rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
                if let Some(after) = rest.strip_prefix('>') {
                    self.0 = after;
                    return Some(Tag {
                        name: name.to_ascii_lowercase(),
                        attributes,
                    });
                }
                let (attribute, after) = read_attribute(rest)?;
                attributes.push(attribute);
                rest = after;
            }
        }
    }
}

/// `name`, `name=value`, `name="value"` or `name='value'`, and what follows it.
fn read_attribute(text: &str) -> Option<((String, String), &str)> {
    let is_end = |c: char| c.is_ascii_whitespace() || c == '>';
    let (name, rest) = text.split_at(text.find(|c: char| is_end(c) || c == '=' || c == '/')?);
    let name = name.to_ascii_lowercase();
    let Some(rest) = rest.trim_start().strip_prefix('=').map(str::trim_start) else {
        return Some(((name, String::new()), rest));
    };
    let (value, rest) = match rest.chars().next()? {
        quote @ ('"' | '\'') => rest.get(1..)?.split_once(quote)?,
        _ => rest.split_at(rest.find(is_end)?),
    };
    Some(((name, decode(value)), rest))
}

/// Resolves the character references that templates write; any other stays as it is.
fn decode(mut text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    while let Some((before, rest)) = text.split_once('&') {
        decoded.push_str(before);
        let reference = rest
            .split_once(';')
            .and_then(|(name, after)| Some((character(name)?, after)));
        match reference {
            Some((character, after)) => {
                decoded.push(character);
                text = after;
            }
            None => {
                decoded.push('&');
                text = rest;
            }
        }
    }
    decoded.push_str(text);
    decoded
}

fn character(reference: &str) -> Option<char> {
    match reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = reference.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<!DOCTYPE html><!-- <form action="/no"><input name="identifier"></form> -->
        <form action="/language"><button name=lang value=ja>日本語</button></form>
        <FORM method="post" class='a > b' action="/sign-in?a=1&amp;b=&#x32;">
          <button type="submit" name="decision" value="sign_in">Sign in</button>
          <button type="submit" name="decision" value="other">Other</button>
          <input type="hidden" name="attempt" value="&quot;x&#39;&lt;&nbsp;&" />
          <input name=identifier autofocus required>
          <input type='password' name='password' value=''/>
        </form>"#;

    #[test]
    fn the_form_with_the_field_is_found_and_filled() {
        let form = Form::with_field(PAGE, "identifier").unwrap();
        assert_eq!(form.action, "/sign-in?a=1&b=2");
        assert_eq!(
            form.filled(&[
                ("identifier", "yuki"),
                ("password", "pass"),
                ("absent", "x")
            ]),
            [
                ("decision", "sign_in"),
                ("attempt", "\"x'<&nbsp;&"),
                ("identifier", "yuki"),
                ("password", "pass")
            ]
        );
    }

    #[test]
    fn a_page_without_the_field_or_cut_short_has_no_such_form() {
        assert_eq!(Form::with_field(PAGE, "email"), None);
        for (at, _) in PAGE.char_indices() {
            assert_eq!(
                Form::with_field(&PAGE[..at], "identifier"),
                None,
                "cut at {at}"
            );
        }
    }

    #[test]
    fn a_form_without_action_posts_to_its_own_page() {
        let form = Form::with_field("<form><input name=a value=1></form>", "a").unwrap();
        assert_eq!(
            (form.action.as_str(), form.filled(&[])),
            ("", vec![("a", "1")])
        );
    }
}
