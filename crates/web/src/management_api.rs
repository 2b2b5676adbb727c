//! The Management API under `/api`: its route table, and a file for each noun.

mod applications;
mod connector_factories;
mod connectors;
mod consents;
mod custom_data;
mod document;
mod grants;
mod paging;
mod resources;
mod scopes;
mod secrets;
mod sessions;
mod sign_in_experience;
mod signing_keys;
mod users;
mod verification_codes;

use meibo_domain::{ErrorCode as Code, resource::MANAGEMENT_API_SCOPE_ALL};

use self::{
    applications::{ApplicationDetails, ApplicationView, CreateApplication, UpdateApplication},
    connector_factories::ConnectorFactoryView,
    connectors::{ConnectorView, CreateConnector, TestConnector, UpdateConnector},
    consents::ConsentView,
    custom_data::{CustomDataView, MergeCustomData},
    grants::GrantList,
    resources::{CreateResource, ResourceView, SetDefault, UpdateResource},
    scopes::{CreateScope, ScopeView, UpdateScope},
    secrets::{CreateSecret, RenameSecret, SecretView},
    sessions::{SessionList, SessionView},
    sign_in_experience::{
        CheckPassword, PasswordCheck, SignInExperienceView, UpdateSignInExperience,
    },
    signing_keys::{RotateSigningKeys, SigningKeyView},
    users::{
        CreateUser, HasPassword, MergeProfile, Password, ProfileView, SetSuspension, UpdateUser,
        UserView,
    },
    verification_codes::{RequestVerificationCode, VerifyVerificationCode},
};
use crate::routes::{Access, Nothing, Parameter, Route, Schemas, route_table};

/// The one tenant, which the contract names in many answers.
const TENANT_ID: &str = "default";

const ALL: Access = Access::Scope(MANAGEMENT_API_SCOPE_ALL);
const PUBLIC: Access = Access::Public;

const IDENTIFIERS: &[Code] = &[
    Code::UsernameInUse,
    Code::EmailInUse,
    Code::PhoneInUse,
    Code::InvalidPhone,
];
const CREATE_USER: &[Code] = &[
    Code::UsernameInUse,
    Code::EmailInUse,
    Code::PhoneInUse,
    Code::InvalidPhone,
    Code::PasswordAndDigest,
    Code::PasswordAlgorithmRequired,
    Code::PasswordDigestInvalid,
];
const APPLICATION_TYPES: &[Code] = &[
    Code::ApplicationSaml,
    Code::ApplicationTypeNotSupported,
    Code::ApplicationThirdPartyType,
];

