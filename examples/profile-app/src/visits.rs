//! Browsers that visit: who is signed in there, and the sign-in under way.
//!
//! In memory of this one process, since this is an example: a restart signs everyone out, and two
//! processes do not share visits. A real application keeps them in its database or in sealed cookies.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use aws_lc_rs::error::Unspecified;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use meibo_sdk::{Session, SignInSession, UserClaims};

use crate::channel::Channel;
use crate::proofs::{Proofs, Standing};
use crate::random;

/// A visit ends when nothing was heard of it for this long.
const IDLE: Duration = Duration::from_secs(30 * 60);
/// And so long after it began, however much it is used: a cookie that was stolen does not last.
const LONGEST: Duration = Duration::from_secs(8 * 60 * 60);
/// More visits than this push out the one that was silent longest, signed-out ones first.
const MOST: usize = 10_000;

type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// A message for the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notice {
    Saved,
    SessionEnded,
}

/// A person signed in to this app.
#[derive(Clone)]
pub(crate) struct SignedIn {
    pub(crate) session: Session,
    /// Proves that a form came from a page of this visit.
    pub(crate) csrf: String,
}

impl SignedIn {
    /// What the ID token said at sign-in; no request.
    pub(crate) fn known_claims(&self) -> UserClaims {
        self.session
            .get_id_token_claims()
            .map(|claims| claims.user)
            .unwrap_or_default()
    }
}

struct Visit {
    sign_in: Option<SignInSession>,
    person: Option<SignedIn>,
    notice: Option<Notice>,
    /// The new addresses under way.
    proofs: Proofs,
    began_at: Instant,
    seen_at: Instant,
}

pub(crate) struct Visits {
    visits: Mutex<HashMap<String, Visit>>,
    most: usize,
    clock: Clock,
}

