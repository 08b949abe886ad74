//! How the objects of the API are named on Python's side: by UUIDs that say what kind of thing they are and which.

use monty_types::MontyUuid;

/// What a UUID of ours stands for; the number indexes the machine's tables or is the API's object id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// `cadquery` or one of its submodules.
    Module(u64),
    /// A class.
    Class(u64),
    /// An object.
    Object(u64),
    /// A method of an object that has been read but not called.
    Method(u64),
}

/// Marks a UUID as ours; the value has no meaning, the version bits are not those of the interpreter's own UUIDs.
const MARK: u64 = 0x7061_7274_0000_0000;

impl Identity {
    /// The UUID.
    pub(crate) fn uuid(self) -> MontyUuid {
        let (tag, number) = match self {
            Self::Module(number) => (1, number),
            Self::Class(number) => (2, number),
            Self::Object(number) => (3, number),
            Self::Method(number) => (4, number),
        };
        MontyUuid::from_u128(u128::from(MARK | tag) << 64 | u128::from(number))
    }

    /// What `uuid` stands for, if it is one of ours.
    pub(crate) fn of(uuid: MontyUuid) -> Option<Self> {
        let value = u128::from_be_bytes(*uuid.as_bytes());
        let (high, number) = ((value >> 64) as u64, value as u64);
        match high ^ MARK {
            1 => Some(Self::Module(number)),
            2 => Some(Self::Class(number)),
            3 => Some(Self::Object(number)),
            4 => Some(Self::Method(number)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_survive_the_way_through_a_uuid() {
        for identity in [Identity::Module(0), Identity::Class(7), Identity::Object(u64::MAX), Identity::Method(1)] {
            assert_eq!(Identity::of(identity.uuid()), Some(identity));
        }
        assert_eq!(Identity::of(MontyUuid::from_u128(3)), None);
    }
}
