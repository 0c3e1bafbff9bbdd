//! What an activity is: an amount of units that flows through a path of resources.

/// The most resources that an activity can hold at once: from a disk through a card, two links
/// and another card to another disk.
pub(super) const PATH_MAX: usize = 6;

/// A resource of a world: a processor, a disk, a direction of a network card or of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceId(pub(super) u32);

/// An activity of a world, until it is complete or cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActivityId {
    pub(super) slot: u32,
    pub(super) generation: u32,
}

/// Work for the world to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Activity {
    /// The resources that it uses, all at the same rate, as long as it runs.
    pub path: Path,
    /// How much there is to do, in the units of its resources: bytes, or nanoseconds of a core.
    pub amount: u64,
    /// The most units a second that it can use by itself; a task with one thread can use 10^9
    /// nanoseconds of a core in a second. With 0 it stalls.
    pub cap: Option<u64>,
}

/// The resources that an activity uses at the same time, none of them twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path {
    length: u8,
    resources: [ResourceId; PATH_MAX],
}

impl Path {
    /// No resource at all: what needs none is complete at once.
    pub const EMPTY: Path = Path { length: 0, resources: [ResourceId(0); PATH_MAX] };

    /// A path through these resources.
    ///
    /// # Panics
    /// When there are more than six, or one occurs twice.
    pub fn through(resources: &[ResourceId]) -> Path {
        resources.iter().fold(Path::EMPTY, |path, resource| path.and(*resource))
    }

    /// The same path with one resource more.
    ///
    /// # Panics
    /// When it has six already, or this one among them.
    #[must_use]
    pub fn and(mut self, resource: ResourceId) -> Path {
        assert!(!self.resources().contains(&resource), "a path uses {resource:?} twice");
        assert!(self.resources().len() < PATH_MAX, "a path has at most {PATH_MAX} resources");
        self.resources[usize::from(self.length)] = resource;
        self.length += 1;
        self
    }

    /// The resources, in the order in which they were given.
    pub fn resources(&self) -> &[ResourceId] {
        &self.resources[..usize::from(self.length)]
    }
}

impl ResourceId {
    pub(super) fn place(self) -> usize {
        self.0 as usize
    }
}
