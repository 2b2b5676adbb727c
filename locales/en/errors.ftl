# What went wrong, by wire code: `error-` and the code with `-` for each dot.
# Shown on pages and as `message` in JSON answers. Never blames, always says what to do.

error-guard-invalid_input = Something in the request has a wrong form. Correct the part that is named and send it again.
error-guard-invalid_pagination = The page number or page size is out of range. Pages start at 1, with 1 to 100 entries each.

error-request-invalid_input = The request cannot be understood. Check its parameters.
error-request-malformed_json = The body is not valid JSON. Check it and send it again.
error-request-body_too_large = The body is too large. Send less at once.
error-request-unsupported_media_type = This media type is not accepted here. Check the Content-Type header.
error-request-not_found = There is nothing at this address.
error-request-method_not_allowed = This address does not accept that method. Check the API reference.
error-request-too_many = There are too many requests from this address. Wait a moment, then try again.
error-request-cross_site = The form came from another site and was not accepted. Open the page here and send it again.

error-auth-authorization_header_missing = The Authorization header is missing. Send “Bearer” and an access token.
error-auth-authorization_token_type_not_supported = This type of authorization is not accepted. Send “Bearer” and an access token.
error-auth-unauthorized = The access token is not valid here. Get a new one and try again.
error-auth-forbidden = The access token does not allow this. Ask for one with the scope that is needed.

error-entity-not_found = It does not exist, or no longer does.
error-entity-not_exists_with_id = Nothing exists with this ID. Check the ID.
error-entity-relation_foreign_key_not_found = Something that the request refers to does not exist. Check the IDs in it.
error-entity-value_too_long = A value is too long. Shorten it and send it again.
error-entity-unique_integrity_violation = The same thing exists already.
error-entity-too_many = No more of these can be made here.
error-entity-changed_meanwhile = It was changed by somebody else at the same time. Load it again and repeat your change.

error-user-username_already_in_use = This username is taken. Please choose another one.
error-user-email_already_in_use = This email address belongs to another account.
error-user-phone_already_in_use = This phone number belongs to another account.
error-user-invalid_phone = This is not an international phone number. Begin with the country code.
error-user-cannot_delete_self = You cannot delete your own account here. Ask another administrator.
error-user-password_and_digest = Send a password or a digest of one, not both.
error-user-password_algorithm_required = A password digest needs its algorithm. Send it as well.
error-user-password_digest_invalid = The password digest does not have the form of its algorithm. Check both.
error-user-suspended = This account is suspended. Please contact the people who run this service.
error-user-user_not_exist = No account has this address. Check it, or create an account.
error-user-terms_not_accepted = Please tick the box to agree, then continue.
error-user-sign_in_method_not_enabled = This way is turned off. Please choose another one.

error-password-rejected = Please choose another password.
error-password_rejected-too_short = Please use at least { $min } characters.
error-password_rejected-too_long = Please use at most { $max } characters.
error-password_rejected-unsupported_characters = The password has a character that cannot be typed everywhere. Please leave it out.
error-password_rejected-pwned = Many people use this password, so it is easily guessed. Please choose another one.
error-password_rejected-restricted-user_info = The password is too close to your username or name. Please choose another one.
error-password_rejected-restricted-repetition = The password repeats or counts up, so it is easily guessed. Please choose another one.

error-session-invalid_credentials = The account or the password is not right. Check both and try again.
error-session-not_found = This sign-in has ended, or was begun in another browser. Go back to the application and start again.
error-session-verification_blocked_too_many_attempts = There were too many attempts. Please wait a few minutes, then try again.

error-setup-link_not_valid = This link was used already, or a newer one was printed. Look for the newest one in the server’s output.

error-signing_key-next_too_young = The next signing key has not been published long enough. Wait, or rotate with a shorter grace period.
error-signing_key-in_use = Tokens are signed with this key, or will be. Rotate first; only a previous key can be deleted.

