//! Pages with made-up content, for tests, previews and pictures.

use crate::{
    AddressPage, Brand, BrandLinks, CodePage, ConsentPage, ErrorPage, FormPostPage, HomePage,
    InboxPage, Language, Layout, NewPasswordPage, PasswordChangedPage, Picture, ProvedAccountPage,
    RegisterPage, RenderError, SetupDonePage, SetupPage, SignInPage, SignOutConfirmPage,
    SignedOutPage,
};

/// What people and applications put into a page.
#[derive(Debug, Clone)]
pub struct SampleWords {
    /// The name of an application.
    pub application: String,
    /// The name of a person.
    pub person: String,
    /// What a person typed.
    pub identifier: String,
    /// An email address or a phone number.
    pub address: String,
    /// A sentence from elsewhere.
    pub message: String,
    /// What a scope allows, in its owner's words.
    pub order_scope: String,
    /// The name of an API.
    pub resource: String,
    /// An opaque value that comes back.
    pub value: String,
}

impl SampleWords {
    /// Content such as a reader of `language` would see.
    #[must_use]
    pub fn ordinary(language: Language) -> Self {
        let (application, person, message, order_scope, resource) = match language {
            Language::En => (
                "Profile App",
                "Hanako Yamada",
                "The service is very busy just now.",
                "see what you have ordered",
                "Web shop",
            ),
            Language::Ja => (
                "プロフィールアプリ",
                "山田 花子",
                "ただいま大変混み合っています。",
                "注文履歴の閲覧",
                "ウェブショップ",
            ),
        };
        Self {
            application: application.to_owned(),
            person: person.to_owned(),
            identifier: "hanako".to_owned(),
            address: "hanako.yamada@example.com".to_owned(),
            message: message.to_owned(),
            order_scope: order_scope.to_owned(),
            resource: resource.to_owned(),
            value: "r7x2m0qk4c1v".to_owned(),
        }
    }

    /// `text` everywhere.
    #[must_use]
    pub fn all(text: &str) -> Self {
        let text = || text.to_owned();
        Self {
            application: text(),
            person: text(),
            identifier: text(),
            address: text(),
            message: text(),
            order_scope: text(),
            resource: text(),
            value: text(),
        }
    }

    /// The layout of an operator with a brand; addresses are on this server, as in every sample.
    pub(crate) fn branded(&self, language: Language) -> Layout {
        let picture = |name: &str| {
            Some(Picture {
                href: format!("/{name}.svg"),
                dark_href: Some(format!("/{name}-dark.svg")),
            })
        };
        let brand = Brand {
            name: Some(self.application.clone()),
            logo: picture("logo"),
            favicon: picture("icon"),
            stylesheet_href: Some("/brand.css".to_owned()),
            is_light_only: false,
            links: BrandLinks {
                terms_of_use: Some("/terms".to_owned()),
                privacy_policy: Some("/privacy".to_owned()),
                support_website: Some("/help".to_owned()),
                support_email: Some("help@shop.example".to_owned()),
            },
        };
        Layout {
            brand,
            ..self.layout(language)
        }
    }

    /// A layout with a choice of languages.
    pub(crate) fn layout(&self, language: Language) -> Layout {
        let links = Language::ALL.map(|other| {
            (
                other,
                format!("?ui_locales={}&value={}", other.tag(), self.value),
            )
        });
        Layout {
            language_links: links.into(),
            ..Layout::new(language)
        }
    }
}

/// Every sample of every page as (name, document); a name is the page and the number of its state,
/// such as `sign-in-2`.
///
/// # Errors
/// See [`RenderError`].
pub fn every_page(
    language: Language,
    words: &SampleWords,
) -> Result<Vec<(String, String)>, RenderError> {
    let mut documents = Vec::new();
    macro_rules! add {
        ($($name:literal $page:ident)+) => {$(
            for (number, page) in $page::samples(language, words).iter().enumerate() {
                documents.push((format!("{}-{}", $name, number + 1), page.render()?));
            }
        )+};
    }
    add! {
        "home" HomePage
        "sign-in" SignInPage
        "register" RegisterPage
        "address" AddressPage
        "code" CodePage
        "proved-account" ProvedAccountPage
        "new-password" NewPasswordPage
        "password-changed" PasswordChangedPage
        "consent" ConsentPage
        "sign-out" SignOutConfirmPage
        "signed-out" SignedOutPage
        "form-post" FormPostPage
        "setup" SetupPage
        "setup-done" SetupDonePage
        "inbox" InboxPage
        "error" ErrorPage
    }
    Ok(documents)
}