/// Every route of the Management API.
#[must_use]
#[rustfmt::skip]
pub fn routes() -> Vec<Route> {
    route_table! {
        "Users" {
            GET    "/api/users",                           users::list_users,             ALL, Nothing => 200 [UserView], "List users" .paged() .query(USER_SEARCH) .note("Newest first. `search=%kw%` looks through all fields, `search.username=…` through one.");
            POST   "/api/users",                           users::create_user,            ALL, CreateUser => 200 UserView, "Create a user" .refuses(CREATE_USER);
            GET    "/api/users/{userId}",                  users::get_user,               ALL, Nothing => 200 UserView, "Get a user" .query(USER_PARTS);
            PATCH  "/api/users/{userId}",                  users::update_user,            ALL, UpdateUser => 200 UserView, "Change a user" .refuses(IDENTIFIERS) .note("`profile` and `customData` are replaced as wholes.");
            DELETE "/api/users/{userId}",                  users::delete_user,            ALL, Nothing => 204 Nothing, "Delete a user" .refuses(&[Code::CannotDeleteSelf]);
            GET    "/api/users/{userId}/custom-data",      users::get_user_custom_data,   ALL, Nothing => 200 CustomDataView, "Get a user's custom data";
            PATCH  "/api/users/{userId}/custom-data",      users::merge_user_custom_data, ALL, MergeCustomData => 200 CustomDataView, "Merge into a user's custom data" .note("A shallow merge: the members given replace those of the same name, null included.");
            PATCH  "/api/users/{userId}/profile",          users::merge_user_profile,     ALL, MergeProfile => 200 ProfileView, "Merge into a user's profile" .note("A shallow merge; the address is replaced as a whole. An empty string or null clears a member.");
            PATCH  "/api/users/{userId}/password",         users::set_user_password,      ALL, Password => 200 UserView, "Set a user's password" .note("Sessions and grants of the user end. The password policy is not applied.");
            POST   "/api/users/{userId}/password/verify",  users::verify_user_password,   ALL, Password => 204 Nothing, "Verify a user's password" .refuses(&[Code::InvalidCredentials]);
            GET    "/api/users/{userId}/has-password",     users::has_user_password,      ALL, Nothing => 200 HasPassword, "Has a user a password?";
            PATCH  "/api/users/{userId}/is-suspended",     users::set_user_suspension,    ALL, SetSuspension => 200 UserView, "Suspend a user, or end the suspension" .note("A suspended user's sessions and grants end.");
            GET    "/api/users/{userId}/sessions",         sessions::list_user_sessions,  ALL, Nothing => 200 SessionList, "List a user's sessions" .note("The one used last first.");
            GET    "/api/users/{userId}/sessions/{sessionId}", sessions::get_user_session, ALL, Nothing => 200 SessionView, "Get a session";
            DELETE "/api/users/{userId}/sessions/{sessionId}", sessions::end_user_session, ALL, Nothing => 204 Nothing, "End a session" .query(GRANTS_TARGET) .note("Grants made in it without `offline_access` end with it.");
            GET    "/api/users/{userId}/grants",           grants::list_user_grants,      ALL, Nothing => 200 GrantList, "List what a user has granted" .query(GRANT_FILTERS) .note("Newest first, at most 1,000.");
            DELETE "/api/users/{userId}/grants/{grantId}", grants::revoke_user_grant,     ALL, Nothing => 204 Nothing, "Revoke a grant" .note("Everything issued under it ends at once. Of a third-party application its other grants and the consent go too, so that the person is asked again.");
            GET    "/api/users/{userId}/consents",         consents::list_user_consents,  ALL, Nothing => 200 [ConsentView], "List what a user has allowed third-party applications" .note("Newest first, at most 1,000.");
            DELETE "/api/users/{userId}/consents/{applicationId}", consents::revoke_user_consent, ALL, Nothing => 204 Nothing, "Revoke a consent" .note("Everything that the application has from the user ends at once.");
        }
        "Applications" {
            GET    "/api/applications",                    applications::list_applications, ALL, Nothing => 200 [ApplicationView], "List applications" .paged() .query(APPLICATION_FILTERS) .note("All of them, newest first, unless `page` or `page_size` is given.");
            POST   "/api/applications",                    applications::create_application, ALL, CreateApplication => 200 ApplicationView, "Create an application" .refuses(APPLICATION_TYPES) .note("Traditional and MachineToMachine get a secret, to be read from the list of secrets.");
            GET    "/api/applications/{id}",               applications::get_application, ALL, Nothing => 200 ApplicationDetails, "Get an application";
            PATCH  "/api/applications/{id}",               applications::update_application, ALL, UpdateApplication => 200 ApplicationView, "Change an application" .refuses(&[Code::ApplicationTypeFixed]) .note("Members that are objects are replaced as wholes.");
            DELETE "/api/applications/{id}",               applications::delete_application, ALL, Nothing => 204 Nothing, "Delete an application";
            PATCH  "/api/applications/{id}/custom-data",   applications::merge_application_custom_data, ALL, CustomDataView => 200 CustomDataView, "Merge into an application's custom data" .note("The body is the object itself. A shallow merge.");
            GET    "/api/applications/{id}/secrets",       secrets::list_application_secrets, ALL, Nothing => 200 [SecretView], "List an application's secrets";
            POST   "/api/applications/{id}/secrets",       secrets::create_application_secret, ALL, CreateSecret => 201 SecretView, "Create a secret" .refuses(SECRETS);
            PATCH  "/api/applications/{id}/secrets/{name}", secrets::rename_application_secret, ALL, RenameSecret => 200 SecretView, "Rename a secret" .refuses(SECRETS);
            DELETE "/api/applications/{id}/secrets/{name}", secrets::delete_application_secret, ALL, Nothing => 204 Nothing, "Delete a secret" .refuses(&[Code::ApplicationSecretNotFound]);
        }
        "Resources" {
            GET    "/api/resources",                       resources::list_resources, ALL, Nothing => 200 [ResourceView], "List API resources" .paged() .query(RESOURCE_PARTS) .note("All of them unless `page` or `page_size` is given.");
            POST   "/api/resources",                       resources::create_resource, ALL, CreateResource => 201 ResourceView, "Create an API resource" .refuses(&[Code::ResourceIdentifierInUse]);
            GET    "/api/resources/{id}",                  resources::get_resource, ALL, Nothing => 200 ResourceView, "Get an API resource";
            PATCH  "/api/resources/{id}",                  resources::update_resource, ALL, UpdateResource => 200 ResourceView, "Change an API resource" .note("The indicator never changes.");
            DELETE "/api/resources/{id}",                  resources::delete_resource, ALL, Nothing => 204 Nothing, "Delete an API resource" .refuses(&[Code::ResourceBuiltIn]);
            PATCH  "/api/resources/{id}/is-default",       resources::set_default_resource, ALL, SetDefault => 200 ResourceView, "Make an API resource the default, or no longer so";
            GET    "/api/resources/{id}/scopes",           scopes::list_resource_scopes, ALL, Nothing => 200 [ScopeView], "List the scopes of an API resource" .paged();
            POST   "/api/resources/{id}/scopes",           scopes::create_resource_scope, ALL, CreateScope => 201 ScopeView, "Create a scope" .refuses(SCOPES);
            PATCH  "/api/resources/{id}/scopes/{scopeId}", scopes::update_resource_scope, ALL, UpdateScope => 200 ScopeView, "Change a scope" .refuses(SCOPES);
            DELETE "/api/resources/{id}/scopes/{scopeId}", scopes::delete_resource_scope, ALL, Nothing => 204 Nothing, "Delete a scope" .refuses(&[Code::ResourceBuiltIn]);
        }
        "Connectors" {
            GET    "/api/connectors",                      connectors::list_connectors, ALL, Nothing => 200 [ConnectorView], "List connectors" .query(CONNECTOR_FILTERS);
            POST   "/api/connectors",                      connectors::create_connector, ALL, CreateConnector => 200 ConnectorView, "Set up a connector" .refuses(&[Code::ConnectorInvalidConfig, Code::ConnectorFactoryNotFound]) .note("There is one for email and one for text messages: it takes the place of the one that served its channel.");
            GET    "/api/connectors/{id}",                 connectors::get_connector, ALL, Nothing => 200 ConnectorView, "Get a connector" .note("Secrets are masked.");
            PATCH  "/api/connectors/{id}",                 connectors::update_connector, ALL, UpdateConnector => 200 ConnectorView, "Change a connector" .refuses(&[Code::ConnectorInvalidConfig]) .note("`config` and `metadata` are replaced as wholes. A secret that comes back masked stays, as long as it goes to the same server.");
            DELETE "/api/connectors/{id}",                 connectors::delete_connector, ALL, Nothing => 204 Nothing, "Delete a connector" .note("Messages that wait for it are given up, unless another one is set up before their turn.");
            POST   "/api/connectors/{factoryId}/test",     connectors::test_connector, ALL, TestConnector => 204 Nothing, "Send a test message" .refuses(CONNECTOR_TEST) .note("It is sent at once, by the configuration in the body, and counts among the ten messages that its recipient gets in ten minutes.");
            GET    "/api/connector-factories",             connector_factories::list_connector_factories, ALL, Nothing => 200 [ConnectorFactoryView], "List kinds of connectors";
            GET    "/api/connector-factories/{id}",        connector_factories::get_connector_factory, ALL, Nothing => 200 ConnectorFactoryView, "Get a kind of connector";
        }
        "Sign-in experience" {
            GET    "/api/sign-in-exp",                     sign_in_experience::get_sign_in_experience, ALL, Nothing => 200 SignInExperienceView, "Get the sign-in experience";
            PATCH  "/api/sign-in-exp",                     sign_in_experience::update_sign_in_experience, ALL, UpdateSignInExperience => 200 SignInExperienceView, "Change the sign-in experience" .note("Members that are given are replaced as wholes. A member that this server does not offer is taken when it asks for nothing.");
            POST   "/api/sign-in-exp/default/check-password", sign_in_experience::check_password, ALL, CheckPassword => 200 PasswordCheck, "May a password be used?" .refuses(&[Code::EntityNotExistsWithId]) .or(400, Schemas::of::<PasswordCheck>()) .note("It is neither kept nor compared with the user's own.");
            GET    "/api/.well-known/sign-in-exp",         sign_in_experience::get_public_sign_in_experience, PUBLIC, Nothing => 200 SignInExperienceView, "The sign-in experience as pages see it" .refuses(&[Code::Internal, Code::Unavailable]);
        }
        "Signing keys" {
            GET    "/api/configs/oidc/private-keys",       signing_keys::list_signing_keys, ALL, Nothing => 200 [SigningKeyView], "List signing keys";
            POST   "/api/configs/oidc/private-keys/rotate", signing_keys::rotate_signing_keys, ALL, RotateSigningKeys => 200 [SigningKeyView], "Rotate signing keys" .refuses(&[Code::SigningKeyTooYoung]) .note("The next key begins to sign and another next key is published; the former one stays published while its tokens live. Gives all keys.");
            DELETE "/api/configs/oidc/private-keys/{keyId}", signing_keys::delete_signing_key, ALL, Nothing => 204 Nothing, "Delete a previous signing key" .refuses(&[Code::SigningKeyInUse]) .note("What it signed is refused from now on.");
        }
        "Verification codes" {
            POST   "/api/verification-codes",              verification_codes::request_verification_code, ALL, RequestVerificationCode => 204 Nothing, "Send a verification code" .refuses(SEND_CODE) .note(SENDING);
            POST   "/api/verification-codes/verify",       verification_codes::verify_verification_code, ALL, VerifyVerificationCode => 204 Nothing, "Verify a code" .refuses(VERIFY_CODE) .note(VERIFYING);
            POST   "/api/verification-code",               verification_codes::request_code, ALL, RequestVerificationCode => 204 Nothing, "Send a verification code (another spelling)" .refuses(SEND_CODE) .note(SENDING);
            POST   "/api/verification-code/verify",        verification_codes::verify_code, ALL, VerifyVerificationCode => 204 Nothing, "Verify a code (another spelling)" .refuses(VERIFY_CODE) .note(VERIFYING);
        }
        "System" {
            GET    "/api/status",                          document::get_status, PUBLIC, Nothing => 204 Nothing, "Is the server up?";
            GET    "/api/swagger.json",                    document::get_document, PUBLIC, Nothing => 200 document::OpenApi, "This document";
        }
    }
}

