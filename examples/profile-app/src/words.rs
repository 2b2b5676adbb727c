//! The words on the pages, in each language.

mod english;
mod japanese;

use crate::channel::Channel;
use crate::code_problem::CodeProblem;
use crate::field::Field;
use crate::language::Language;
use crate::number::Number;
use crate::problem::Problem;

/// Everything a page says that is not a person's own data.
pub(crate) struct Words {
    pub(crate) app: &'static str,
    pub(crate) home_title: &'static str,
    pub(crate) home_lead: &'static str,
    pub(crate) welcome: &'static str,
    pub(crate) welcome_lead: &'static str,
    pub(crate) sign_in: &'static str,
    pub(crate) sign_out: &'static str,
    pub(crate) to_profile: &'static str,
    pub(crate) to_start: &'static str,
    pub(crate) try_again: &'static str,
    pub(crate) profile_title: &'static str,
    pub(crate) profile_lead: &'static str,
    pub(crate) contact: &'static str,
    pub(crate) contact_lead: &'static str,
    pub(crate) about_you: &'static str,
    pub(crate) address: &'static str,
    pub(crate) business: &'static str,
    pub(crate) business_lead: &'static str,
    pub(crate) verified: &'static str,
    pub(crate) unverified: &'static str,
    pub(crate) verified_unsaved: &'static str,
    pub(crate) new_address: &'static str,
    pub(crate) send_code: &'static str,
    pub(crate) send_new_code: &'static str,
    pub(crate) code: &'static str,
    pub(crate) code_hint: &'static str,
    pub(crate) check_code: &'static str,
    pub(crate) code_right: &'static str,
    pub(crate) stored_now: &'static str,
    pub(crate) nothing_stored: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) keep_hint: &'static str,
    pub(crate) remove: &'static str,
    pub(crate) source: &'static str,
    pub(crate) source_hint: &'static str,
    /// Userinfo, ID token, Management API.
    pub(crate) sources: [&'static str; 3],
    pub(crate) save: &'static str,
    pub(crate) saved: &'static str,
    pub(crate) session_ended: &'static str,
    pub(crate) not_saved: &'static str,
    pub(crate) refused: &'static str,
    pub(crate) changed: &'static str,
    pub(crate) uncertain: &'static str,
    pub(crate) half_saved: &'static str,
    pub(crate) unavailable_save: &'static str,
    pub(crate) unavailable_own: &'static str,
    pub(crate) languages: &'static str,
    pub(crate) denied: Message,
    pub(crate) sign_in_failed: Message,
    pub(crate) unavailable: Message,
    pub(crate) own_unavailable: Message,
    pub(crate) stale_form: Message,
    pub(crate) bad_form: Message,
    pub(crate) not_found: Message,
    code_sent: [&'static str; 2],
    numbers: [(&'static str, &'static str); 2],
    genders: [&'static str; 4],
    field: fn(Field) -> (&'static str, &'static str),
    problem: fn(Problem) -> &'static str,
    code_problem: fn(CodeProblem) -> &'static str,
}

/// A page that says one thing.
#[derive(Clone, Copy)]
pub(crate) struct Message {
    pub(crate) title: &'static str,
    pub(crate) text: &'static str,
}

impl Words {
    pub(crate) fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &english::WORDS,
            Language::Japanese => &japanese::WORDS,
        }
    }

    pub(crate) fn label(&self, field: Field) -> &'static str {
        (self.field)(field).0
    }

    /// What to write there; empty when the label says it.
    pub(crate) fn hint(&self, field: Field) -> &'static str {
        (self.field)(field).1
    }

    /// The label of a number, and what to write there.
    pub(crate) fn number(&self, number: Number) -> (&'static str, &'static str) {
        let [social_security, payment] = self.numbers;
        match number {
            Number::SocialSecurity => social_security,
            Number::Payment => payment,
        }
    }

    /// Says that a code is under way, before the address.
    pub(crate) fn code_sent(&self, channel: Channel) -> &'static str {
        let [email, phone] = self.code_sent;
        match channel {
            Channel::Email => email,
            Channel::Phone => phone,
        }
    }

    /// The values of `gender` that the form offers, with their words.
    pub(crate) fn genders(&self) -> [(&'static str, &'static str); 4] {
        let [unset, female, male, other] = self.genders;
        [
            ("", unset),
            ("female", female),
            ("male", male),
            ("other", other),
        ]
    }

    pub(crate) fn problem(&self, problem: Problem) -> &'static str {
        (self.problem)(problem)
    }

    pub(crate) fn code_problem(&self, problem: CodeProblem) -> &'static str {
        (self.code_problem)(problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_own_words_for_everything() {
        let [english, japanese] = [Language::English, Language::Japanese].map(Words::of);
        let is_japanese = |text: &str| !text.is_ascii();
        for field in Field::all() {
            assert!(is_japanese(japanese.label(field)) && english.label(field).is_ascii());
            assert_eq!(
                english.hint(field).is_empty(),
                japanese.hint(field).is_empty()
            );
        }
        for problem in Problem::ALL {
            assert!(is_japanese(japanese.problem(problem)) && english.problem(problem).is_ascii());
        }
        for problem in CodeProblem::ALL {
            let (ja, en) = (
                japanese.code_problem(problem),
                english.code_problem(problem),
            );
            assert!(is_japanese(ja) && en.is_ascii());
        }
    }
}
