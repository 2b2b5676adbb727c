use meibo_domain::{
    consent::{ConsentAnswer, ConsentDecision, Extent},
    ids::{SessionId, UserId},
    session::Session,
    time::Timestamp,
};

use super::*;
use crate::testing::{NOW, session};

const SIGN_IN: AuthorizationStep = AuthorizationStep::SignIn {
    screen: Screen::SignIn,
};
const LOGIN_REQUIRED: AuthorizationStep = AuthorizationStep::Refuse(OAuthErrorCode::LoginRequired);

/// The next step of the business's own application.
fn decide(
    request: &AuthorizationRequest,
    session: Option<SessionState<'_>>,
    is_resumed: bool,
    now: Timestamp,
) -> AuthorizationStep {
    let consent = ConsentState {
        application: &application(ApplicationType::Spa),
        remembered: None,
        answer: None,
    };
    super::decide(request, session, is_resumed, consent, now)
}

/// The next step of a third party's, for a living session.
fn decide_for_third_party(
    changes: &[(&str, &str)],
    remembered: Option<&Extent>,
    answer: Option<(ConsentDecision, &str)>,
) -> AuthorizationStep {
    let application = Application {
        is_third_party: true,
        ..application(ApplicationType::Spa)
    };
    let answer = answer.map(|(decision, session)| ConsentAnswer {
        decision,
        session_id: SessionId::parse(session).unwrap(),
    });
    let consent = ConsentState {
        application: &application,
        remembered,
        answer: answer.as_ref(),
    };
    let session = session();
    let state = Some(SessionState {
        session: &session,
        user_is_active: true,
    });
    super::decide(&request(changes), state, false, consent, NOW)
}

#[test]
fn oidc_core_3_1_2_4_third_parties_get_what_was_allowed_and_ask_for_more() {
    const ASK: AuthorizationStep = AuthorizationStep::AskConsent;
    const ISSUE: AuthorizationStep = AuthorizationStep::Issue;
    const REQUIRED: AuthorizationStep = AuthorizationStep::Refuse(OAuthErrorCode::ConsentRequired);
    const DENIED: AuthorizationStep = AuthorizationStep::Refuse(OAuthErrorCode::AccessDenied);
    let all = request(&[("scope", "openid profile email")]).asked;
    let less = request(&[("scope", "openid")]).asked;
    let (allow, deny) = (ConsentDecision::Allow, ConsentDecision::Deny);
    let table: [(&[(&str, &str)], _, _, _); 14] = [
        (&[], None, None, ASK),
        (&[], Some(&all), None, ISSUE),
        (&[], Some(&less), None, ASK),
        (&[("prompt", "none")], None, None, REQUIRED),
        (&[("prompt", "none")], Some(&less), None, REQUIRED),
        (&[("prompt", "none")], Some(&all), None, ISSUE),
        (&[("prompt", "consent")], Some(&all), None, ASK),
        (
            &[("prompt", "consent")],
            Some(&all),
            Some((allow, "sess")),
            ISSUE,
        ),
        (&[], Some(&less), Some((allow, "sess")), ASK),
        (&[], None, Some((allow, "sess")), ASK),
        (&[], Some(&all), Some((deny, "sess")), DENIED),
        (
            &[("prompt", "consent")],
            Some(&all),
            Some((allow, "other")),
            ASK,
        ),
        (&[], None, Some((deny, "other")), ASK),
        (
            &[("resource", "https://api.example")],
            Some(&all),
            None,
            ASK,
        ),
    ];
    for (changes, remembered, answer, expected) in table {
        assert_eq!(
            decide_for_third_party(changes, remembered, answer),
            expected,
            "{changes:?} {remembered:?} {answer:?}"
        );
    }
}

