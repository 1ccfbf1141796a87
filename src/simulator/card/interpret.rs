//! One command against a card: what sections 3.1 to 3.3 say it answers.

use super::asked::{App, Asked, SELECT, VERIFY};
use super::command::{
    BAD_CLA, BAD_DATA, BAD_INS, BAD_PARAMETERS, BLOCKED, BLOCKED_ISO, CONDITIONS, Command, DONE,
    NO_CHANNEL, NO_FILE, NO_MESSAGING, NO_RECORD, NOT_FOUND, NOT_SUPPORTED, NOT_THIS_FILE,
    NOT_VERIFIED, OUTSIDE, WRONG, WRONG_LENGTH,
};
use super::file::{Body, File};
use super::image::{Image, Nature};
use super::key::Padding;
use super::machine::State;
use super::manner::Manner;

const READ_BINARY: u8 = 0xB0;
const READ_RECORD: u8 = 0xB2;
const GET_RESPONSE: u8 = 0xC0;
const GET_CHALLENGE: u8 = 0x84;
const CHANGE_REFERENCE_DATA: u8 = 0x24;
const SIGN: u8 = 0x2A;
const CHANGE_KEY: u8 = 0x32;
const PHONE: u8 = 0xFC;
const GET_DATA: u8 = 0xCA;

/// Data, or the status word that stands for none.
type Answer = Result<Vec<u8>, u16>;

pub(super) struct Interpreter<'a> {
    pub(super) image: &'a Image,
    pub(super) manner: &'a Manner,
    pub(super) state: &'a mut State,
}

fn worded(mut data: Vec<u8>, status: u16) -> Vec<u8> {
    data.extend(status.to_be_bytes());
    data
}

