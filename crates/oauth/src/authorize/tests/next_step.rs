use meibo_domain::{ids::UserId, session::Session};

use super::*;
use crate::testing::{NOW, session};

const SIGN_IN: AuthorizationStep = AuthorizationStep::SignIn {
    screen: Screen::SignIn,
};
const LOGIN_REQUIRED: AuthorizationStep = AuthorizationStep::Refuse(OAuthErrorCode::LoginRequired);

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
