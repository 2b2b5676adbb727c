//! Requests as bytes: written whole once, and as templates whose marks are overwritten for each use.

use std::fmt::Write as _;
use std::net::SocketAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Stands in a request for the person's address; of the width of every address that replaces it.
pub(crate) const ADDRESS: &str = "<the--address>";
/// Stands in a request for a number that never repeats; eight decimal digits replace it.
pub(crate) const SERIAL: &str = "<serial>";
/// Stands in a request for a refresh token; of the width of every one of Meibo's, in characters that a form leaves as
/// they are.
pub(crate) const REFRESH_TOKEN: &str = "refresh-token-that-is-put-here-at-each-use_";
/// How many addresses the load comes from, each in a /24 of its own.
///
/// Throttles count by address, as shipped: few addresses would measure refusals, and no end of them
/// would measure a memory that no real crowd fills.
const ADDRESSES: u64 = 128 * 128;

/// A request under construction.
#[derive(Debug)]
pub(crate) struct Request {
    head: String,
    body: Vec<u8>,
}

impl Request {
    /// `path` is what follows the authority, query included. Every request says where it comes from.
    pub(crate) fn new(method: &str, host: SocketAddr, path: &str, from: &str) -> Self {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\nx-forwarded-for: {from}\r\naccept: */*\r\n"
        );
        Self {
            head,
            body: Vec::new(),
        }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        let _ = write!(self.head, "{name}: {value}\r\n");
        self
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// HTTP Basic, with parts that need no encoding.
    pub(crate) fn basic(self, name: &str, secret: &str) -> Self {
        let credentials = STANDARD.encode(format!("{name}:{secret}"));
        self.header("authorization", &format!("Basic {credentials}"))
    }

    pub(crate) fn body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let length = body.len().to_string();
        let request = self
            .header("content-type", content_type)
            .header("content-length", &length);
        Self { body, ..request }
    }

    pub(crate) fn form(self, fields: &[(&str, &str)]) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.body("application/x-www-form-urlencoded", body)
    }

    /// The bytes that go over the wire.
    pub(crate) fn encode(self) -> Vec<u8> {
        let mut bytes = self.head.into_bytes();
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// A request whose marks ([`ADDRESS`], [`SERIAL`], [`REFRESH_TOKEN`]; the first of each) are filled in at each use.
#[derive(Debug)]
pub(crate) struct Template {
    bytes: Vec<u8>,
    address_at: Option<usize>,
    serial_at: Option<usize>,
    refresh_token_at: Option<usize>,
}

impl Template {
    pub(crate) fn new(request: Request) -> Self {
        let bytes = request.encode();
        let find = |mark: &str| {
            bytes
                .windows(mark.len())
                .position(|window| window == mark.as_bytes())
        };
        Self {
            address_at: find(ADDRESS),
            serial_at: find(SERIAL),
            refresh_token_at: find(REFRESH_TOKEN),
            bytes,
        }
    }

    /// Replaces `into` by this request as its use number `serial`.
    pub(crate) fn fill(&self, serial: u64, into: &mut Vec<u8>) {
        into.clear();
        into.extend_from_slice(&self.bytes);
        if let Some(at) = self.address_at {
            write_at(into, at, address(serial).as_bytes());
        }
        if let Some(at) = self.serial_at {
            write_at(into, at, format!("{:08}", serial % 100_000_000).as_bytes());
        }
    }

    /// Puts a refresh token into the filled request, where it has one.
    pub(crate) fn put_refresh_token(&self, token: &str, into: &mut [u8]) {
        if let Some(at) = self
            .refresh_token_at
            .filter(|_| token.len() == REFRESH_TOKEN.len())
        {
            write_at(into, at, token.as_bytes());
        }
    }
}

/// The address of use number `serial`: always 14 characters.
pub(crate) fn address(serial: u64) -> String {
    let place = serial % ADDRESSES;
    format!("10.{}.{}.100", 100 + place / 128, 100 + place % 128)
}

fn write_at(bytes: &mut [u8], at: usize, value: &[u8]) {
    if let Some(place) = bytes.get_mut(at..at + value.len()) {
        place.copy_from_slice(value);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::net::Ipv4Addr;

    use super::*;

    const HOST: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

    fn filled(template: &Template, serial: u64) -> String {
        let mut bytes = b"left over".to_vec();
        template.fill(serial, &mut bytes);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn marks_have_the_width_of_what_replaces_them() {
        assert_eq!(SERIAL.len(), 8);
        for serial in [0, 127, 128, ADDRESSES - 1, ADDRESSES, u64::MAX] {
            assert_eq!(address(serial).len(), ADDRESS.len(), "{serial}");
        }
    }

    #[test]
    fn a_refresh_token_is_put_into_the_form() {
        let form =
            Request::new("POST", HOST, "/", ADDRESS).form(&[("refresh_token", REFRESH_TOKEN)]);
        let template = Template::new(form);
        let mut bytes = Vec::new();
        for token in ["a".repeat(43), "Z".repeat(43)] {
            template.fill(0, &mut bytes);
            template.put_refresh_token(&token, &mut bytes);
            let text = String::from_utf8(bytes.clone()).unwrap();
            assert!(text.ends_with(&format!("refresh_token={token}")), "{text}");
        }
    }

    #[test]
    fn every_address_is_valid_and_alone_in_its_network() {
        let networks: HashSet<[u8; 3]> = (0..ADDRESSES)
            .map(|serial| {
                let [a, b, c, _] = address(serial).parse::<Ipv4Addr>().unwrap().octets();
                [a, b, c]
            })
            .collect();
        assert_eq!(networks.len() as u64, ADDRESSES);
    }

    #[test]
    fn a_template_is_filled_anew_at_each_use() {
        let body = format!("{{\"name\":\"Name {SERIAL}\"}}");
        let request = Request::new("PATCH", HOST, "/x?y=1", ADDRESS)
            .bearer("abc")
            .body("application/json", body);
        let template = Template::new(request);
        let expected = |address: &str, name: &str| {
            format!(
                "PATCH /x?y=1 HTTP/1.1\r\nhost: 127.0.0.1:8080\r\nx-forwarded-for: {address}\r\naccept: */*\r\n\
                 authorization: Bearer abc\r\ncontent-type: application/json\r\ncontent-length: 24\r\n\r\n\
                 {{\"name\":\"{name}\"}}"
            )
        };
        assert_eq!(
            filled(&template, 0),
            expected("10.100.100.100", "Name 00000000")
        );
        assert_eq!(
            filled(&template, 12_345),
            expected("10.196.157.100", "Name 00012345")
        );
    }

    #[test]
    fn without_marks_a_template_is_its_request() {
        let template = Template::new(Request::new("GET", HOST, "/", "192.0.2.1"));
        assert_eq!(filled(&template, 1), filled(&template, 2));
    }

    #[test]
    fn forms_are_url_encoded() {
        let bytes = Request::new("POST", HOST, "/", "::1")
            .form(&[("a b", "é&="), ("c", "")])
            .encode();
        assert!(
            String::from_utf8(bytes)
                .unwrap()
                .ends_with("content-length: 19\r\n\r\na+b=%C3%A9%26%3D&c=")
        );
    }
}
