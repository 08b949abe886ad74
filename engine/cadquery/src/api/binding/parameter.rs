//! Parameters: their names, what they take, what they are when left out.

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A finite number.
    Number,
    /// An integer.
    Integer,
    /// True or False.
    Flag,
    /// A string.
    Text,
    /// A Vector, or a tuple or list of two or three numbers.
    Point,
    /// Points and Locations.
    Points,
    /// Points only, in the order given.
    PointList,
    /// True or False, for all axes or for each of two.
    Centering2,
    /// True or False, for all axes or for each of three.
    Centering3,
    /// How a result joins the solid before it: True, 'a', False, 'cut', 's'.
    Combine,
    /// A number, 'next' or 'last'.
    Until,
    /// A selector string or a selector object.
    Selector,
    /// A plane's name, a Plane, or an object to put on the stack.
    Plane,
    /// An object of the API.
    Object,
    /// An object of the API, or a list of them.
    Objects,
    /// Whatever comes; the function looks at it.
    Anything,
}

impl Kind {
    /// How an error message names it.
    pub(crate) fn expectation(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Integer => "a whole number",
            Self::Flag => "True or False",
            Self::Text => "a string",
            Self::Point => "a point (two or three numbers, or a Vector)",
            Self::Points => "a list of points or Locations",
            Self::PointList => "a list of points",
            Self::Centering2 => "True, False, or a pair of them",
            Self::Centering3 => "True, False, or a triple of them",
            Self::Combine => "True, False, 'a', 's' or 'cut'",
            Self::Until => "a number, 'next' or 'last'",
            Self::Selector => "a selector such as '>Z'",
            Self::Plane => "the name of a plane such as 'XY', or a Plane",
            Self::Object | Self::Objects => "an object made by cadquery",
            Self::Anything => "a value",
        }
    }
}

/// What a parameter is when it is left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Default {
    /// It must be given.
    Required,
    /// Absent, as `None`; `None` may also be written.
    None,
    Number(f64),
    Flag(bool),
    Text(&'static str),
    Point([f64; 3]),
}

/// One parameter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter {
    /// As `CadQuery` spells it.
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) default: Default,
}

impl Parameter {
    /// A parameter that must be given.
    pub(crate) const fn required(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, default: Default::Required }
    }

    /// A parameter that may be left out, or be `None`.
    pub(crate) const fn optional(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, default: Default::None }
    }

    pub(crate) const fn number(name: &'static str, default: f64) -> Self {
        Self { name, kind: Kind::Number, default: Default::Number(default) }
    }

    pub(crate) const fn flag(name: &'static str, default: bool) -> Self {
        Self { name, kind: Kind::Flag, default: Default::Flag(default) }
    }

    pub(crate) const fn text(name: &'static str, default: &'static str) -> Self {
        Self { name, kind: Kind::Text, default: Default::Text(default) }
    }

    pub(crate) const fn point(name: &'static str, default: [f64; 3]) -> Self {
        Self { name, kind: Kind::Point, default: Default::Point(default) }
    }

    /// A parameter whose default is `True`, of a kind that is more than a flag.
    pub(crate) const fn on(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, default: Default::Flag(true) }
    }
}
