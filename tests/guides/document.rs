//! A guide: its fenced blocks, in order.

use std::fs;

use serde_json::Value;

use crate::guards::tree;

/// A fenced block of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// What stands after the fence: `sh`, `json`.
    pub(super) language: String,
    pub(super) text: String,
}

/// A command block and what the document says that it answers.
pub(super) struct Step {
    pub(super) command: String,
    /// The JSON block that follows, if one does.
    pub(super) answer: Option<Value>,
}

/// The blocks of a document of the repository.
pub(super) fn blocks(path: &str) -> Vec<Block> {
    let text = fs::read_to_string(tree::root().join(path));
    fenced(&text.unwrap_or_else(|error| panic!("{path}: {error}")))
}

fn fenced(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(language), None) => {
                open = Some(Block {
                    language: language.trim().to_owned(),
                    text: String::new(),
                });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a fence is not closed");
    blocks
}

/// Each `sh` block with the `json` block right after it.
pub(super) fn steps(blocks: &[Block]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut is_fresh = false;
    for block in blocks {
        match block.language.as_str() {
            "sh" => {
                let command = block.text.clone();
                steps.push(Step {
                    command,
                    answer: None,
                });
                is_fresh = true;
            }
            "json" if is_fresh => {
                let answer = serde_json::from_str(&block.text);
                let answer = answer.unwrap_or_else(|error| panic!("{error}: {}", block.text));
                steps.last_mut().expect("a command came before").answer = Some(answer);
                is_fresh = false;
            }
            _ => is_fresh = false,
        }
    }
    steps
}

/// Does `answer` hold all that `shown` shows? `"…"` stands for anything; members that are not shown may be there.
pub(super) fn is_shown(shown: &Value, answer: &Value) -> bool {
    match (shown, answer) {
        (Value::String(text), _) if text == "…" => true,
        (Value::Object(shown), Value::Object(answer)) => shown.iter().all(|(name, shown)| {
            answer
                .get(name)
                .is_some_and(|answer| is_shown(shown, answer))
        }),
        (Value::Array(shown), Value::Array(answer)) => {
            shown.len() == answer.len() && shown.iter().zip(answer).all(|(s, a)| is_shown(s, a))
        }
        _ => shown == answer,
    }
}

#[test]
fn blocks_are_read_and_answers_compared() {
    let blocks = fenced(
        "a\n```sh\nx\ny\n```\n\n```json\n{\"a\": 1}\n```\n```json\n{}\n```\n```sh\nz\n```\n",
    );
    let steps = steps(&blocks);
    assert_eq!(blocks.len(), 4);
    assert_eq!(
        (steps[0].command.as_str(), &steps[0].answer),
        ("x\ny\n", &Some(serde_json::json!({"a": 1})))
    );
    assert_eq!(steps[1].answer, None);
    let answer = serde_json::json!({"a": [1, {"b": 2, "c": 3}], "d": null});
    for (shown, is_held) in [
        (r#"{"a": "…"}"#, true),
        (r#"{"a": [1, {"b": 2}], "d": null}"#, true),
        (r#"{"a": [1]}"#, false),
        (r#"{"a": [1, {"b": 3}]}"#, false),
        (r#"{"e": "…"}"#, false),
    ] {
        let shown: Value = serde_json::from_str(shown).unwrap();
        assert_eq!(is_shown(&shown, &answer), is_held, "{shown}");
    }
}
