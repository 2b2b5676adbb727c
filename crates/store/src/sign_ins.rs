//! Table `sign_ins`.

use meibo_domain::{
    consent::{ConsentAnswer, ConsentDecision},
    ids::{SessionId, SignInId},
    recipient::{Channel, Recipient},
    sign_in::{AddressProof, Intent, SignIn},
    time::Timestamp,
};

use serde::{Deserialize, Serialize};

use crate::{
    db::{Batch, Db, DbError, Row, Table},
    statements, values,
};

statements! {
    GET = "SELECT id, browser_hash, request, session_id, consent_decision, consent_session_id, created_at, expires_at, proof \
        FROM sign_ins WHERE id = $1";
    INSERT = "INSERT INTO sign_ins (id, browser_hash, request, session_id, created_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    SET_SESSION = "UPDATE sign_ins SET session_id = $2 WHERE id = $1";
    SET_CONSENT = "UPDATE sign_ins SET consent_decision = $2, consent_session_id = $3 WHERE id = $1";
    SET_PROOF = "UPDATE sign_ins SET proof = $2 WHERE id = $1";
    TAKE_PROOF = "UPDATE sign_ins SET proof = NULL WHERE id = $1 AND proof = $2";
    DELETE = "DELETE FROM sign_ins WHERE id = $1";
}

/// The sign-in of an id.
///
/// # Errors
/// The database's.
pub async fn get(db: &Db, id: &SignInId) -> Result<Option<SignIn>, DbError> {
    db.query_opt(&GET, &values![id.as_str()])
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

/// Adds a sign-in.
pub fn insert(batch: Batch, sign_in: &SignIn) -> Batch {
    let params = values![
        sign_in.id.as_str(),
        sign_in.browser_hash.as_str(),
        sign_in.request.as_str(),
        sign_in.session_id.as_ref().map(|id| id.as_str().to_owned()),
        sign_in.created_at.0,
        sign_in.expires_at.0,
    ];
    batch.expect(1, Table::SignIns, &INSERT, params)
}

/// Notes the session that the person signed in to; conflicts when the sign-in was finished.
pub fn set_session(batch: Batch, id: &SignInId, session: &SessionId) -> Batch {
    batch
        .expect(
            1,
            Table::SignIns,
            &SET_SESSION,
            values![id.as_str(), session.as_str()],
        )
        .conflict("sign_in.finished")
}

/// Notes what the person said on the consent page; conflicts when the sign-in was finished.
pub fn set_consent(batch: Batch, id: &SignInId, answer: &ConsentAnswer) -> Batch {
    let params = values![
        id.as_str(),
        answer.decision.as_str(),
        answer.session_id.as_str(),
    ];
    batch
        .expect(1, Table::SignIns, &SET_CONSENT, params)
        .conflict("sign_in.finished")
}

/// Notes the address that a code was sent to, or that it came back; conflicts when the sign-in was
/// finished.
pub fn set_proof(batch: Batch, id: &SignInId, proof: &AddressProof) -> Batch {
    let params = values![id.as_str(), proof_to_json(proof)];
    batch
        .expect(1, Table::SignIns, &SET_PROOF, params)
        .conflict("sign_in.finished")
}

/// Uses a proof up; conflicts when it was used, or another address took its place, so that of many
/// at once one wins.
pub fn take_proof(batch: Batch, id: &SignInId, proof: &AddressProof) -> Batch {
    let params = values![id.as_str(), proof_to_json(proof)];
    batch
        .expect(1, Table::SignIns, &TAKE_PROOF, params)
        .conflict("sign_in.proof_taken")
}

/// Finishes a sign-in: it is used once. Conflicts when it was finished already.
pub fn delete(batch: Batch, id: &SignInId) -> Batch {
    batch
        .expect(1, Table::SignIns, &DELETE, values![id.as_str()])
        .conflict("sign_in.finished")
}

fn from_row(row: &Row) -> Result<SignIn, DbError> {
    Ok(SignIn {
        id: row.parse(0, SignInId::parse)?,
        browser_hash: row.text(1)?,
        request: row.text(2)?,
        session_id: row.opt_text(3)?.and_then(|id| SessionId::parse(id).ok()),
        consent: consent(row)?,
        proof: row.opt_text(8)?.and_then(|text| proof_from_json(&text)),
        created_at: Timestamp(row.int(6)?),
        expires_at: Timestamp(row.int(7)?),
    })
}

fn consent(row: &Row) -> Result<Option<ConsentAnswer>, DbError> {
    if row.opt_str(4)?.is_none() {
        return Ok(None);
    }
    Ok(Some(ConsentAnswer {
        decision: row.parse(4, |text| {
            ConsentDecision::parse(&text).ok_or("an unknown decision")
        })?,
        session_id: row.parse(5, SessionId::parse)?,
    }))
}

/// A proof as the column holds it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredProof {
    intent: String,
    channel: String,
    recipient: String,
    proved_at: Option<i64>,
}

fn proof_to_json(proof: &AddressProof) -> String {
    let stored = StoredProof {
        intent: proof.intent.as_str().to_owned(),
        channel: proof.recipient.channel().as_str().to_owned(),
        recipient: proof.recipient.to_string(),
        proved_at: proof.proved_at.map(Timestamp::millis),
    };
    serde_json::json!(stored).to_string()
}

/// One that this version cannot read is none: the person asks for another code.
fn proof_from_json(text: &str) -> Option<AddressProof> {
    let stored: StoredProof = serde_json::from_str(text).ok()?;
    let channel = Channel::parse(&stored.channel)?;
    Some(AddressProof {
        intent: Intent::parse(&stored.intent)?,
        recipient: Recipient::from_stored(channel, stored.recipient),
        proved_at: stored.proved_at.map(Timestamp),
    })
}
