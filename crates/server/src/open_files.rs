//! How many connections the system lets this process have.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Descriptors kept for the database, the log and the listeners.
const RESERVED: u64 = 128;

/// Raises this process's limit of open files as far as it may, and gives how many of `wanted` connections fit.
pub(crate) fn make_room(wanted: usize) -> usize {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let needed = (wanted as u64).saturating_add(RESERVED);
    let goal = maximum.map_or(needed, |maximum| maximum.min(needed));
    let raised = current.is_some_and(|current| current < goal)
        && setrlimit(
            Resource::Nofile,
            Rlimit {
                current: Some(goal),
                maximum,
            },
        )
        .is_ok();
    let allowed = if raised { Some(goal) } else { current };
    fitting(wanted, allowed)
}

/// How many of `wanted` connections fit when `allowed` files may be open; none means any number.
fn fitting(wanted: usize, allowed: Option<u64>) -> usize {
    let Some(allowed) = allowed else {
        return wanted;
    };
    let room = allowed.saturating_sub(RESERVED).max(1);
    usize::try_from(room).map_or(wanted, |room| room.min(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_room_for_the_database() {
        for (wanted, allowed, expected) in [
            (4096, None, 4096),
            (4096, Some(100_000), 4096),
            (4096, Some(1024), 896),
            (10, Some(1024), 10),
            (10, Some(64), 1),
        ] {
            assert_eq!(fitting(wanted, allowed), expected);
        }
    }

    #[test]
    fn room_is_made_within_the_hard_limit() {
        let hard = getrlimit(Resource::Nofile).maximum.unwrap_or(u64::MAX);
        let wanted = 200;
        let expected = fitting(wanted, Some(hard));
        assert_eq!(make_room(wanted), expected);
    }
}