impl Interpreter<'_> {
    /// For the log: which application and file a command names.
    pub(super) fn asked(&self, bytes: &[u8]) -> Asked {
        let header = |index: usize| bytes.get(index).copied().unwrap_or_default();
        let [cla, ins, p1, p2] = [header(0), header(1), header(2), header(3)];
        let command = Command::parse(bytes);
        let data = command.map_or(&[][..], |command| command.data);
        let mut app = self.image.applet(self.state).map(|applet| applet.app);
        let short = |id: u8| u16::from(id & 0x1F);
        let file = match ins {
            SELECT if p1 == 0x04 => {
                app = self.image.find(data).map(|(_, applet)| applet.app);
                None
            }
            SELECT => <[u8; 2]>::try_from(data).ok().map(u16::from_be_bytes),
            READ_BINARY if p1 & 0x80 != 0 => Some(short(p1)),
            READ_RECORD if p2 >> 3 != 0 => Some(short(p2 >> 3)),
            VERIFY | SIGN | CHANGE_REFERENCE_DATA if p2 & 0x1F != 0 => Some(short(p2)),
            READ_BINARY | READ_RECORD | VERIFY | SIGN | CHANGE_REFERENCE_DATA => self.state.file,
            _ => None,
        };
        Asked {
            cla,
            ins,
            p1,
            p2,
            app,
            file,
            name: if ins == SELECT {
                data.to_vec()
            } else {
                Vec::new()
            },
            sent: command.map_or(bytes.len().saturating_sub(4), |command| command.data.len()),
            status: 0,
            trip: None,
        }
    }

    /// The answer with its status word.
    pub(super) fn answer(&mut self, bytes: &[u8]) -> Vec<u8> {
        let Some(command) = Command::parse(bytes) else {
            return worded(Vec::new(), WRONG_LENGTH);
        };
        if let Nature::Memory(identifier) = &self.image.nature {
            return memory(command, identifier);
        }
        let rest = std::mem::take(&mut self.state.rest);
        match self.carry_out(command, rest) {
            Ok(data) => self.shaped(command, data),
            Err(status) => worded(Vec::new(), status),
        }
    }

    /// 61xx, 6Cxx or 9000 (section 3.2: generic, not expected).
    fn shaped(&mut self, command: Command<'_>, data: Vec<u8>) -> Vec<u8> {
        let low = |count: usize| u16::try_from(count.min(256) % 256).unwrap_or_default();
        let short = command.le.is_some_and(|le| le > data.len());
        if self.manner.exact && short && !data.is_empty() {
            return worded(Vec::new(), 0x6C00 | low(data.len()));
        }
        if self.manner.fetched && !data.is_empty() && command.ins != GET_RESPONSE {
            let status = 0x6100 | low(data.len());
            self.state.rest = data;
            return worded(Vec::new(), status);
        }
        worded(data, DONE)
    }

    fn carry_out(&mut self, command: Command<'_>, rest: Vec<u8>) -> Answer {
        match command.cla {
            0x00 | 0x80 => {}
            0x01..=0x03 | 0x81..=0x83 => return Err(NO_CHANNEL),
            0x04..=0x0F | 0x84..=0x8F => return Err(NO_MESSAGING),
            _ => return Err(BAD_CLA),
        }
        if command.extended && !self.manner.extended {
            return Err(WRONG_LENGTH);
        }
        match (command.cla, command.ins) {
            (0x00, SELECT) => self.select(command),
            (0x00, READ_BINARY) => self.read(command),
            (0x00, READ_RECORD) => self.record(command),
            (0x00, VERIFY) => self.verify(command),
            (0x00, GET_CHALLENGE) => self.challenge(command),
            (0x00, GET_RESPONSE) => fetch(command, rest),
            // Recorded as a trip; no PIN of an invented person is changed.
            (0x00, CHANGE_REFERENCE_DATA) | (0x80, CHANGE_KEY) => Err(NOT_VERIFIED),
            (0x80, SIGN) => self.sign(command),
            (0x80, PHONE) if self.image.nature == Nature::Iphone => Ok(Vec::new()),
            (0x00, _) => Err(BAD_INS),
            (_, SELECT | READ_BINARY | READ_RECORD | VERIFY | GET_CHALLENGE | GET_RESPONSE) => {
                Err(BAD_CLA)
            }
            _ => Err(BAD_INS),
        }
    }

    fn select(&mut self, command: Command<'_>) -> Answer {
        match command.p1 {
            0x04 => self.select_application(command),
            0x02 => {
                let Ok(id) = <[u8; 2]>::try_from(command.data) else {
                    return Err(WRONG_LENGTH);
                };
                let id = u16::from_be_bytes(id);
                if command.p2 != 0x0C {
                    return Err(BAD_PARAMETERS);
                }
                self.file(id)?;
                self.state.file = Some(id);
                Ok(Vec::new())
            }
            // Select MF: means nothing on this card (section 3.3).
            0x00 if command.data.is_empty() && self.state.moved => Ok(Vec::new()),
            _ => Err(BAD_PARAMETERS),
        }
    }

    fn select_application(&mut self, command: Command<'_>) -> Answer {
        let (index, _) = self.image.find(command.data).ok_or(NOT_FOUND)?;
        if !matches!(command.p2, 0x00 | 0x0C) {
            return Err(BAD_PARAMETERS);
        }
        if index != self.state.applet {
            self.state.open.clear();
        }
        self.state.applet = index;
        self.state.file = None;
        self.state.moved = true;
        Ok(Vec::new())
    }

    fn file(&self, id: u16) -> Result<&File, u16> {
        let applet = self.image.applet(self.state).ok_or(NOT_FOUND)?;
        applet.files.get(&id).ok_or(NOT_FOUND)
    }

    /// The selected file.
    fn current(&self) -> Result<(u16, &File), u16> {
        let id = self.state.file.ok_or(NO_FILE)?;
        Ok((id, self.file(id)?))
    }

    fn choose(&mut self, id: u8) -> Result<(), u16> {
        let id = u16::from(id & 0x1F);
        self.file(id)?;
        self.state.file = Some(id);
        Ok(())
    }

    fn opened(&self, file: &File) -> Result<(), u16> {
        let open = file.opened_by.is_empty()
            || file.opened_by.iter().any(|id| self.state.open.contains(id));
        if open { Ok(()) } else { Err(NOT_VERIFIED) }
    }

    fn read(&mut self, command: Command<'_>) -> Answer {
        let offset = if command.p1 & 0x80 == 0 {
            usize::from(u16::from_be_bytes([command.p1, command.p2]))
        } else {
            if !(0x81..=0x9F).contains(&command.p1) {
                return Err(BAD_PARAMETERS);
            }
            self.choose(command.p1)?;
            usize::from(command.p2)
        };
        let (_, file) = self.current()?;
        let le = command.le.filter(|_| command.data.is_empty());
        let le = le.ok_or(WRONG_LENGTH)?;
        let Body::Bytes(bytes) = &file.body else {
            return Err(NOT_THIS_FILE);
        };
        self.opened(file)?;
        let left = bytes.get(offset..).filter(|left| !left.is_empty());
        let left = left.ok_or(OUTSIDE)?;
        let most = self.manner.most.map_or(usize::MAX, usize::from);
        Ok(left.iter().copied().take(le.min(most)).collect())
    }

    fn record(&mut self, command: Command<'_>) -> Answer {
        if command.p2 & 0x07 != 0x04 {
            return Err(BAD_PARAMETERS);
        }
        if command.p2 >> 3 != 0 {
            self.choose(command.p2 >> 3)?;
        }
        let (_, file) = self.current()?;
        let le = command.le.filter(|_| command.data.is_empty());
        let le = le.ok_or(WRONG_LENGTH)?;
        let Body::Records(records) = &file.body else {
            return Err(NOT_THIS_FILE);
        };
        self.opened(file)?;
        let index = usize::from(command.p1).checked_sub(1).ok_or(NO_RECORD)?;
        let record = records.get(index).ok_or(NO_RECORD)?;
        Ok(record.iter().copied().take(le).collect())
    }

    fn verify(&mut self, command: Command<'_>) -> Answer {
        if command.p1 != 0 || command.p2 & 0xE0 != 0x80 {
            return Err(BAD_PARAMETERS);
        }
        if command.p2 & 0x1F != 0 {
            self.choose(command.p2)?;
        }
        let (id, file) = self.current()?;
        let Body::Pin(pin) = &file.body else {
            return Err(NOT_THIS_FILE);
        };
        if command.le.is_some() {
            return Err(WRONG_LENGTH);
        }
        let app = self
            .image
            .applet(self.state)
            .map_or(App::Issuer, |it| it.app);
        let left = self.image.tries(self.state, app, id).unwrap_or_default();
        if command.data.is_empty() {
            // Never 9000, also when it is open (section 3.2).
            return Err(WRONG | u16::from(left.min(15)));
        }
        if left == 0 {
            return Err(if self.manner.iso {
                BLOCKED_ISO
            } else {
                BLOCKED
            });
        }
        if !pin.value.is_empty() && command.data == pin.value.as_bytes() {
            self.state.left.insert((app, id), pin.most);
            self.state.open.insert(id);
            return Ok(Vec::new());
        }
        // A wrong length may cost a try, so here it does (section 7).
        self.state.left.insert((app, id), left - 1);
        self.state.open.remove(&id);
        Err(WRONG | u16::from((left - 1).min(15)))
    }

    fn sign(&mut self, command: Command<'_>) -> Answer {
        if command.p2 & 0xE0 != 0x80 {
            return Err(BAD_PARAMETERS);
        }
        let padding = match command.p1 {
            // PSS: no program uses it, and it is not modelled.
            4 | 5 => return Err(NOT_SUPPORTED),
            p1 => Padding::of(p1).ok_or(BAD_PARAMETERS)?,
        };
        if command.p2 & 0x1F != 0 {
            self.choose(command.p2)?;
        }
        let (_, file) = self.current()?;
        let Body::Key(key) = &file.body else {
            return Err(NOT_THIS_FILE);
        };
        self.opened(file)?;
        if command.data.is_empty() || command.le.is_none() {
            return Err(WRONG_LENGTH);
        }
        key.sign(padding, command.data).ok_or(BAD_DATA)
    }

    /// Bytes that repeat in every run: a test card is no source of chance.
    fn challenge(&mut self, command: Command<'_>) -> Answer {
        if command.p1 != 0 || command.p2 != 0 {
            return Err(BAD_PARAMETERS);
        }
        let le = command.le.filter(|_| command.data.is_empty());
        let count = le.ok_or(WRONG_LENGTH)?.min(256);
        let mut bytes = Vec::with_capacity(count);
        while bytes.len() < count {
            let mut x = self.state.random;
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            self.state.random = x;
            bytes.extend(x.to_be_bytes().into_iter().take(count - bytes.len()));
        }
        Ok(bytes)
    }
}

fn fetch(command: Command<'_>, mut rest: Vec<u8>) -> Answer {
    if rest.is_empty() {
        return Err(CONDITIONS);
    }
    rest.truncate(command.le.ok_or(WRONG_LENGTH)?);
    Ok(rest)
}

/// FeliCa and the like: only the reader's own command for the identifier.
fn memory(command: Command<'_>, identifier: &[u8]) -> Vec<u8> {
    match (command.cla, command.ins) {
        (0xFF, GET_DATA) => worded(identifier.to_vec(), DONE),
        (0xFF, _) => worded(Vec::new(), NOT_SUPPORTED),
        _ => worded(Vec::new(), BAD_CLA),
    }
}