/// What the reference says of a chapter.
pub(crate) fn tag_description(tag: &str) -> &'static str {
    match tag {
        "Users" => "People's accounts: identifiers, profile, custom data, password.",
        "Applications" => "OAuth clients and their secrets.",
        "Resources" => "APIs that access tokens are made for, and their scopes.",
        "Connectors" => "How emails and text messages leave.",
        "Sign-in experience" => "How people sign in and make accounts, and how the pages look.",
        "Signing keys" => "Keys that tokens are signed with, and their rotation.",
        "Verification codes" => {
            "Six digits that show that somebody reads an email address or has a telephone."
        }
        "System" => "The server itself. No token is needed.",
        _ => "",
    }
}

const SECRETS: &[Code] = &[
    Code::TooMany,
    Code::ApplicationHasNoSecrets,
    Code::ApplicationSecretNameInUse,
    Code::ApplicationSecretNotFound,
];
const CONNECTOR_TEST: &[Code] = &[
    Code::ConnectorInvalidConfig,
    Code::ConnectorSendFailed,
    Code::InvalidPhone,
    Code::MessageRateLimited,
    Code::Overloaded,
    Code::RecipientNotAllowed,
    Code::RecipientCountryNotAllowed,
];
const SCOPES: &[Code] = &[Code::ScopeNameInUse, Code::ResourceBuiltIn];

