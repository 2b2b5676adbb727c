//! Colours that can be read: contrast as WCAG 2.2 defines it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Error, Result};

/// A colour of sRGB without transparency, written `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color {
    red: u8,
    green: u8,
    blue: u8,
}

/// The grounds of the light look: page and sheet.
pub const LIGHT_GROUNDS: [Color; 2] = [Color::rgb(0xfb, 0xfa, 0xf7), Color::rgb(255, 255, 255)];

/// The grounds of the dark look: page and sheet.
pub const DARK_GROUNDS: [Color; 2] = [Color::rgb(0x16, 0x17, 0x1a), Color::rgb(0x1e, 0x20, 0x24)];

/// The seal's red on a light page.
const ACCENT: Color = Color::rgb(0xb3, 0x26, 0x2e);

/// The seal's red on a dark page.
const DARK_ACCENT: Color = Color::rgb(0xe5, 0x64, 0x6b);

/// The least contrast between a ground and what only has to be seen: a button, a ring of focus
/// (WCAG 2.2, 1.4.11).
const MIN_CONTRAST: f64 = 3.0;

/// The least contrast between a ground and what is read (WCAG 2.2, 1.4.3).
const MIN_TEXT_CONTRAST: f64 = 4.5;

impl Color {
    /// The colour of three channels.
    #[must_use]
    pub const fn rgb(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// Reads `#rgb` or `#rrggbb`, in either case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        let digit = |character: char| {
            character
                .to_digit(16)
                .and_then(|one| u8::try_from(one).ok())
        };
        let digits: Vec<u8> = digits.chars().map(digit).collect::<Option<_>>()?;
        match digits[..] {
            [red, green, blue] => Some(Self::rgb(red * 17, green * 17, blue * 17)),
            [r1, r2, g1, g2, b1, b2] => Some(Self::rgb(r1 * 16 + r2, g1 * 16 + g2, b1 * 16 + b2)),
            _ => None,
        }
    }

    /// The contrast of two colours, 1 to 21.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn luminance(self) -> f64 {
        let channel = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(self.red) + 0.7152 * channel(self.green) + 0.0722 * channel(self.blue)
    }

    /// The colour of words on this one: white, else the pages' own black, else black itself. One of
    /// them always reaches 4.5:1.
    #[must_use]
    pub fn words(self) -> Self {
        let [white, ink] = [LIGHT_GROUNDS[1], DARK_GROUNDS[0]];
        [white, ink]
            .into_iter()
            .find(|words| self.contrast(*words) >= MIN_TEXT_CONTRAST)
            .unwrap_or(Self::rgb(0, 0, 0))
    }

    /// The nearest tint of this colour that can be seen on every one of `grounds`.
    fn lightened_for(self, grounds: [Self; 2]) -> Self {
        let tint = |step: u16| {
            let mix = |channel: u8| {
                let toward_white = u16::from(255 - channel) * step / 16;
                u8::try_from(u16::from(channel) + toward_white).unwrap_or(u8::MAX)
            };
            Self::rgb(mix(self.red), mix(self.green), mix(self.blue))
        };
        (0..=16)
            .map(tint)
            .find(|tint| {
                grounds
                    .iter()
                    .all(|ground| tint.contrast(*ground) >= MIN_TEXT_CONTRAST)
            })
            .unwrap_or(LIGHT_GROUNDS[1])
    }

    fn check(self, path: &str, grounds: [Self; 2], remedy: &str) -> Result<()> {
        let wrong = grounds
            .into_iter()
            .map(|ground| (ground, self.contrast(ground)))
            .min_by(|(_, one), (_, other)| one.total_cmp(other))
            .filter(|(_, contrast)| *contrast < MIN_CONTRAST);
        let Some((ground, contrast)) = wrong else {
            return Ok(());
        };
        // rounded down, so that what is told is never the demand itself
        let shown = (contrast * 100.0).floor() / 100.0;
        let message = format!(
            "{self} has a contrast of {shown:.2}:1 with the page ({ground}); at least 3:1 is needed to see it, so choose a {remedy} colour"
        );
        Err(Error::invalid(path, "contrast", message))
    }
}

impl fmt::Display for Color {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { red, green, blue } = self;
        write!(formatter, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Serialize for Color {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Color {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("expected a colour as #rgb or #rrggbb"))
    }
}

/// The colours of buttons, links and focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", from = "WrittenScheme")]
pub struct ColorScheme {
    /// On a light page.
    pub primary_color: Color,
    /// Is there a dark page, for readers whose system is dark?
    pub is_dark_mode_enabled: bool,
    /// On a dark page.
    pub dark_primary_color: Color,
}

/// As written: what is left out follows from the rest.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WrittenScheme {
    primary_color: Color,
    is_dark_mode_enabled: bool,
    dark_primary_color: Option<Color>,
}

