//! docs/guides/user-profile.md, against a running demo.

use serde_json::Value;

use super::{
    document::{Block, blocks, is_shown, steps},
    shell,
};
use crate::support::{demo::Demo, process};

const ENGLISH: &str = "docs/guides/user-profile.md";
const JAPANESE: &str = "docs/guides/user-profile.ja.md";

/// The command that starts the demo, which the test starts itself, on ports of its own choice.
const START: &str = "cargo run --release -- demo\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_guide_runs_as_it_is_written() {
    let blocks = blocks(ENGLISH);
    let steps = steps(&blocks);
    assert!(steps.len() > 7, "the guide has commands");
    assert_eq!(steps[0].command, START);
    let demo = Demo::start();
    let here = |command: &str| {
        command
            .replace("http://localhost:3001", demo.printed.server())
            .replace("http://localhost:3002", demo.printed.profile_app())
            .replace(
                "./target/release/meibo",
                &process::binary().to_string_lossy(),
            )
            .replace(".meibo-demo", &demo.data_dir().to_string_lossy())
    };
    let steps = &steps[1..];
    let commands: Vec<String> = steps.iter().map(|step| here(&step.command)).collect();
    let outputs = tokio::task::block_in_place(|| shell::run(&commands));
    for (step, output) in steps.iter().zip(outputs) {
        if let Some(shown) = &step.answer {
            let answer: Value = serde_json::from_str(&output)
                .unwrap_or_else(|error| panic!("{error}: {output:?} of {}", step.command));
            assert!(
                is_shown(shown, &answer),
                "{}answers\n{answer:#}\nand not\n{shown:#}",
                step.command
            );
        }
    }
    demo.interrupt();
}

#[test]
fn the_japanese_guide_has_the_same_commands_and_programs() {
    let code = |path: &str| -> Vec<Block> {
        let is_code = |block: &Block| block.language != "mermaid";
        blocks(path).into_iter().filter(is_code).collect()
    };
    let (english, japanese) = (code(ENGLISH), code(JAPANESE));
    assert_eq!(english.len(), japanese.len());
    for (english, japanese) in english.iter().zip(&japanese) {
        assert_eq!(without_comments(english), without_comments(japanese));
    }
}

/// What a machine reads of a block: comments are in the language of their readers.
fn without_comments(block: &Block) -> Vec<&str> {
    block
        .text
        .lines()
        .map(
            |line| match line.find("  // ").or_else(|| line.find("  # ")) {
                Some(comment) => line[..comment].trim_end(),
                None => line,
            },
        )
        .filter(|line| !line.trim_start().starts_with("// ") && !line.starts_with("# "))
        .collect()
}
