//! What a writer was told, and the look whether it is so.

use http::Method;
use serde_json::json;

use super::writers::Register;
use crate::support::{process::Remote, tokens::text};

/// A user that was created, and the names it was given: the number of each is the name.
#[derive(Debug)]
pub(super) struct UserWritten {
    pub(super) id: String,
    /// The last name that was acknowledged; 0 with the creation.
    pub(super) acknowledged: usize,
    /// The last name that was sent.
    pub(super) sent: usize,
}

/// A code that was redeemed.
#[derive(Debug)]
pub(super) struct CodeRedeemed {
    pub(super) code: String,
    pub(super) access_token: String,
    pub(super) refresh_token: String,
}

/// A chain of refresh tokens.
#[derive(Debug)]
pub(super) struct TokenRotated {
    /// How many rotations were acknowledged.
    pub(super) rotations: usize,
    /// The token that came with the last of them.
    pub(super) refresh_token: String,
    pub(super) access_token: String,
}

impl UserWritten {
    /// The user is there with its last acknowledged name, or with one that was under way. Gives how many names were
    /// acknowledged.
    pub(super) async fn check(&self, remote: &Remote, register: &Register) -> usize {
        let path = format!("/api/users/{}", self.id);
        let user = remote
            .get_as(&register.admin_token, &path)
            .await
            .unwrap()
            .expect(200)
            .json();
        let found: usize = text(&user, "name").parse().unwrap();
        assert!(
            (self.acknowledged..=self.sent).contains(&found),
            "{user} has not the name of {self:?}"
        );
        let next = json!({"name": (self.sent + 1).to_string()});
        remote
            .call(&register.admin_token, Method::PATCH, &path, &next)
            .await
            .unwrap()
            .expect(200);
        self.acknowledged
    }
}

impl CodeRedeemed {
    /// The tokens that the code gave are there, and the code is used up: redeeming it again revokes them. Gives 1.
    pub(super) async fn check(&self, remote: &Remote, register: &Register) -> usize {
        remote
            .get_as(&self.access_token, "/oidc/me")
            .await
            .unwrap()
            .expect(200);
        let again = remote
            .redeem(&register.application, &self.code)
            .await
            .unwrap()
            .expect(400)
            .json();
        assert_eq!(again["error"], "invalid_grant", "{self:?}");
        remote
            .get_as(&self.access_token, "/oidc/me")
            .await
            .unwrap()
            .expect(401);
        remote
            .refresh(&register.application, &self.refresh_token)
            .await
            .unwrap()
            .expect(400);
        1
    }
}

impl TokenRotated {
    /// The last token works, and the access token that came with it. Gives how many rotations were acknowledged.
    pub(super) async fn check(&self, remote: &Remote, register: &Register) -> usize {
        remote
            .get_as(&self.access_token, "/oidc/me")
            .await
            .unwrap()
            .expect(200);
        let answer = remote
            .refresh(&register.application, &self.refresh_token)
            .await
            .unwrap();
        let tokens = answer.expect(200).json();
        assert_ne!(text(&tokens, "refresh_token"), self.refresh_token);
        self.rotations
    }
}
