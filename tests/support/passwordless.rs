//! Codes on the pages: what is asked for, typed and changed.

use meibo_domain::{
    sign_in_experience::{IdentifierKind, Settings, SignInExperiencePatch, SignUp},
    user::User,
};
use meibo_store::{db::Batch, users};
use serde_json::Value;

use super::{
    answer::Answer,
    browser::Browser,
    fixtures::Client,
    inbox::Inbox,
    server::{TestServer, operator},
};

impl TestServer {
    /// Changes the sign-in experience as an administrator.
    pub(crate) async fn change_settings(&self, change: impl FnOnce(&mut Settings)) {
        let present = self.app().sign_in_experience().await.unwrap();
        let mut settings: Settings = (**present).clone();
        change(&mut settings);
        let Ok(Value::Object(names)) = serde_json::to_value(&settings) else {
            panic!("settings are an object");
        };
        let patch = SignInExperiencePatch::new(&names, &settings).unwrap();
        self.app()
            .update_sign_in_experience(&operator(), &patch)
            .await
            .unwrap();
    }

    /// Lets people make an account with an email address or a phone number.
    pub(crate) async fn register_by_address(&self, has_password: bool) {
        self.change_settings(|settings| {
            settings.sign_up = SignUp {
                identifiers: vec![IdentifierKind::Email, IdentifierKind::Phone],
                password: has_password,
                verify: true,
                secondary_identifiers: Vec::new(),
            };
        })
        .await;
    }

    /// Makes a person's email address one that nobody has verified.
    pub(crate) async fn unverify(&self, person: &User) {
        let mut user = users::get(self.app().database(), &person.id)
            .await
            .unwrap()
            .unwrap();
        user.version += 1;
        user.primary_email.as_mut().unwrap().verified_at = None;
        self.app()
            .database()
            .commit(users::update(Batch::new(), &user))
            .await
            .unwrap();
    }
}

/// The address of another page of the sign-in that `path` belongs to.
pub(crate) fn page_of(path: &str, page: &str) -> String {
    format!("/{page}?{}", path.split('?').nth(1).unwrap())
}

impl Browser {
    /// Begins a sign-in and gives the address of one of its pages.
    pub(crate) async fn begin(&mut self, client: &Client, page: &str) -> String {
        let (path, _) = self.authorize(client, &[("prompt", "login")]).await.page();
        page_of(&path, page)
    }

    /// Asks for a code at a page for the address; gives the address of the page for the code.
    pub(crate) async fn ask_for_code(&mut self, page: &str, address: &str) -> String {
        let (path, answer) = self.submit(page, &[("identifier", address)]).await.page();
        let answer = answer.expect(200);
        assert!(path.contains("/verify?"), "{path} {}", answer.text());
        path
    }

    /// Types a code.
    pub(crate) async fn type_code(&mut self, page: &str, address: &str, code: &str) -> Answer {
        self.post(page, &[("identifier", address), ("code", code)])
            .await
    }
}

/// A sign-in at which a code has been asked for and has arrived.
pub(crate) struct CodeSignIn {
    pub(crate) person: User,
    pub(crate) browser: Browser,
    pub(crate) inbox: Inbox,
    /// Whom the code was sent to.
    pub(crate) address: String,
    /// The page that asks for the address.
    pub(crate) page: String,
    /// The page that asks for the code.
    pub(crate) verify: String,
    /// The code.
    pub(crate) code: String,
}

impl TestServer {
    /// Makes a person and asks for a code for their email address.
    pub(crate) async fn code_for(&self, username: &str) -> CodeSignIn {
        let (client, inbox) = (self.spa().await, self.with_inbox().await);
        let person = self.person(username).await;
        let mut browser = self.browser();
        let page = browser.begin(&client, "sign-in/code").await;
        let address = format!("{username}@example.com");
        let verify = browser.ask_for_code(&page, &address).await;
        let code = inbox.code_to(&address).await;
        CodeSignIn {
            person,
            browser,
            inbox,
            address,
            page,
            verify,
            code,
        }
    }
}

impl CodeSignIn {
    /// Types a code.
    pub(crate) async fn type_code(&mut self, code: &str) -> Answer {
        self.browser
            .type_code(&self.verify, &self.address, code)
            .await
    }

    /// Types the code that was sent.
    pub(crate) async fn type_it(&mut self) -> Answer {
        let code = self.code.clone();
        self.type_code(&code).await
    }

    /// Types a code that was not sent.
    pub(crate) async fn mistype(&mut self) -> Answer {
        let code = wrong(&self.code);
        self.type_code(&code).await
    }

    /// Asks for another code in place of the present one.
    pub(crate) async fn ask_again(&mut self) {
        self.verify = self.browser.ask_for_code(&self.page, &self.address).await;
        self.code = self.inbox.code_to(&self.address).await;
    }

    /// Asks for a code in a new sign-in of the same browser.
    pub(crate) async fn begin_again(&mut self, client: &Client) {
        self.page = self.browser.begin(client, "sign-in/code").await;
        self.ask_again().await;
    }
}

/// Another code of six digits.
pub(crate) fn wrong(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}
