//! Settings from the environment: the variables that begin with `MEIBO_`.

use std::ffi::OsString;

use super::given::Values;
use super::nearest::nearest;
use super::problem::Problem;
use super::settings;

const PREFIX: &str = "MEIBO_";

/// Reads the settings among `variables`; those of others are left alone.
///
/// Kubernetes sets `MEIBO_SERVICE_HOST`, `MEIBO_PORT` and their like in every container beside a service that is
/// called `meibo`: these are no settings of ours and no mistake.
pub(super) fn read(
    variables: impl IntoIterator<Item = (OsString, OsString)>,
    problems: &mut Vec<Problem>,
) -> Values {
    let mut values = Values::new();
    for (variable, value) in variables {
        let Some(variable) = variable
            .to_str()
            .filter(|variable| variable.starts_with(PREFIX))
        else {
            continue;
        };
        let Some(setting) = settings::ALL
            .iter()
            .find(|setting| setting.variable() == variable)
        else {
            if !is_service_link(variable) {
                problems.push(unknown(variable));
            }
            continue;
        };
        match value.into_string() {
            Ok(value) => {
                values.insert(setting.name, vec![value]);
            }
            Err(_) => problems.push(Problem::new(variable, "is not UTF-8")),
        }
    }
    values
}

fn unknown(variable: &str) -> Problem {
    let name = variable.strip_prefix(PREFIX).unwrap_or(variable);
    let near = nearest(name).and_then(settings::find);
    let reason = match near {
        Some(setting) => format!(
            "there is no such setting; did you mean {}?",
            setting.variable()
        ),
        None => "there is no such setting; `meibo serve --help` lists them".to_owned(),
    };
    Problem::new(variable, reason)
}

fn is_service_link(variable: &str) -> bool {
    ["SERVICE_HOST", "SERVICE_PORT", "PORT"].iter().any(|name| {
        variable
            .strip_prefix(PREFIX)
            .and_then(|rest| rest.strip_prefix(name))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt as _;

    use super::*;

    fn read_all(variables: &[(&str, &str)]) -> (Values, Vec<String>) {
        let mut problems = Vec::new();
        let variables = variables.iter().map(|(k, v)| (k.into(), v.into()));
        let values = read(variables, &mut problems);
        (values, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn every_setting_has_a_variable() {
        for setting in settings::ALL {
            let (values, problems) = read_all(&[(&setting.variable(), "x")]);
            assert_eq!(values[setting.name], ["x"]);
            assert!(problems.is_empty(), "{problems:?}");
        }
    }

    #[test]
    fn unknown_variables_are_named_without_their_values() {
        let (values, problems) = read_all(&[
            ("MEIBO_DATABSE", "s3cret"),
            ("MEIBO_COLOUR", "s3cret"),
            ("MEIBO_", "s3cret"),
            ("meibo_listen", "x"),
            ("PATH", "x"),
        ]);
        assert!(values.is_empty());
        assert_eq!(
            problems,
            [
                "MEIBO_DATABSE: there is no such setting; did you mean MEIBO_DATABASE?",
                "MEIBO_COLOUR: there is no such setting; `meibo serve --help` lists them",
                "MEIBO_: there is no such setting; `meibo serve --help` lists them",
            ]
        );
    }

    #[test]
    fn the_links_of_a_cluster_are_no_settings() {
        let (_, problems) = read_all(&[
            ("MEIBO_PORT", "tcp://10.0.0.7:3001"),
            ("MEIBO_PORT_3001_TCP_ADDR", "10.0.0.7"),
            ("MEIBO_SERVICE_HOST", "10.0.0.7"),
            ("MEIBO_SERVICE_PORT_HTTP", "3001"),
        ]);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(read_all(&[("MEIBO_PORTS", "1")]).1.len(), 1);
    }

    #[test]
    fn a_value_that_is_no_text_is_refused() {
        let mut problems = Vec::new();
        let bad = OsString::from_vec(vec![0xff]);
        let values = read([("MEIBO_LISTEN".into(), bad)], &mut problems);
        assert!(values.is_empty());
        assert_eq!(problems, [Problem::new("MEIBO_LISTEN", "is not UTF-8")]);
    }
}
