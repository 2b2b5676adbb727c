//! The files of `static/`, in the binary and named by what they hold.
//!
//! A name has the hash of its content in it (`meibo.1f0c9a53e2b7d846.css`), so an answer may be
//! kept for ever: `Cache-Control: public, max-age=31536000, immutable`.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

/// The path under which assets are served.
pub const PREFIX: &str = "/assets/";

#[derive(rust_embed::Embed)]
#[folder = "$CARGO_MANIFEST_DIR/../../static"]
struct Static;

/// One file as it is sent.
#[derive(Debug)]
pub struct Asset {
    /// The path on this server with the hash in it, beginning with [`PREFIX`].
    pub url: String,
    /// The media type, with its charset when it is text.
    pub content_type: &'static str,
    /// The content.
    pub bytes: Cow<'static, [u8]>,
    /// The strong entity tag, in its quotes (RFC 9110 8.8.3).
    pub etag: String,
}

static BY_NAME: LazyLock<HashMap<String, Asset>> = LazyLock::new(|| {
    Static::iter()
        .filter_map(|name| Some((name.to_string(), Asset::new(&name, Static::get(&name)?))))
        .collect()
});

static BY_URL: LazyLock<HashMap<&'static str, &'static Asset>> = LazyLock::new(|| {
    BY_NAME
        .values()
        .map(|asset| (asset.url.as_str(), asset))
        .collect()
});

impl Asset {
    fn new(name: &str, file: rust_embed::EmbeddedFile) -> Self {
        let hash: String = file
            .metadata
            .sha256_hash()
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let url = match name.rsplit_once('.') {
            Some((stem, extension)) => format!("{PREFIX}{stem}.{hash}.{extension}"),
            None => format!("{PREFIX}{name}.{hash}"),
        };
        Self {
            url,
            content_type: content_type(name),
            bytes: file.data,
            etag: format!("\"{hash}\""),
        }
    }
}

/// The asset at `path`, which is what follows [`PREFIX`] in a request or the whole path.
#[must_use]
pub fn asset(path: &str) -> Option<&'static Asset> {
    let path = path.strip_prefix(PREFIX).unwrap_or(path);
    BY_URL.get(format!("{PREFIX}{path}").as_str()).copied()
}

/// Where the file `name` of `static/` is served, for example `/assets/meibo.<hash>.css` for
/// `meibo.css`. A name that does not exist gives [`PREFIX`], where nothing is.
#[must_use]
pub fn url(name: &str) -> &'static str {
    BY_NAME.get(name).map_or(PREFIX, |asset| asset.url.as_str())
}

/// All assets, in no order.
pub fn all() -> impl Iterator<Item = &'static Asset> {
    BY_NAME.values()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_found_by_its_url_and_has_a_type() {
        assert!(BY_NAME.contains_key("meibo.css") && BY_NAME.contains_key("seal.svg"));
        for (name, listed) in BY_NAME.iter() {
            let found = asset(url(name)).unwrap();
            assert_eq!((found.url.as_str(), &found.etag), (url(name), &listed.etag));
            assert_eq!(
                asset(found.url.trim_start_matches(PREFIX)).unwrap().url,
                found.url
            );
            assert_ne!(found.content_type, "application/octet-stream", "{name}");
            assert!(!found.bytes.is_empty() && found.etag.len() == 18);
        }
    }

    #[test]
    fn only_the_hashed_name_is_served() {
        for path in [
            "meibo.css",
            "/assets/meibo.css",
            "meibo.0000000000000000.css",
            "",
            "../Cargo.toml",
            "/etc/passwd",
        ] {
            assert!(asset(path).is_none(), "{path}");
        }
        assert_eq!(url("no-such-file.css"), PREFIX);
    }
}