impl Visits {
    #[allow(
        clippy::disallowed_methods,
        reason = "the example's one place that reads a clock"
    )]
    pub(crate) fn new() -> Self {
        Self::with(MOST, Arc::new(Instant::now))
    }

    fn with(most: usize, clock: Clock) -> Self {
        Self {
            visits: Mutex::default(),
            most,
            clock,
        }
    }

    /// Remembers a sign-in under way, in the visit `id` or a new one. Gives the visit's id.
    pub(crate) fn begin_sign_in(
        &self,
        id: Option<&str>,
        sign_in: SignInSession,
    ) -> Result<String, Unspecified> {
        let mut visits = self.lock();
        if let Some(id) = id
            && let Some(visit) = self.find(&mut visits, id)
        {
            visit.sign_in = Some(sign_in);
            return Ok(id.to_owned());
        }
        self.insert(&mut visits, Some(sign_in), None, None)
    }

    /// The sign-in under way, which can be finished once.
    pub(crate) fn take_sign_in(&self, id: &str) -> Option<SignInSession> {
        let mut visits = self.lock();
        self.find(&mut visits, id)?.sign_in.take()
    }

    /// Replaces the visit by a signed-in one under a new id, so that an id known to others before
    /// the sign-in is worth nothing after it.
    pub(crate) fn sign_in(&self, id: &str, session: Session) -> Result<String, Unspecified> {
        let person = SignedIn {
            session,
            csrf: random::token()?,
        };
        let mut visits = self.lock();
        visits.remove(id);
        self.insert(&mut visits, None, Some(person), None)
    }

    /// Replaces the visit by a signed-out one under a new id that has `notice` to show.
    pub(crate) fn end(&self, id: &str, notice: Notice) -> Result<String, Unspecified> {
        let mut visits = self.lock();
        visits.remove(id);
        self.insert(&mut visits, None, None, Some(notice))
    }

    pub(crate) fn remove(&self, id: &str) {
        self.lock().remove(id);
    }

    pub(crate) fn signed_in(&self, id: &str) -> Option<SignedIn> {
        let mut visits = self.lock();
        self.find(&mut visits, id)?.person.clone()
    }

    pub(crate) fn notify(&self, id: &str, notice: Notice) {
        let mut visits = self.lock();
        if let Some(visit) = self.find(&mut visits, id) {
            visit.notice = Some(notice);
        }
    }

    pub(crate) fn take_notice(&self, id: &str) -> Option<Notice> {
        let mut visits = self.lock();
        self.find(&mut visits, id)?.notice.take()
    }

    /// Remembers how far `address` has come, in place of any other of the channel.
    pub(crate) fn put_standing(
        &self,
        id: &str,
        channel: Channel,
        address: &str,
        standing: Standing,
    ) {
        let mut visits = self.lock();
        if let Some(visit) = self.find(&mut visits, id) {
            visit.proofs.put(channel, address, standing, visit.seen_at);
        }
    }

    /// How far `address` has come in this visit.
    pub(crate) fn standing(&self, id: &str, channel: Channel, address: &str) -> Standing {
        let mut visits = self.lock();
        self.find(&mut visits, id)
            .map_or(Standing::Unknown, |visit| {
                visit.proofs.standing(channel, address, visit.seen_at)
            })
    }

    /// The new addresses are saved: their proofs have served.
    pub(crate) fn forget_proofs(&self, id: &str) {
        let mut visits = self.lock();
        if let Some(visit) = self.find(&mut visits, id) {
            visit.proofs = Proofs::default();
        }
    }

    /// What time it is for visits.
    pub(crate) fn now(&self) -> Instant {
        (self.clock)()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Visit>> {
        self.visits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The visit, unless it was idle or went on for too long; being asked for, it is not idle.
    fn find<'a>(&self, visits: &'a mut HashMap<String, Visit>, id: &str) -> Option<&'a mut Visit> {
        let now = (self.clock)();
        if visits.get(id).is_some_and(|visit| is_over(visit, now)) {
            visits.remove(id);
        }
        let visit = visits.get_mut(id)?;
        visit.seen_at = now;
        Some(visit)
    }

    fn insert(
        &self,
        visits: &mut HashMap<String, Visit>,
        sign_in: Option<SignInSession>,
        person: Option<SignedIn>,
        notice: Option<Notice>,
    ) -> Result<String, Unspecified> {
        let now = (self.clock)();
        if visits.len() >= self.most {
            visits.retain(|_, visit| !is_over(visit, now));
        }
        if visits.len() >= self.most {
            let longest = visits
                .iter()
                .min_by_key(|(_, visit)| (visit.person.is_some(), visit.seen_at));
            if let Some(id) = longest.map(|(id, _)| id.clone()) {
                visits.remove(&id);
            }
        }
        let id = random::token()?;
        visits.insert(
            id.clone(),
            Visit {
                sign_in,
                person,
                notice,
                proofs: Proofs::default(),
                began_at: now,
                seen_at: now,
            },
        );
        Ok(id)
    }
}

fn is_over(visit: &Visit, now: Instant) -> bool {
    now.duration_since(visit.seen_at) >= IDLE || now.duration_since(visit.began_at) >= LONGEST
}

/// The cookie's name; with https one that no other host and no plain http can set.
fn cookie_name(is_https: bool) -> &'static str {
    if is_https {
        "__Host-profile_app"
    } else {
        "profile_app"
    }
}

/// The visit's id that the browser shows.
pub(crate) fn id_in(jar: &CookieJar, is_https: bool) -> Option<&str> {
    jar.get(cookie_name(is_https)).map(Cookie::value)
}

/// Gives the browser the visit's id.
pub(crate) fn with_id(jar: CookieJar, is_https: bool, id: String) -> CookieJar {
    jar.add(cookie(is_https, id))
}

/// Takes it away.
pub(crate) fn without_id(jar: CookieJar, is_https: bool) -> CookieJar {
    jar.remove(cookie(is_https, String::new()))
}

