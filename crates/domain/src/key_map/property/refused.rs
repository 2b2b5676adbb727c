//! What a reply can never set, and names that custom data cannot take.

use super::super::words::{Words, words};

/// A name that no entry can write, and why.
#[derive(Debug, Clone, Copy)]
pub struct NeverMapped {
    /// The name as somebody would try it.
    pub name: &'static str,
    /// Why not.
    pub why: Words,
}

const IDENTITY: Words = words(
    "it says who the user is, which this server decides; map server_custom_id instead",
    "ユーザーが誰であるかを示す値で、このサーバーが決めます。代わりに server_custom_id を使ってください",
);
const IDENTIFIER: Words = words(
    "people sign in with it; it comes from registration or a verified code only",
    "サインインに使う値で、登録または確認済みのコードだけが設定します",
);
const CREDENTIAL: Words = words("it is a credential", "認証情報です");
const RIGHT: Words = words(
    "it decides what somebody may do; administrators set it",
    "権限に関わる値で、管理者だけが設定します",
);
const PROOF: Words = words(
    "only a code that reached the person verifies an address",
    "本人に届いたコードだけが、アドレスを確認済みにします",
);
const RECORD: Words = words(
    "this server writes it itself",
    "このサーバー自身が記録する値です",
);

macro_rules! never_mapped {
    ($($why:ident: $($name:literal)+;)+) => {
        /// Names that no entry can write.
        pub const NEVER_MAPPED: &[NeverMapped] = &[$($(NeverMapped { name: $name, why: $why },)+)+];
    };
}

never_mapped! {
    IDENTITY: "sub" "id" "user_id" "login_id" "external_id" "external_account_id";
    IDENTIFIER: "username" "email" "phone" "phone_number";
    CREDENTIAL: "password" "password_digest" "new_password" "mfa";
    RIGHT: "role" "roles" "scope" "scopes" "groups" "permissions" "organizations" "is_suspended" "suspended" "ban";
    PROOF: "phone_verified" "phone_number_verified";
    RECORD: "created_at" "updated_at" "last_sign_in_at" "partner_data" "custom_data" "identities" "attributes";
}

/// Claims with a meaning: of JWT (RFC 7519 and its registry, as far as tokens here have them), of OpenID
/// Connect Core 5.1, and of the login API's tokens.
pub const RESERVED_CLAIMS: &[&str] = &[
    // RFC 7519, 7800, 8693, 9068
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "cnf",
    "act",
    "may_act",
    "scope",
    "client_id",
    "roles",
    "groups",
    "entitlements",
    // OpenID Connect Core and its sign-out
    "nonce",
    "auth_time",
    "acr",
    "amr",
    "azp",
    "sid",
    "at_hash",
    "c_hash",
    "events",
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "email",
    "email_verified",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "phone_number_verified",
    "address",
    "updated_at",
    "created_at",
    // the login API
    "birthday",
    "first_name",
    "last_name",
    "server_custom_id",
    "partner_data",
    "custom_data",
    "type",
    "provider",
    "id",
    "payload",
    "username",
    "avatar",
    "publisher_id",
    "promo_email_agreement",
    "connection_information",
    "scp",
    "is_master",
    "is_cross_auth",
    "social_access_token",
    "external_account_id",
    "redirect_url",
    "request_type",
    "xsolla_login_project_id",
    "xsolla_login_access_key",
    "session_ticket",
    "entity_token",
    "entity_type",
    "entity_id",
    // Management API tokens and rights
    "organizations",
    "organization_id",
    "permissions",
    "password",
    "identities",
    "ban",
    // what an object in a script language has already
    "__proto__",
    "constructor",
    "prototype",
];