#[test]
fn a_scope_is_asked_for_where_it_belongs() {
    let changes = [
        ("scope", "openid read unknown"),
        ("resource", "https://api.example"),
    ];
    let asked = request(&changes).asked;
    assert_eq!(asked.scopes.to_string(), "openid");
    assert_eq!(asked.resources["https://api.example"].to_string(), "read");
    assert!(
        request(&[("scope", "openid read")])
            .asked
            .resources
            .is_empty()
    );
}

#[test]
fn oidc_core_3_1_2_3_when_the_person_has_to_sign_in() {
    let session = session();
    let alive = Some(SessionState {
        session: &session,
        user_is_active: true,
    });
    let suspended = Some(SessionState {
        session: &session,
        user_is_active: false,
    });
    let table: [(&[(&str, &str)], _, bool, _); 15] = [
        (&[], None, false, SIGN_IN),
        (&[], alive, false, AuthorizationStep::Issue),
        (&[], suspended, false, SIGN_IN),
        (&[("prompt", "none")], None, false, LOGIN_REQUIRED),
        (&[("prompt", "none")], suspended, false, LOGIN_REQUIRED),
        (
            &[("prompt", "none")],
            alive,
            false,
            AuthorizationStep::Issue,
        ),
        (
            &[("prompt", "consent")],
            alive,
            false,
            AuthorizationStep::Issue,
        ),
        (&[("prompt", "login")], alive, false, SIGN_IN),
        (
            &[("prompt", "login")],
            alive,
            true,
            AuthorizationStep::Issue,
        ),
        (&[("prompt", "select_account")], alive, false, SIGN_IN),
        (
            &[("max_age", "100")],
            alive,
            false,
            AuthorizationStep::Issue,
        ),
        (&[("max_age", "99")], alive, false, SIGN_IN),
        (&[("max_age", "0")], alive, true, AuthorizationStep::Issue),
        (
            &[("max_age", "99"), ("prompt", "none")],
            alive,
            false,
            LOGIN_REQUIRED,
        ),
        (&[("prompt", "login")], None, true, SIGN_IN),
    ];
    for (changes, session, is_resumed, expected) in table {
        assert_eq!(
            decide(&request(changes), session, is_resumed, NOW),
            expected,
            "{changes:?} {is_resumed}"
        );
    }
}

#[test]
fn oidc_core_3_1_2_1_max_age_zero_always_asks() {
    let session = Session {
        auth_time: NOW,
        ..session()
    };
    let state = Some(SessionState {
        session: &session,
        user_is_active: true,
    });
    assert_eq!(
        decide(&request(&[("max_age", "0")]), state, false, NOW),
        SIGN_IN
    );
}

#[test]
fn a_session_that_ended_is_none() {
    let session = session();
    let state = Some(SessionState {
        session: &session,
        user_is_active: true,
    });
    assert_eq!(
        decide(&request(&[]), state, false, session.expires_at),
        SIGN_IN
    );
    assert_eq!(
        decide(
            &request(&[("prompt", "none")]),
            state,
            false,
            session.expires_at
        ),
        LOGIN_REQUIRED
    );
}

#[test]
fn oidc_core_3_1_2_2_the_hinted_person_or_nobody() {
    let other = Session {
        user_id: UserId::parse("user2").unwrap(),
        ..session()
    };
    let state = Some(SessionState {
        session: &other,
        user_is_active: true,
    });
    let hinted = |prompt: &str| AuthorizationRequest {
        id_token_hint: Some(IdTokenHint {
            subject: "user1".into(),
            audience: "app".into(),
        }),
        ..request(&[("prompt", prompt)])
    };
    assert_eq!(decide(&hinted("none"), state, false, NOW), LOGIN_REQUIRED);
    assert_eq!(decide(&hinted(""), state, false, NOW), SIGN_IN);
    assert_eq!(decide(&hinted(""), state, true, NOW), LOGIN_REQUIRED);
    let own = session();
    let state = Some(SessionState {
        session: &own,
        user_is_active: true,
    });
    assert_eq!(
        decide(&hinted("none"), state, false, NOW),
        AuthorizationStep::Issue
    );
}