const SENDING: &str = "The message is handed over after the answer. A new code takes the place of an earlier one. A code lives ten minutes and can be tried ten times unless `verificationCodePolicy` says otherwise; a recipient gets at most ten messages in 600 seconds, and the operator sets how many are sent in an hour in all. `Retry-After` tells when to come back.";
const VERIFYING: &str = "A code is taken once. No account is needed, and nothing else changes.";
const SEND_CODE: &[Code] = &[
    Code::ChangedMeanwhile,
    Code::RecipientNotAllowed,
    Code::RecipientCountryNotAllowed,
    Code::ConnectorNotFound,
    Code::ConnectorTemplateNotFound,
    Code::MessageRateLimited,
];
const VERIFY_CODE: &[Code] = &[
    Code::ChangedMeanwhile,
    Code::RecipientNotAllowed,
    Code::VerificationCodeNotFound,
    Code::VerificationCodeEmailMismatch,
    Code::VerificationCodePhoneMismatch,
    Code::VerificationCodeExpired,
    Code::VerificationCodeTooManyTries,
    Code::VerificationCodeMismatch,
    Code::TooManyAttempts,
];

const USER_SEARCH: &[Parameter] = &[
    Parameter {
        name: "search",
        description: "What to look for in any field; `%` stands for any text, `_` for any character.",
    },
    Parameter {
        name: "search.id",
        description: "What to look for in the id.",
    },
    Parameter {
        name: "search.username",
        description: "What to look for in the username.",
    },
    Parameter {
        name: "search.primaryEmail",
        description: "What to look for in the email address.",
    },
    Parameter {
        name: "search.primaryPhone",
        description: "What to look for in the phone number.",
    },
    Parameter {
        name: "search.name",
        description: "What to look for in the name.",
    },
    Parameter {
        name: "mode",
        description: "`like` (the default) or `exact`; `mode.<field>` for one field. In the mode exact a value may be repeated.",
    },
    Parameter {
        name: "joint",
        description: "`or` (the default) or `and`: must one condition hold, or all?",
    },
    Parameter {
        name: "isCaseSensitive",
        description: "`true` when case matters.",
    },
];

