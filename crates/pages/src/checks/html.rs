//! A strict reader of the HTML that our templates write: lower-case tags, quoted attributes,
//! everything closed. What it does not know is an error, so markup that slips in is noticed.

/// A start tag with its attributes, values unescaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    /// The text directly inside it and inside its children.
    pub(super) text: String,
    /// Names of the elements around it, outermost first.
    pub(super) path: Vec<String>,
}

impl Element {
    pub(super) fn get(&self, attribute: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(name, _)| name == attribute)
            .map(|(_, value)| value.as_str())
    }

    pub(super) fn is(&self, name: &str) -> bool {
        self.name == name
    }
}

const VOID: [&str; 6] = ["meta", "link", "input", "img", "source", "br"];

/// All elements of `document` in source order.
pub(super) fn elements(document: &str) -> Vec<Element> {
    let mut rest = document
        .strip_prefix("<!doctype html>")
        .expect("the document begins with its type");
    let mut found: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    while let Some(start) = rest.find('<') {
        let (text, markup) = rest.split_at(start);
        add_text(&mut found, &open, text);
        let end = markup.find('>').expect("a tag ends");
        let tag = &markup[1..end];
        rest = &markup[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            let closed = open.pop().expect("something is open");
            assert_eq!(found[closed].name, name, "closed out of turn");
            continue;
        }
        let is_self_closed = tag.ends_with('/');
        let mut element = read_tag(tag.trim_end_matches('/'));
        element.path = open
            .iter()
            .map(|place| found[*place].name.clone())
            .collect();
        if !is_self_closed && !VOID.contains(&element.name.as_str()) {
            open.push(found.len());
        }
        found.push(element);
    }
    assert!(open.is_empty(), "left open: {open:?}");
    assert_eq!(rest.trim(), "");
    found
}

fn add_text(found: &mut [Element], open: &[usize], text: &str) {
    assert!(!text.contains('>'), "an unescaped > in {text:?}");
    for place in open {
        found[*place].text.push_str(&unescape(text));
    }
}

fn read_tag(tag: &str) -> Element {
    let name_end = tag.find(char::is_whitespace).unwrap_or(tag.len());
    let (name, mut rest) = tag.split_at(name_end);
    assert!(
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        "tag name {name:?}"
    );
    let mut attributes: Vec<(String, String)> = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let end = rest
            .find(|one: char| one == '=' || one.is_whitespace())
            .unwrap_or(rest.len());
        let (attribute, after) = rest.split_at(end);
        assert!(
            attribute
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'),
            "attribute name {attribute:?}"
        );
        let value = match after.strip_prefix("=\"") {
            Some(quoted) => {
                let close = quoted.find('"').expect("a value ends");
                rest = &quoted[close + 1..];
                assert!(
                    rest.is_empty() || rest.starts_with(char::is_whitespace),
                    "something after a value: {tag:?}"
                );
                unescape(&quoted[..close])
            }
            None => {
                assert!(!after.starts_with('='), "an unquoted value: {tag:?}");
                rest = after;
                String::new()
            }
        };
        assert!(
            attributes.iter().all(|(other, _)| other != attribute),
            "{attribute} twice in {tag:?}"
        );
        attributes.push((attribute.to_owned(), value));
    }
    Element {
        name: name.to_owned(),
        attributes,
        text: String::new(),
        path: Vec::new(),
    }
}

fn unescape(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        result.push_str(&rest[..start]);
        let end = rest[start..].find(';').expect("a character reference ends") + start;
        result.push(match &rest[start..=end] {
            "&#60;" | "&lt;" => '<',
            "&#62;" | "&gt;" => '>',
            "&#38;" | "&amp;" => '&',
            "&#34;" | "&quot;" => '"',
            "&#39;" => '\'',
            other => panic!("unknown character reference {other:?}"),
        });
        rest = &rest[end + 1..];
    }
    result + rest
}

#[test]
fn the_reader_reads_and_refuses() {
    let read = elements("<!doctype html><p id=\"a\" hidden>x &#60; y<br></p>");
    assert_eq!(read.len(), 2);
    assert_eq!(
        (
            read[0].get("id"),
            read[0].get("hidden"),
            read[0].text.as_str()
        ),
        (Some("a"), Some(""), "x < y")
    );
    assert_eq!(read[1].path, ["p"]);
    for bad in [
        "<p></p>",
        "<!doctype html><p>",
        "<!doctype html><p></b>",
        "<!doctype html><p a=x></p>",
        "<!doctype html><p a=\"\" a=\"\"></p>",
        "<!doctype html><p a=\"x\"b></p>",
        "<!doctype html><p>a & b</p>",
        "<!doctype html><!-- x -->",
    ] {
        assert!(std::panic::catch_unwind(|| elements(bad)).is_err(), "{bad}");
    }
}