impl Default for WrittenScheme {
    fn default() -> Self {
        Self {
            primary_color: ACCENT,
            is_dark_mode_enabled: true,
            dark_primary_color: None,
        }
    }
}

impl From<WrittenScheme> for ColorScheme {
    fn from(written: WrittenScheme) -> Self {
        let primary = written.primary_color;
        let dark = || {
            if primary == ACCENT {
                DARK_ACCENT
            } else {
                primary.lightened_for(DARK_GROUNDS)
            }
        };
        Self {
            primary_color: primary,
            is_dark_mode_enabled: written.is_dark_mode_enabled,
            dark_primary_color: written.dark_primary_color.unwrap_or_else(dark),
        }
    }
}

impl Default for ColorScheme {
    fn default() -> Self {
        WrittenScheme::default().into()
    }
}

impl ColorScheme {
    /// Refuses a colour that cannot be seen on its page; the dark one only where there are dark pages.
    pub(super) fn check(&self) -> Result<()> {
        self.primary_color
            .check("color.primaryColor", LIGHT_GROUNDS, "darker")?;
        if !self.is_dark_mode_enabled {
            return Ok(());
        }
        self.dark_primary_color
            .check("color.darkPrimaryColor", DARK_GROUNDS, "lighter")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(value: serde_json::Value) -> ColorScheme {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn colours_as_written() {
        for (text, expected) in [
            ("#B3262E", Some("#b3262e")),
            ("#0aF", Some("#00aaff")),
            ("b3262e", None),
            ("#b3262", None),
            ("#b3262e80", None),
            ("#ggg", None),
            ("#+1+1+1", None),
            ("#１２３", None),
            ("red", None),
            ("", None),
        ] {
            let found = Color::parse(text).map(|color| color.to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn wcag_1_4_3_contrast() {
        let contrast = |one, other| {
            Color::parse(one)
                .unwrap()
                .contrast(Color::parse(other).unwrap())
        };
        assert!((contrast("#000", "#fff") - 21.0).abs() < 0.001);
        assert!((contrast("#777", "#fff") - 4.478).abs() < 0.001);
        assert!((contrast("#fff", "#fff") - 1.0).abs() < 0.001);
    }

    #[test]
    fn an_unreadable_colour_is_refused_with_its_ratio() {
        assert!(ColorScheme::default().check().is_ok());
        for (value, path, ratio) in [
            (
                json!({"primaryColor": "#ffee00"}),
                "color.primaryColor",
                "1.15:1",
            ),
            (
                json!({"primaryColor": "#959595"}),
                "color.primaryColor",
                "2.86:1",
            ),
            (
                json!({"darkPrimaryColor": "#5d34f2"}),
                "color.darkPrimaryColor",
                "2.51:1",
            ),
        ] {
            let error = read(value.clone()).check().unwrap_err();
            let violation = &error.violations()[0];
            assert_eq!(
                (violation.path.as_str(), violation.rule),
                (path, "contrast")
            );
            assert!(
                violation.message.contains(ratio),
                "{value} {}",
                violation.message
            );
        }
        let light_only = json!({"isDarkModeEnabled": false, "darkPrimaryColor": "#000"});
        assert!(read(light_only).check().is_ok(), "no dark page shows it");
    }

    #[test]
    fn the_dark_colour_follows_the_light_one() {
        let own = read(json!({"primaryColor": "#0050b3", "darkPrimaryColor": "#69b1ff"}));
        assert_eq!(own.dark_primary_color.to_string(), "#69b1ff");
        let derived = read(json!({"primaryColor": "#0050b3"}));
        assert!(derived.check().is_ok());
        assert_ne!(derived.dark_primary_color, DARK_ACCENT);
        assert_eq!(read(json!({})), ColorScheme::default());
        let written = serde_json::to_value(derived).unwrap();
        assert_eq!(read(written), derived);
    }

    proptest! {
        #[test]
        fn words_can_be_read_on_every_colour(red: u8, green: u8, blue: u8) {
            let color = Color::rgb(red, green, blue);
            prop_assert!(color.contrast(color.words()) >= MIN_TEXT_CONTRAST);
            prop_assert_eq!(Color::parse(&color.to_string()), Some(color));
        }

        #[test]
        fn every_derived_dark_colour_can_be_seen(red: u8, green: u8, blue: u8) {
            let dark = Color::rgb(red, green, blue).lightened_for(DARK_GROUNDS);
            prop_assert!(dark.check("c", DARK_GROUNDS, "lighter").is_ok());
        }
    }
}
