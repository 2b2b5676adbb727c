//! Typing the address that a code is sent to.

use askama::Template;
use meibo_domain::sign_in::{Channels, Intent};

use crate::{
    Field, FormError, Language, Layout, OtherWay, RenderError, WayLink, form::TextField,
    samples::SampleWords, shown,
};

/// One form with the field `identifier`.
#[derive(Debug, Template)]
#[template(path = "sign_in/address.html")]
pub struct AddressPage {
    /// Language and brand.
    pub layout: Layout,
    /// Where the form is posted.
    pub action: String,
    /// What the address is to be proved for.
    pub intent: Intent,
    /// Which addresses codes are sent to. Without any there is nothing to type, only the other ways.
    pub channels: Channels,
    /// What was typed before, or a login hint; empty for none.
    pub typed: String,
    /// Why the last try failed.
    pub error: Option<FormError>,
    /// What else the person may do.
    pub other_ways: Vec<WayLink>,
    /// The application that asked, by the name its owner gave it.
    pub application_name: Option<String>,
}

impl AddressPage {
    /// The whole document.
    ///
    /// # Errors
    /// See [`RenderError`].
    pub fn render(&self) -> Result<String, RenderError> {
        Ok(Template::render(self)?)
    }

    const fn heading_id(&self) -> &'static str {
        match self.intent {
            Intent::SignIn => "address-title-sign-in",
            Intent::Register => "register-title",
            Intent::ForgotPassword => "address-title-forgot-password",
        }
    }

    fn heading(&self) -> String {
        self.layout.text(self.heading_id())
    }

    fn title(&self) -> String {
        self.layout
            .form_title(self.heading_id(), self.error.is_some())
    }

    fn lead(&self) -> String {
        let (plain, named) = match self.intent {
            Intent::SignIn => ("address-lead-sign-in-plain", "address-lead-sign-in"),
            Intent::Register => ("address-lead-register-plain", "address-lead-register"),
            Intent::ForgotPassword => return self.layout.text("address-lead-forgot-password"),
        };
        match &self.application_name {
            Some(name) => self
                .layout
                .text_with(named, &[("application", shown(name).into())]),
            None => self.layout.text(plain),
        }
    }

    fn notice(&self) -> Option<String> {
        FormError::at(&self.error, Field::Form)
    }

    fn field(&self) -> TextField {
        TextField::address(&self.layout, self.channels, &self.typed)
            .error(FormError::at(&self.error, Field::Identifier))
            .focused(true)
    }

    /// The page in each of its states.
    #[must_use]
    pub fn samples(language: Language, words: &SampleWords) -> Vec<Self> {
        let email = Channels {
            email: true,
            sms: false,
        };
        let link = |way, href: &str| WayLink {
            way,
            href: href.to_owned(),
        };
        let fresh = || Self {
            layout: words.layout(language),
            action: "/sign-in/code".to_owned(),
            intent: Intent::SignIn,
            channels: Channels {
                email: true,
                sms: true,
            },
            typed: String::new(),
            error: None,
            other_ways: vec![
                link(OtherWay::Password, "/sign-in"),
                link(OtherWay::Register, "/register"),
            ],
            application_name: Some(words.application.clone()),
        };
        let unknown = FormError::from_code(language, Field::Identifier, "user.user_not_exist", &[]);
        let notice = FormError {
            field: Field::Form,
            message: words.message.clone(),
        };
        vec![
            fresh(),
            Self {
                intent: Intent::Register,
                channels: email,
                typed: words.identifier.clone(),
                other_ways: vec![
                    link(OtherWay::RegisterUsername, "/register"),
                    link(OtherWay::SignIn, "/sign-in"),
                ],
                ..fresh()
            },
            Self {
                intent: Intent::ForgotPassword,
                typed: words.identifier.clone(),
                error: Some(unknown),
                other_ways: vec![link(OtherWay::Password, "/sign-in")],
                ..fresh()
            },
            Self {
                error: Some(FormError::from_code_after(
                    language,
                    Field::Form,
                    "request.message_rate_limited",
                    Some(420),
                )),
                ..fresh()
            },
            Self {
                intent: Intent::Register,
                channels: Channels {
                    email: false,
                    sms: true,
                },
                error: Some(notice),
                other_ways: Vec::new(),
                application_name: None,
                ..fresh()
            },
            Self {
                channels: Channels::default(),
                error: Some(FormError::from_code(
                    language,
                    Field::Form,
                    "user.sign_in_method_not_enabled",
                    &[],
                )),
                ..fresh()
            },
        ]
    }
}
