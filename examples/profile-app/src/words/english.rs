//! English.

use super::{Message, Words};
use crate::code_problem::CodeProblem;
use crate::field::Field;
use crate::problem::Problem;

pub(super) static WORDS: Words = Words {
    app: "Profile app",
    home_title: "Your profile, in one place",
    home_lead: "Sign in to see and change what this app knows about you.",
    welcome: "Hello, ",
    welcome_lead: "You are signed in.",
    sign_in: "Sign in",
    sign_out: "Sign out",
    to_profile: "Open your profile",
    to_start: "Back to the start",
    try_again: "Try again",
    profile_title: "Your profile",
    profile_lead: "Change what you like, then save.",
    contact: "Contact",
    contact_lead: "A new address is verified with a code before it is saved.",
    about_you: "About you",
    address: "Address",
    business: "Orders and payment",
    business_lead: "This app keeps these in its own database.",
    verified: "Verified",
    unverified: "Not verified",
    verified_unsaved: "Verified. Save to keep it.",
    new_address: "New. Send a code before you save.",
    send_code: "Send code",
    send_new_code: "Send a new code",
    code: "Code",
    code_hint: "Six digits. The code works for ten minutes.",
    check_code: "Check code",
    code_right: "The code is right. Save to keep the new address.",
    stored_now: "Stored now:",
    nothing_stored: "nothing",
    kept: "On file, ending in",
    keep_hint: "Leave it empty to keep what is on file.",
    remove: "Remove the number on file",
    source: "Read from",
    source_hint: "Where this page reads what the identity server keeps.",
    sources: ["Userinfo", "ID token", "Management API"],
    save: "Save",
    saved: "Saved.",
    session_ended: "Your session has ended. Sign in again to continue.",
    not_saved: "Nothing was saved. Look at the marked fields.",
    refused: "Nothing was saved: the identity server did not accept these values.",
    changed: "Nothing was saved: your profile was changed meanwhile, perhaps in another window. Where it \
              differs from what you see here, the stored value stands below the field. Correct what you like; \
              saving again replaces what is stored.",
    uncertain: "The identity server did not answer. Contact, About you and Address may have been saved or not; \
                Orders and payment was not. Your entries are still here: save again, nothing is done twice.",
    half_saved: "Contact, About you and Address were saved. Orders and payment was not, since this app's own \
                 database failed. Your entries are still here: save again in a minute, nothing is done twice.",
    unavailable_save: "Nothing was saved: the identity server cannot be reached right now. Your entries are still here; \
                       try again in a minute.",
    unavailable_own: "Nothing was saved: this app's own database failed. Your entries are still here; try again in a \
                      minute.",
    languages: "Language",
    denied: Message {
        title: "You are not signed in",
        text: "The sign-in was cancelled. Nothing has changed.",
    },
    sign_in_failed: Message {
        title: "The sign-in did not work",
        text: "It may have taken too long, or it was started in another window. Please start again.",
    },
    unavailable: Message {
        title: "Not available right now",
        text: "The identity server cannot be reached. Try again in a minute.",
    },
    own_unavailable: Message {
        title: "Not available right now",
        text: "This app's own database cannot be read. Try again in a minute.",
    },
    stale_form: Message {
        title: "This page was too old",
        text: "Nothing has changed. Open the page again and repeat your entry.",
    },
    bad_form: Message {
        title: "The form could not be read",
        text: "Nothing has changed. Open the page again and repeat your entry.",
    },
    not_found: Message {
        title: "No such page",
        text: "The address may be mistyped.",
    },
    code_sent: [
        "A code is on its way. Look into the mailbox of",
        "A code is on its way. Look at the messages of",
    ],
    numbers: [
        (
            "Social security number",
            "Spaces and hyphens do not matter.",
        ),
        (
            "Payment method",
            "A card number; spaces and hyphens do not matter.",
        ),
    ],
    genders: ["Not stated", "Female", "Male", "Other"],
    field,
    problem,
    code_problem,
};

fn field(field: Field) -> (&'static str, &'static str) {
    match field {
        Field::Email => ("Email", ""),
        Field::Phone => ("Phone", "With the country code, such as +81 90 1234 5678."),
        Field::Name => ("Display name", ""),
        Field::Nickname => ("Nickname", ""),
        Field::FamilyName => ("Family name", ""),
        Field::GivenName => ("Given name", ""),
        Field::Picture => (
            "Picture address",
            "A web address, such as https://example.com/me.png",
        ),
        Field::Gender => ("Gender", ""),
        Field::Birthdate => (
            "Date of birth",
            "Year, month, day: 1990-05-15. The year alone will do.",
        ),
        Field::StreetAddress => ("Street and number", ""),
        Field::Locality => ("City", ""),
        Field::Region => ("State or prefecture", ""),
        Field::PostalCode => ("Postal code", ""),
        Field::Country => ("Country", ""),
        Field::Age => ("Age", ""),
        Field::ShippingAddress => ("Shipping address", "As on the parcel, with the name."),
    }
}

fn problem(problem: Problem) -> &'static str {
    match problem {
        Problem::TooLong => "Shorten this.",
        Problem::Control => "Remove line breaks and invisible characters.",
        Problem::NotWebAddress => "Write a web address that begins with https:// or http://.",
        Problem::NotBirthdate => "Write a date as year, month, day, such as 1990-05-15.",
        Problem::NotEmail => "Write an email address such as name@example.com.",
        Problem::NotPhone => {
            "Write a phone number with its country code, such as +81 90 1234 5678."
        }
        Problem::NotAge => "Write a whole number of years from 0 to 150.",
        Problem::NotSocialSecurityNumber => "Write 9 to 20 letters and digits.",
        Problem::NotCardNumber => "This is no card number. Compare it with the card.",
        Problem::NotVerified => "This is new: send a code and enter it, then save.",
        Problem::Taken => "Another account uses this. Choose another one.",
        Problem::Refused => "The identity server did not accept this. Change it.",
    }
}

fn code_problem(problem: CodeProblem) -> &'static str {
    match problem {
        CodeProblem::Wrong => "That is not the code. Look again.",
        CodeProblem::Empty => "Enter the code from the message.",
        CodeProblem::NoCode => "No code is waiting for this address. Send a new one.",
        CodeProblem::Expired => "The code is too old. Send a new one.",
        CodeProblem::TooManyTries => "The code was tried too often and has ended. Send a new one.",
        CodeProblem::TooManyMessages => {
            "Too many codes were sent. Wait up to ten minutes, then send another."
        }
        CodeProblem::CannotSend => {
            "The identity server cannot send codes to this kind of address right now."
        }
        CodeProblem::Same => "This is the address on file; it needs no code.",
        CodeProblem::Unavailable => {
            "The identity server cannot be reached right now. Try again in a minute."
        }
    }
}