fn cookie(is_https: bool, id: String) -> Cookie<'static> {
    Cookie::build((cookie_name(is_https), id))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(is_https)
        .build()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use meibo_sdk::{Client, Config};
    use serde_json::json;

    use super::*;

    fn visits(most: usize) -> (Visits, Arc<AtomicU64>) {
        let seconds = Arc::new(AtomicU64::new(0));
        let start = Visits::new().clock;
        let (zero, passed) = (start(), Arc::clone(&seconds));
        let clock: Clock =
            Arc::new(move || zero + Duration::from_secs(passed.load(Ordering::SeqCst)));
        (Visits::with(most, clock), seconds)
    }

    fn sign_in() -> SignInSession {
        serde_json::from_value(json!({ "state": "s", "nonce": "n", "code_verifier": "v" })).unwrap()
    }

    fn session() -> Session {
        let client = Client::new(Config::new(
            "http://localhost",
            "app",
            "http://localhost/callback",
        ))
        .unwrap();
        let tokens = json!({ "id_token": "", "refresh_token": null, "access_tokens": [] });
        client.session(serde_json::from_value(tokens).unwrap())
    }

    #[test]
    fn a_sign_in_is_finished_once_and_changes_the_id() {
        let (visits, _) = visits(10);
        let before = visits.begin_sign_in(None, sign_in()).unwrap();
        assert_eq!(
            visits.begin_sign_in(Some(&before), sign_in()).unwrap(),
            before
        );
        assert!(visits.take_sign_in(&before).is_some());
        assert!(visits.take_sign_in(&before).is_none());
        let after = visits.sign_in(&before, session()).unwrap();
        assert_ne!(after, before);
        assert!(visits.signed_in(&before).is_none() && visits.signed_in(&after).is_some());
        visits.remove(&after);
        assert!(visits.signed_in(&after).is_none());
    }

    #[test]
    fn an_invented_id_is_not_taken_over() {
        let (visits, _) = visits(10);
        assert_ne!(
            visits.begin_sign_in(Some("chosen"), sign_in()).unwrap(),
            "chosen"
        );
    }

    #[test]
    fn idle_visits_end_and_used_ones_do_not() {
        let (visits, seconds) = visits(10);
        let id = visits.sign_in("", session()).unwrap();
        for _ in 0..5 {
            seconds.fetch_add(IDLE.as_secs() - 1, Ordering::SeqCst);
            assert!(visits.signed_in(&id).is_some());
        }
        seconds.fetch_add(IDLE.as_secs(), Ordering::SeqCst);
        assert!(visits.signed_in(&id).is_none());
    }

    #[test]
    fn a_visit_ends_however_much_it_is_used() {
        let (visits, seconds) = visits(10);
        let id = visits.sign_in("", session()).unwrap();
        let step = IDLE / 2;
        for _ in 1..LONGEST.as_secs() / step.as_secs() {
            seconds.fetch_add(step.as_secs(), Ordering::SeqCst);
            assert!(visits.signed_in(&id).is_some());
        }
        seconds.fetch_add(step.as_secs(), Ordering::SeqCst);
        assert!(visits.signed_in(&id).is_none());
    }

    #[test]
    fn a_flood_of_sign_ins_pushes_nobody_out_who_is_signed_in() {
        let (visits, seconds) = visits(10);
        let person = visits.sign_in("", session()).unwrap();
        for _ in 0..100 {
            seconds.fetch_add(1, Ordering::SeqCst);
            visits.begin_sign_in(None, sign_in()).unwrap();
        }
        assert!(visits.signed_in(&person).is_some());
        assert_eq!(visits.lock().len(), 10);
    }

    #[test]
    fn a_proof_ends_with_its_visit() {
        let (visits, seconds) = visits(10);
        let email = "sei@example.com";
        let id = visits.sign_in("", session()).unwrap();
        visits.put_standing(&id, Channel::Email, email, Standing::Verified);
        let standing = |id: &str| visits.standing(id, Channel::Email, email);
        assert_eq!(standing(&id), Standing::Verified);
        assert_eq!(standing("another"), Standing::Unknown);
        seconds.fetch_add(600, Ordering::SeqCst);
        assert_eq!(standing(&id), Standing::Unknown, "ten minutes");
        visits.put_standing(&id, Channel::Email, email, Standing::Verified);
        let next = visits.sign_in(&id, session()).unwrap();
        assert_eq!(standing(&next), Standing::Unknown, "signed in anew");
    }

    #[test]
    fn a_notice_is_shown_once() {
        let (visits, _) = visits(10);
        let id = visits.end("", Notice::SessionEnded).unwrap();
        assert_eq!(visits.take_notice(&id), Some(Notice::SessionEnded));
        assert_eq!(visits.take_notice(&id), None);
    }
}
