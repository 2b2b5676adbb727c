//! The demo's inbox.

use askama::Template;

use crate::{Language, Layout, RenderError, samples::SampleWords, shown};

/// The messages that the demo shows instead of sending them.
#[derive(Debug, Template)]
#[template(path = "inbox.html")]
pub struct InboxPage {
    /// Language and brand.
    pub layout: Layout,
    /// The messages, the newest first.
    pub lines: Vec<InboxLine>,
    /// This page again.
    pub refresh_href: String,
}

/// One message.
#[derive(Debug, Clone)]
pub struct InboxLine {
    /// An email, or a text message?
    pub is_email: bool,
    /// To whom.
    pub recipient: String,
    /// Empty for a text message.
    pub subject: String,
    /// What it says, as plain text.
    pub text: String,
    /// When it came: `2026-01-02T03:04:05Z`.
    pub received_at: String,
}

impl InboxPage {
    /// The whole document.
    ///
    /// # Errors
    /// See [`RenderError`].
    pub fn render(&self) -> Result<String, RenderError> {
        Ok(Template::render(self)?)
    }

    /// The page in each of its states.
    #[must_use]
    pub fn samples(language: Language, words: &SampleWords) -> Vec<Self> {
        let page = |lines| Self {
            layout: words.layout(language),
            lines,
            refresh_href: "/demo/inbox".to_owned(),
        };
        let line = |is_email: bool, recipient: &str| InboxLine {
            is_email,
            recipient: recipient.to_owned(),
            subject: if is_email {
                words.message.clone()
            } else {
                String::new()
            },
            text: format!("{}\n012345", words.message),
            received_at: "2026-01-02T03:04:05Z".to_owned(),
        };
        let lines = vec![
            line(false, "+819012345678"),
            line(true, &format!("{}@example.com", words.identifier)),
        ];
        vec![page(lines), page(Vec::new())]
    }
}

impl InboxLine {
    /// What a heading says: the subject, or what kind of message it is.
    fn title(&self, layout: &Layout) -> String {
        if self.subject.is_empty() {
            return layout.text(self.kind());
        }
        shown(&self.subject)
    }

    /// The time as people read it: `2026-01-02 03:04:05 UTC`.
    fn time(&self) -> String {
        self.received_at.replace('T', " ").replace('Z', " UTC")
    }

    fn to(&self) -> String {
        shown(&self.recipient)
    }

    fn content(&self) -> String {
        let lines: Vec<String> = self.text.lines().map(shown).collect();
        lines.join("\n")
    }

    const fn kind(&self) -> &'static str {
        if self.is_email {
            "inbox-email"
        } else {
            "inbox-sms"
        }
    }
}
