# Words of the pages. One message for each thing that a reader sees; the other languages have the
# same messages with the same arguments.

title-with-error = Error: { $title }
language-nav = Language
links-nav = About this service
terms-of-use = Terms of use
privacy-policy = Privacy policy
support-website = Help
support-email = Contact us
agree-both = I agree to the terms of use and the privacy policy.
agree-terms = I agree to the terms of use.
agree-privacy = I agree to the privacy policy.

# Fields
username = Username
email = Email address
username-or-email = Username or email address
username-or-phone = Username or phone number
username-email-or-phone = Username, email address or phone number
password = Password
show-password = Show password
phone = Phone number
email-or-phone = Email address or phone number
code = Verification code
code-hint = Six digits. They can take a minute to arrive.
username-hint = Letters, digits and underscores. It begins with a letter or an underscore.
password-hint = At least { $min } characters. A few words in a row make a good one.

# Sign in
sign-in-title = Sign in
sign-in-lead = Continue to { $application } with your account.
sign-in-lead-plain = Welcome back.
sign-in-submit = Sign in
wait-attempts =
    { $minutes ->
        [one] There were too many attempts. Please try again in a minute.
       *[other] There were too many attempts. Please try again in { $minutes } minutes.
    }
wait-attempts-hours = There were too many attempts. Please try again in { $hours } hours.
sign-in-no-account = No account yet?
sign-in-register = Create an account
sign-in-with-code = Sign in with a code
sign-in-forgot-password = Forgot your password?

# Proving an address by a code
address-title-sign-in = Sign in with a code
address-title-forgot-password = Choose another password
address-lead-sign-in = We send you a code, and you continue to { $application } with it.
address-lead-sign-in-plain = We send you a code to sign in with.
address-lead-register = We send you a code, and you continue to { $application } with it.
address-lead-register-plain = We send you a code that shows that the address is yours.
address-lead-forgot-password = Which address does your account have? We send a code there.
address-submit = Send code
code-title = Enter the code
code-lead = We have sent a code to { $address }.
code-submit = Continue
code-resend = Send another code
wait-codes =
    { $minutes ->
        [one] Too many codes were sent. Please try again in a minute.
       *[other] Too many codes were sent. Please try again in { $minutes } minutes.
    }
wait-codes-hours = Too many codes were sent. Please try again in { $hours } hours.
code-other-address = Use another address
way-password = Sign in with a password
way-sign-in = Sign in to an account you have
way-register = Create an account
way-register-username = Choose a username instead
way-register-address = Use an email address or a phone number instead
proved-account-lead = { $address } is confirmed. No account has it yet; shall we create one?

# A forgotten password
new-password-title = Choose another password
new-password-lead = For the account of { $address }.
new-password-caution = You will be signed out everywhere, on every device.
new-password-submit = Change password
password-changed-title = Your password is changed
password-changed-body = You have been signed out everywhere. Sign in with your new password to continue.
password-changed-next = Sign in

# Register
register-title = Create an account
register-lead = Make one and continue to { $application }.
register-lead-plain = A username and a password are all it takes.
register-submit = Create account
register-have-account = Have an account already?
register-sign-in = Sign in

# Consent
consent-title = Allow access
consent-lead = { $application } would like to use your account.
consent-person = Signed in as { $person }
consent-scopes = It asks to
consent-no-scopes = It only asks to know that it is you.
consent-caution = If you do not know this application, choose Deny. Nothing is passed on then.
consent-allow = Allow
consent-deny = Deny
consent-other-account = Not you?
consent-other-account-link = Use another account
scope-openid = know that it is you
scope-profile = see your profile: your name, picture and similar details
scope-email = see your email address
scope-phone = see your phone number
scope-address = see your postal address
scope-custom_data = see the data that applications keep with your profile
scope-identities = see the outside accounts linked to yours
scope-roles = see your roles
scope-offline_access = keep its access while you are away

# Sign out
sign-out-title = Sign out
sign-out-question = Do you want to sign out?
sign-out-person = You are signed in as { $person }.
sign-out-submit = Sign out
sign-out-stay = Stay signed in
signed-out-title = You are signed out
signed-out-body = You can close this page now. On a shared computer, close the browser too.
signed-out-return = Go back to { $application }

# First administrator
setup-title = Make the first administrator
setup-lead = This server is new. Choose a username and a password for the person who will look after it.
setup-submit = Create administrator
setup-done-title = The server is yours
setup-done-body = { $username } is now its owner. The link you used no longer works.
setup-done-next = Continue

# Home
home-title = One register for everyone who signs in
home-lead = This server looks after sign-in and profiles for your applications.
home-people = If you came to sign in, open the application that you want to use. It brings you to the right place.
home-developers = For developers
home-api = API reference
home-api-note = Read every route, and try it.
home-discovery = OpenID configuration
home-discovery-note = Everything an application needs in order to connect.
home-issuer = Issuer

# The demo's inbox
inbox-title = Demo inbox
inbox-lead = Emails and text messages are shown here instead of being sent, the newest first.
inbox-refresh = Refresh
inbox-empty = Nothing has arrived yet. Ask for a code, then refresh the page.
inbox-email = Email
inbox-sms = Text message

# Passing an answer on to an application
form-post-title = One moment
form-post-body = You are on your way back to the application. If nothing happens, choose Continue.
form-post-submit = Continue

# Something went wrong: a title for each kind of failure, and what the reader can do
problem-title-invalid = This request did not work
problem-title-unauthenticated = Please sign in again
problem-title-forbidden = This is not open to you
problem-title-not-found = There is nothing here
problem-title-conflict = It was changed in the meantime
problem-title-too-large = That was too much at once
problem-title-too-many = Please wait a moment
problem-title-internal = Something went wrong on our side
problem-title-unavailable = We will be right back
problem-hint-invalid = Go back to the application you came from and start again from there.
problem-hint-unauthenticated = Go back to the application and sign in once more.
problem-hint-forbidden = If you think that you should be let in, ask the people who run this service.
problem-hint-not-found = Check the address, or go back to the application you came from.
problem-hint-conflict = Load the page again and repeat your change.
problem-hint-too-large = Try again with less.
problem-hint-too-many = Wait a few minutes, then try again.
problem-hint-internal = Please try again. If it happens once more, send the request ID below to the people who run this service.
problem-hint-unavailable = Please try again in a moment.
problem-technical = Technical details
problem-detail = Detail
problem-code = Code
problem-request-id = Request ID
