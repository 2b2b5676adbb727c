use super::*;
use std::future::{Future, ready};
use std::pin::pin;
use std::sync::mpsc;

use tokio::sync::oneshot;

fn hasher(threads: usize, queue: usize) -> PasswordHasher {
    let config = PasswordHasherConfig {
        threads,
        queue,
        params: PasswordParams::CHEAP,
    };
    PasswordHasher::new(config, Entropy::seeded(1)).unwrap()
}

/// Occupies one thread until the returned sender is dropped.
async fn occupy(hasher: &PasswordHasher) -> mpsc::Sender<()> {
    let (release, wait) = mpsc::channel::<()>();
    let (started, running) = oneshot::channel();
    let answer = hasher.pool.submit(move |_| {
        let _ = started.send(());
        let _ = wait.recv();
    });
    running.await.unwrap();
    drop(answer);
    release
}

/// Lets `future` run once, as far as it gets.
async fn start<F: Future + Unpin>(future: &mut F) {
    tokio::select! {
        biased;
        _ = future => panic!("it should still wait"),
        () = ready(()) => {}
    }
}

#[tokio::test]
async fn the_right_password_matches_and_others_do_not() {
    let hasher = hasher(2, 8);
    let stored = hasher.hash("正しい馬 battery").await.unwrap();
    assert!(
        stored.starts_with("$argon2id$v=19$m=8,t=1,p=1$"),
        "{stored}"
    );
    assert_eq!(
        hasher.verify("正しい馬 battery", Some(&stored)).await,
        Ok(Verification::Match { outdated: false })
    );
    for wrong in [
        "",
        "正しい馬 batterY",
        "正しい馬 battery ",
        "正しい馬 battery\0",
        &stored,
    ] {
        assert_eq!(
            hasher.verify(wrong, Some(&stored)).await,
            Ok(Verification::Mismatch),
            "{wrong:?}"
        );
    }
}

#[tokio::test]
async fn the_whole_of_a_long_password_counts() {
    let hasher = hasher(1, 8);
    let long = "x".repeat(100_000);
    let stored = hasher.hash(&long).await.unwrap();
    assert_eq!(
        hasher.verify(&long, Some(&stored)).await,
        Ok(Verification::Match { outdated: false })
    );
    assert_eq!(
        hasher.verify(&long[1..], Some(&stored)).await,
        Ok(Verification::Mismatch)
    );
}

#[tokio::test]
async fn two_hashes_of_one_password_differ() {
    let hasher = hasher(2, 8);
    assert_ne!(
        hasher.hash("same").await.unwrap(),
        hasher.hash("same").await.unwrap()
    );
}

#[tokio::test]
async fn every_kind_of_verification_costs_one_hash() {
    let hasher = hasher(1, 8);
    let stored = hasher.hash("right").await.unwrap();
    let cases = [
        (
            "right",
            Some(stored.as_str()),
            Verification::Match { outdated: false },
        ),
        ("wrong", Some(stored.as_str()), Verification::Mismatch),
        ("right", None, Verification::Mismatch),
        ("", None, Verification::Mismatch),
        ("right", Some(""), Verification::Unusable),
        ("right", Some("right"), Verification::Unusable),
        (
            "right",
            Some("$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA"),
            Verification::Unusable,
        ),
    ];
    for (password, stored, found) in cases {
        let before = hasher.hashes();
        assert_eq!(
            hasher.verify(password, stored).await,
            Ok(found),
            "{password} {stored:?}"
        );
        assert_eq!(hasher.hashes(), before + 1, "{password} {stored:?}");
    }
}

#[tokio::test]
async fn another_cost_than_the_configured_one_is_outdated() {
    let old = hasher(1, 8).hash("right").await.unwrap();
    let params = PasswordParams::new(16, 2, 1).unwrap();
    let now = PasswordHasher::new(
        PasswordHasherConfig {
            threads: 1,
            queue: 8,
            params,
        },
        Entropy::seeded(2),
    )
    .unwrap();
    assert_eq!(
        now.verify("right", Some(&old)).await,
        Ok(Verification::Match { outdated: true })
    );
    assert_eq!(
        now.verify("wrong", Some(&old)).await,
        Ok(Verification::Mismatch)
    );
    let renewed = now.hash("right").await.unwrap();
    assert_eq!(
        now.verify("right", Some(&renewed)).await,
        Ok(Verification::Match { outdated: false })
    );
}

#[tokio::test]
async fn a_hash_at_the_recommended_cost_verifies() {
    let config = PasswordHasherConfig::default();
    assert_eq!(config.params, PasswordParams::RECOMMENDED);
    let hasher = PasswordHasher::new(
        PasswordHasherConfig {
            threads: 1,
            ..config
        },
        Entropy::system(),
    )
    .unwrap();
    let stored = hasher.hash("right").await.unwrap();
    assert!(
        stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{stored}"
    );
    assert_eq!(
        hasher.verify("right", Some(&stored)).await,
        Ok(Verification::Match { outdated: false })
    );
    assert_eq!(
        hasher.verify("wrong", Some(&stored)).await,
        Ok(Verification::Mismatch)
    );
}

#[tokio::test]
async fn a_full_queue_is_overloaded_and_recovers() {
    let hasher = hasher(1, 1);
    let release = occupy(&hasher).await;
    let mut first = pin!(hasher.hash("first"));
    start(&mut first).await;
    assert_eq!(hasher.waiting(), 1);
    assert_eq!(hasher.hash("second").await, Err(HashError::Overloaded));
    assert_eq!(
        hasher.verify("second", None).await,
        Err(HashError::Overloaded)
    );
    drop(release);
    assert!(first.await.is_ok());
    assert!(hasher.hash("third").await.is_ok());
    assert_eq!(hasher.hashes(), 2);
}

#[tokio::test]
async fn a_caller_that_left_the_queue_costs_no_hash() {
    let hasher = hasher(1, 4);
    let release = occupy(&hasher).await;
    {
        let mut left = pin!(hasher.verify("x", None));
        start(&mut left).await;
    }
    let mut stayed = pin!(hasher.hash("x"));
    start(&mut stayed).await;
    assert_eq!(hasher.waiting(), 2);
    drop(release);
    assert!(stayed.await.is_ok());
    assert_eq!(hasher.hashes(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_at_once_each_get_their_own_answer() {
    let hasher = Arc::new(hasher(2, 100));
    let tasks: Vec<_> = (0..50)
        .map(|number| {
            let hasher = Arc::clone(&hasher);
            tokio::spawn(async move {
                let (mine, other) = (
                    format!("password {number}"),
                    format!("password {}", number + 1),
                );
                let stored = hasher.hash(&mine).await?;
                Ok::<_, HashError>((
                    hasher.verify(&mine, Some(&stored)).await?,
                    hasher.verify(&other, Some(&stored)).await?,
                ))
            })
        })
        .collect();
    for task in tasks {
        let found = task.await.unwrap();
        assert_eq!(
            found,
            Ok((
                Verification::Match { outdated: false },
                Verification::Mismatch
            ))
        );
    }
    assert_eq!(hasher.hashes(), 150);
}

#[tokio::test]
async fn no_threads_and_no_queue_count_as_one() {
    assert!(hasher(0, 0).hash("x").await.is_ok());
}

#[test]
fn debug_shows_no_secret() {
    assert!(!format!("{:?}", hasher(1, 1)).contains("decoy"));
}
