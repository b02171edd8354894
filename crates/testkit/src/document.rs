//! Whatever a tool prints as a document keeps the document's contract.

use contract::{Document, Visitor};
use serde_json::Value;

use crate::{Outcome, Ran};

/// Holds stdout, if it is a document of the family, against its JSON Schema and its type.
pub(crate) fn check(ran: &Ran) -> Outcome {
    let Ok(document) = serde_json::from_slice::<Value>(&ran.stdout) else { return Ok(()) };
    let Some(id) = document.get("schema").and_then(Value::as_str) else { return Ok(()) };
    if !ran.stdout.starts_with(b"{\"schema\":") {
        return Err(ran.fail("expected `schema` as the document's first key"));
    }
    let mut check = Check { id, text: &ran.stdout, document: &document, found: None };
    contract::each_document(&mut check);
    match check.found {
        Some(Ok(())) => Ok(()),
        Some(Err(why)) => Err(ran.fail(why)),
        None => Err(ran.fail(format!("no document of the contract has the schema {id:?}"))),
    }
}

struct Check<'a> {
    id: &'a str,
    text: &'a [u8],
    document: &'a Value,
    found: Option<Result<(), String>>,
}

impl Visitor for Check<'_> {
    fn visit<D: Document>(&mut self) {
        if D::SCHEMA == self.id {
            self.found = Some(self.against::<D>());
        }
    }
}

impl Check<'_> {
    fn against<D: Document>(&self) -> Result<(), String> {
        let schema: Value = serde_json::from_str(D::JSON_SCHEMA).map_err(|e| e.to_string())?;
        jsonschema::draft202012::validate(&schema, self.document)
            .map_err(|error| format!("against its schema: {error} at {}", error.instance_path()))?;
        let typed: D = serde_json::from_slice(self.text).map_err(|e| e.to_string())?;
        let mut again = serde_json::to_vec(&typed).map_err(|e| e.to_string())?;
        again.push(b'\n');
        if again == self.text { Ok(()) } else { Err("its type writes it otherwise".to_owned()) }
    }
}
