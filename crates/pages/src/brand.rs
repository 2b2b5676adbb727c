//! How an operator presents the service.

use meibo_domain::sign_in_experience::ColorScheme;

/// A picture, in one form or in two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Where it is.
    pub href: String,
    /// Where its form for dark pages is.
    pub dark_href: Option<String>,
}

/// How an operator presents the service. A fresh one is Meibo's own look.
#[derive(Debug, Clone, Default)]
pub struct Brand {
    /// The name that stands where `Meibo` stands otherwise.
    pub name: Option<String>,
    /// The operator's picture in place of the seal and the name.
    pub logo: Option<Picture>,
    /// The sign in the browser's tab.
    pub favicon: Option<Picture>,
    /// Where [`brand_stylesheet`] is served, when it says something.
    pub stylesheet_href: Option<String>,
    /// Are pages light for everybody?
    pub is_light_only: bool,
    /// What stands at the foot.
    pub links: BrandLinks,
}

/// What an operator has to say to everybody who signs in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BrandLinks {
    /// Terms of use.
    pub terms_of_use: Option<String>,
    /// Privacy policy.
    pub privacy_policy: Option<String>,
    /// Help.
    pub support_website: Option<String>,
    /// An address to write to.
    pub support_email: Option<String>,
}

impl BrandLinks {
    /// The message of what is agreed to, when there is something.
    pub(crate) const fn agreement(&self) -> Option<&'static str> {
        match (&self.terms_of_use, &self.privacy_policy) {
            (Some(_), Some(_)) => Some("agree-both"),
            (Some(_), None) => Some("agree-terms"),
            (None, Some(_)) => Some("agree-privacy"),
            (None, None) => None,
        }
    }

    /// Each link: its message and where it leads.
    pub(crate) fn all(&self) -> Vec<(&'static str, String)> {
        let mail = self.support_email.as_ref();
        let links = [
            ("terms-of-use", self.terms_of_use.clone()),
            ("privacy-policy", self.privacy_policy.clone()),
            ("support-website", self.support_website.clone()),
            ("support-email", mail.map(|mail| format!("mailto:{mail}"))),
        ];
        let kept = |(id, href): (&'static str, Option<String>)| Some((id, href?));
        links.into_iter().filter_map(kept).collect()
    }

    /// Those that people agree to.
    pub(crate) fn agreed(&self) -> Vec<(&'static str, String)> {
        let legal = |(id, _): &(&str, String)| ["terms-of-use", "privacy-policy"].contains(id);
        self.all().into_iter().filter(legal).collect()
    }
}

/// The stylesheet that sets the operator's colours. It stands after the pages' own and replaces
/// tokens only.
#[must_use]
pub fn brand_stylesheet(colors: &ColorScheme) -> String {
    let light = colors.primary_color;
    let mut css = format!(
        ":root {{\n  --accent: {light};\n  --on-accent: {};\n}}\n",
        light.words()
    );
    if colors.is_dark_mode_enabled {
        let dark = colors.dark_primary_color;
        css.push_str(&format!(
            "\n@media (prefers-color-scheme: dark) {{\n  :root {{\n    --accent: {dark};\n    --on-accent: {};\n  }}\n}}\n",
            dark.words()
        ));
    }
    css
}

#[cfg(test)]
mod tests {
    use meibo_domain::sign_in_experience::{Settings, SignInExperience};

    use super::*;

    fn colors(json: &str) -> ColorScheme {
        let stored = format!("{{\"color\":{json}}}");
        let experience = SignInExperience::from_stored(&stored).unwrap();
        let settings: &Settings = &experience;
        settings.color
    }

    #[test]
    fn colours_replace_tokens_and_nothing_else() {
        let both = colors(r##"{"primaryColor": "#0055bb", "darkPrimaryColor": "#69b1ff"}"##);
        assert_eq!(
            brand_stylesheet(&both),
            ":root {\n  --accent: #0055bb;\n  --on-accent: #ffffff;\n}\n\n\
             @media (prefers-color-scheme: dark) {\n  :root {\n    --accent: #69b1ff;\n    --on-accent: #16171a;\n  }\n}\n"
        );
        let light = colors(r##"{"primaryColor": "#0055bb", "isDarkModeEnabled": false}"##);
        assert!(!brand_stylesheet(&light).contains("dark"));
    }

    #[test]
    fn what_is_agreed_to_is_what_there_is() {
        let terms = Some("https://a.example/t".to_owned());
        let mut links = BrandLinks::default();
        assert_eq!((links.agreement(), links.all().len()), (None, 0));
        links.terms_of_use.clone_from(&terms);
        links.support_email = Some("help@a.example".to_owned());
        assert_eq!(links.agreement(), Some("agree-terms"));
        assert_eq!(
            links.agreed(),
            [("terms-of-use", "https://a.example/t".to_owned())]
        );
        assert_eq!(links.all()[1].1, "mailto:help@a.example");
        links.privacy_policy = terms;
        assert_eq!(links.agreement(), Some("agree-both"));
    }
}
