//! A result document, read: XML events to the message that JSON carries too,
//! and from there by the one outcome matrix.

use super::LISTS;
use crate::central::call::Fault;
use crate::central::wire::message::Envelope;
use crate::central::wire::outcome::{eligibility, garbled};
use crate::domain::entitlement::Eligibility;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde_json::{Map, Value};

/// Bytes (DOM-65).
const LARGEST: usize = 4 * 1024 * 1024;

/// Elements within elements; the real documents have six.
const DEEPEST: usize = 16;

/// Skipped unread: parts of a result that repeat, and that nothing here uses.
const SKIPPED: &str = "PublicExpenseResultList";

/// The answer in a result document. Anything but a well-formed result of the
/// known shape is [`Fault::Garbled`]; a refusal in it is [`Fault::Refused`].
pub fn read(document: &[u8]) -> Result<Eligibility, Fault> {
    if document.len() > LARGEST {
        return Err(garbled("XML が 4 MiB を超える"));
    }
    let document = document.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(document);
    let text = std::str::from_utf8(document).map_err(|_| garbled("XML が UTF-8 でない"))?;
    let envelope: Envelope =
        serde_json::from_value(tree(text)?).map_err(|_| garbled("XML の要素の形"))?;
    // DOM-56: a document that contradicts itself is not guessed at.
    match envelope
        .message
        .message_header
        .character_code_identifier
        .as_deref()
    {
        None | Some("0") => eligibility(&envelope.message),
        Some(_) => Err(garbled("XML の文字コード識別が UTF-8 でない")),
    }
}

/// An element that is open.
#[derive(Default)]
struct Open {
    name: String,
    text: String,
    members: Map<String, Value>,
    /// Of [`LISTS`] only.
    items: Vec<Value>,
}

impl Open {
    /// A member, or an item of a list. Two members of one name are refused:
    /// which of two verdicts would count?
    fn take(&mut self, name: String, value: Value) -> Result<(), Fault> {
        if LISTS.contains(&self.name.as_str()) && value.is_object() {
            let mut item = Map::new();
            item.insert(name, value);
            self.items.push(Value::Object(item));
            return Ok(());
        }
        match (self.members.get_mut(&name), value) {
            // Some write a list as repeated elements (oqs-wire 19 #5).
            (Some(Value::Array(list)), Value::Array(more)) => list.extend(more),
            (Some(_), _) => return Err(garbled("XML に同じ要素が二つある")),
            (None, value) => {
                self.members.insert(name, value);
            }
        }
        Ok(())
    }

    fn close(mut self) -> Result<(String, Option<Value>), Fault> {
        let blank = self.text.trim().is_empty();
        let value = if LISTS.contains(&self.name.as_str()) {
            if !self.members.is_empty() {
                self.items.push(Value::Object(self.members));
            }
            Some(Value::Array(self.items))
        } else if self.members.is_empty() {
            return Ok((self.name, (!blank).then_some(Value::String(self.text))));
        } else {
            Some(Value::Object(self.members))
        };
        if blank {
            Ok((self.name, value))
        } else {
            Err(garbled("XML の要素の間に文字がある"))
        }
    }
}

fn tree(text: &str) -> Result<Value, Fault> {
    let malformed = |_| garbled("XML の形式");
    let mut reader = Reader::from_str(text);
    let mut open = vec![Open::default()];
    loop {
        let event = reader.read_event().map_err(malformed)?;
        let Some(current) = open.last_mut() else {
            return Err(garbled("XML の形式"));
        };
        match event {
            Event::Start(start) if start.name().as_ref() == SKIPPED => {
                reader.read_to_end(start.name()).map_err(malformed)?;
            }
            Event::Start(start) => {
                let name = element_name(&start)?;
                if open.len() > DEEPEST {
                    return Err(garbled("XML の入れ子が深すぎる"));
                }
                open.push(Open {
                    name,
                    ..Open::default()
                });
            }
            Event::Empty(start) => {
                element_name(&start)?;
            }
            Event::End(_) => {
                let closed = open.pop().map(Open::close);
                let (Some(closed), Some(parent)) = (closed, open.last_mut()) else {
                    return Err(garbled("XML の形式"));
                };
                let (name, value) = closed?;
                if let Some(value) = value {
                    parent.take(name, value)?;
                }
            }
            Event::Text(piece) => current
                .text
                .push_str(&piece.xml_content(XmlVersion::Explicit1_0)),
            Event::CData(piece) => current
                .text
                .push_str(&piece.xml_content(XmlVersion::Explicit1_0)),
            Event::GeneralRef(reference) => current.text.push(character(&reference)?),
            Event::Decl(declaration) => encoding(&declaration)?,
            Event::DocType(_) => return Err(garbled("XML に DTD がある")),
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    match (open.pop(), open.pop()) {
        (Some(root), None) if root.text.trim().is_empty() => Ok(Value::Object(root.members)),
        _ => Err(garbled("XML の形式")),
    }
}

fn element_name(start: &BytesStart<'_>) -> Result<String, Fault> {
    if start.attributes_raw().trim().is_empty() {
        Ok(start.name().as_ref().to_owned())
    } else {
        Err(garbled("XML に属性がある"))
    }
}

/// The five named characters and numbers; an entity of a DTD is none.
fn character(reference: &BytesRef<'_>) -> Result<char, Fault> {
    let unknown = || garbled("XML に知らない実体参照がある");
    if let Some(character) = reference.resolve_char_ref().map_err(|_| unknown())? {
        return Ok(character);
    }
    match reference.as_ref() {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(unknown()),
    }
}

fn encoding(declaration: &BytesDecl<'_>) -> Result<(), Fault> {
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(name)) if name.eq_ignore_ascii_case("utf-8") => Ok(()),
        Some(_) => Err(garbled("XML の文字コードが UTF-8 でない")),
    }
}
