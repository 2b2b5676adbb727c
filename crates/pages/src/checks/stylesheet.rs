//! The stylesheet: values stand in tokens only, and the tokens can be read.

use std::collections::BTreeMap;

use meibo_domain::sign_in_experience::{ColorScheme, DARK_GROUNDS, LIGHT_GROUNDS};

use crate::assets;

fn source() -> String {
    sheet("meibo.css")
}

fn sheet(name: &str) -> String {
    let asset = assets::asset(assets::url(name)).unwrap();
    String::from_utf8(asset.bytes.to_vec()).unwrap()
}

/// The tokens of the light and of the dark look.
fn tokens() -> [BTreeMap<String, String>; 2] {
    let source = source();
    let read = |block: &str| -> BTreeMap<String, String> {
        let body = block.split('}').next().unwrap();
        body.lines()
            .filter_map(|line| {
                line.trim()
                    .strip_prefix("--")?
                    .strip_suffix(';')?
                    .split_once(": ")
            })
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    };
    let light = read(source.split(":root {").nth(1).unwrap());
    let mut dark = light.clone();
    dark.extend(read(sheet("dark.css").split(":root {").nth(1).unwrap()));
    [light, dark]
}

/// Relative luminance (WCAG 2.2).
fn luminance(colour: &str) -> f64 {
    let digits = colour
        .strip_prefix('#')
        .filter(|digits| digits.len() == 6)
        .expect("a colour of six digits");
    let channel = |place: usize| {
        let value = f64::from(u8::from_str_radix(&digits[place..place + 2], 16).unwrap()) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn every_pair_of_colours_that_meets_can_be_read() {
    assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 0.001);
    for look in tokens() {
        for (front, back, least) in [
            ("ink", "paper", 12.0),
            ("ink", "sheet", 12.0),
            ("ink-soft", "paper", 4.5),
            ("ink-soft", "sheet", 4.5),
            ("on-accent", "accent", 4.5),
            ("accent", "sheet", 3.0),
            ("accent", "paper", 3.0),
            ("good", "sheet", 4.5),
            ("warn", "sheet", 4.5),
            ("bad", "sheet", 4.5),
        ] {
            let found = contrast(&look[front], &look[back]);
            assert!(
                found >= least,
                "{front} {} on {back} {}: {found:.2}",
                look[front],
                look[back]
            );
        }
    }
}

/// The colours of a brand are checked against these grounds before a page shows them.
#[test]
fn the_grounds_of_brands_are_those_of_the_pages() {
    for (look, grounds) in tokens().iter().zip([LIGHT_GROUNDS, DARK_GROUNDS]) {
        let shown = grounds.map(|ground| ground.to_string());
        assert_eq!([&look["paper"], &look["sheet"]], [&shown[0], &shown[1]]);
    }
    let own = ColorScheme::default();
    let accents = [own.primary_color, own.dark_primary_color];
    for (look, accent) in tokens().iter().zip(accents) {
        assert_eq!(look["accent"], accent.to_string());
        assert_eq!(look["on-accent"], accent.words().to_string());
    }
}

#[test]
fn every_token_that_is_used_exists_and_every_one_is_used() {
    let source = source();
    let [light, dark] = tokens();
    assert_eq!(light.len(), dark.len(), "the dark look adds no token");
    for use_of in source.split("var(--").skip(1) {
        let name = use_of.split([')', ',']).next().unwrap();
        assert!(light.contains_key(name), "{name} is used but not set");
    }
    // Part of the look; the account pages and the console use them.
    let kept = ["good", "warn", "text-4"];
    for name in light.keys().filter(|name| !kept.contains(&name.as_str())) {
        assert!(
            source.contains(&format!("var(--{name})")),
            "{name} is set but not used"
        );
    }
}

#[test]
fn colours_sizes_and_addresses_stand_in_tokens_only() {
    let source = source();
    let components = source.split("/* Ground */").nth(1).unwrap();
    // A media query cannot name a token.
    let lengths = components
        .lines()
        .filter(|line| line.contains("rem") && !line.starts_with("@media"));
    assert_eq!(lengths.collect::<Vec<_>>(), [""; 0]);
    for raw in ["#", "rgb(", "hsl(", "url(", "@import", "gradient(", "px"] {
        assert!(!components.contains(raw), "a component names {raw}");
    }
    assert!(
        !source.contains("url(") && !source.contains("@import") && !source.contains("@font-face")
    );
    let sizes: std::collections::BTreeSet<&str> = components
        .split("font-size: ")
        .skip(1)
        .map(|rest| rest.split(';').next().unwrap())
        .collect();
    assert!(
        sizes.iter().all(|size| size.starts_with("var(--text-")),
        "{sizes:?}"
    );
}