error-application-type_fixed = The type of an application cannot be changed. Create another application.
error-application-secret_name_in_use = The application has a secret of this name. Choose another name.
error-application-secret_not_found = The application has no secret of this name.
error-application-secrets_not_supported = A public application has no secrets.
error-application-saml-use_saml_app_api = SAML applications cannot be made here.
error-application-type_not_supported = This type of application is not supported.
error-application-invalid_third_party_application_type = A machine application cannot be a third-party one: it signs nobody in.
error-application-id_already_in_use = An application with this ID exists. Choose another ID.

error-resource-resource_identifier_in_use = A resource with this indicator exists. Choose another indicator.
error-resource-cannot_change_built_in = The Management API resource is built in and cannot be changed.
error-scope-name_exists = The resource has a scope of this name. Choose another name.
error-role-name_in_use = A role of this name exists. Choose another name.

error-user_storage-required_value_missing = The sign-in could not be completed: the service’s own user data lacks a value that is needed. Please contact the service.

error-server-internal = Something went wrong on our side.
error-server-unavailable = The service is unavailable for a moment. Please try again shortly.
error-server-overloaded = The service is very busy just now. Please try again shortly.

error-oidc-invalid_request = The application sent a request that cannot be understood.
error-oidc-invalid_client = The application could not be identified.
error-oidc-invalid_grant = The permission has been used, has expired or was taken back. Sign in again.
error-oidc-unauthorized_client = The application may not use this way of signing in.
error-oidc-unsupported_grant_type = This grant type is not supported.
error-oidc-unsupported_response_type = This response type is not supported.
error-oidc-unsupported_response_mode = This response mode is not supported.
error-oidc-invalid_scope = The application asked for a scope that it cannot have.
error-oidc-insufficient_scope = The access token lacks a scope that this needs.
error-oidc-invalid_target = The application asked for a resource that does not exist or that it cannot have.
error-oidc-invalid_token = The access token is not valid. Get a new one.
error-oidc-invalid_redirect_uri = The application gave an address to return to that is not registered for it.
error-oidc-access_denied = Access was not granted.
error-oidc-login_required = Somebody has to sign in first.
error-oidc-consent_required = Somebody has to agree first.
error-oidc-interaction_required = Somebody has to take part first.
error-oidc-account_selection_required = Somebody has to choose an account first.
error-oidc-unmet_authentication_requirements = The sign-in was not of the strength that the application asked for.
error-oidc-request_not_supported = Request objects are not supported.
error-oidc-request_uri_not_supported = Request addresses are not supported.
error-oidc-registration_not_supported = Registration inside a request is not supported.
error-oidc-invalid_request_uri = The request address cannot be used.
error-oidc-invalid_request_object = The request object cannot be used.
error-oidc-server_error = Something went wrong on our side.
error-oidc-temporarily_unavailable = The service is unavailable for a moment. Please try again shortly.

# What one member must be, by rule
rule-required = Please fill this in.
rule-too_long = This is too long. Please shorten it.
rule-username = Please use only letters, digits and underscores, and do not begin with a digit.
rule-email = Please write an email address such as name@example.com.
error-verification_code-not_found = No code was sent there, or it was used already. Please ask for a new one.
error-verification_code-expired = This code has expired. Please ask for a new one.
error-verification_code-exceed_max_try = This code was tried too often. Please ask for a new one.
error-verification_code-code_mismatch = This code is not right. Please check it, or ask for a new one.
error-verification_code-phone_mismatch = This code was sent to another phone number.
error-verification_code-email_mismatch = This code was sent to another email address.
error-request-message_rate_limited = Too many codes were sent. Please wait a while, then try again.
error-request-recipient_not_allowed = We cannot send messages to this number. Please use another one.
error-request-recipient_country_not_allowed = We cannot send messages to numbers of this country. Please use a number of another country.
error-connector-not_found = Nothing is set up that could send this message.
error-connector-not_found_with_connector_id = There is no kind of connector with this id.
error-connector-template_not_found = The connector has no template for this message.
error-connector-invalid_config = The configuration does not fit the connector.
error-connector-general = The message could not be handed over.
rule-phone = Please enter a phone number. For one of another country, begin with + and the country code.
rule-phone_country = Please enter the phone number with + and the country code, for example +81 90 1234 5678.
