//! What axe-core finds on a page: the rules of WCAG 2.2 that a machine can check, and its good practices.

use std::fs;

use crate::{guards::tree, support::chromium::Browser};

/// Runs all rules and hands over one line for each that is broken.
const RUN: &str = r"
const done = arguments[0];
axe.run(document).then(
    ({ violations }) => done(violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`)),
    (error) => done([`axe failed: ${error}`]),
);
";

impl Browser {
    /// The rules of axe-core that the page breaks.
    pub(super) async fn violations(&self) -> Vec<String> {
        let path = tree::root().join("interop/node/node_modules/axe-core/axe.min.js");
        let axe = fs::read_to_string(path).expect("make deps has brought axe-core");
        self.execute(axe, vec![])
            .await
            .expect("axe-core runs in the page");
        let answer = self.execute_async(RUN, vec![]).await;
        answer
            .expect("axe-core ends")
            .convert()
            .expect("the script gives a list of texts")
    }
}
