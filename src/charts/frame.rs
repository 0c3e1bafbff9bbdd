//! The frame of a plot: where its axes leave room for what is drawn, so that marks over the
//! picture (a playhead, a point to press) lie where the library draws.

/// What is free around the plot's area, and at its right for half of the last mark.
pub(super) const MARGIN: u32 = 4;
pub(super) const MARGIN_RIGHT: u32 = 24;
/// The widest mark of the value axis, in sizes of type.
pub(super) const LABEL_LETTERS: u32 = 6;
/// The library takes the height of a line for the size of the type.
pub(super) const LINE_HEIGHT: f64 = 1.24;

/// A picture's size, and that of its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Width and height.
    pub size: (u32, u32),
    /// The size of its type.
    pub text: u32,
}

/// The picture could not be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the plot could not be drawn: {0}")]
pub struct PlotError(pub(super) String);

impl Frame {
    /// Where a share of the horizontal axis lies, from 0 to 1.
    pub fn x(self, share: f64) -> f64 {
        let left = f64::from(MARGIN + self.text * LABEL_LETTERS);
        let width = f64::from(self.size.0) - left - f64::from(MARGIN_RIGHT);
        left + width * share.clamp(0.0, 1.0)
    }

    /// Where a share of the vertical axis lies, from 0 at the bottom to 1.
    pub fn y(self, share: f64) -> f64 {
        let bottom = f64::from(self.size.1) - f64::from(MARGIN + self.text * 2);
        bottom - (bottom - f64::from(MARGIN)) * share.clamp(0.0, 1.0)
    }
}