const USER_PARTS: &[Parameter] = &[Parameter {
    name: "includeSsoIdentities",
    description: "`true` adds `ssoIdentities`.",
}];

const APPLICATION_FILTERS: &[Parameter] = &[
    Parameter {
        name: "types",
        description: "Only applications of this type; may be repeated.",
    },
    Parameter {
        name: "isThirdParty",
        description: "`true` for third-party applications only, `false` for the business's own.",
    },
];

const CONNECTOR_FILTERS: &[Parameter] = &[Parameter {
    name: "target",
    description: "Only connectors with this target, which is the id of their kind.",
}];

const GRANTS_TARGET: &[Parameter] = &[Parameter {
    name: "revokeGrantsTarget",
    description: "`all` revokes every grant that was made in the session, `firstParty` those of the business's own applications.",
}];

const GRANT_FILTERS: &[Parameter] = &[Parameter {
    name: "appType",
    description: "`firstParty` for grants of the business's own applications only, `thirdParty` for those of others.",
}];

const RESOURCE_PARTS: &[Parameter] = &[Parameter {
    name: "includeScopes",
    description: "`true` adds `scopes` to each resource.",
}];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_tells_nothing_is_public() {
        let table = routes();
        let public = table.iter().filter(|route| route.access == Access::Public);
        let paths: Vec<_> = public.map(|route| route.path).collect();
        assert_eq!(
            paths,
            [
                "/api/.well-known/sign-in-exp",
                "/api/status",
                "/api/swagger.json"
            ]
        );
        assert!(table.iter().all(|route| route.path.starts_with("/api/")));
    }
}
