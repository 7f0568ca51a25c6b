// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Pictures, drawn here as SVG: the same for a page, a document and a mail. Shapes have classes instead of colours, so that light, dark,
//! forced colours and paper each give their own; no meaning rests on colour alone. Words are measured before they are drawn.

mod bars;
mod canvas;
mod dumbbell;
mod frame;
mod growth;
mod layered;
mod layers;
mod line;
mod matrix;
mod metrics;
mod scale;
mod sentences;
mod slope;
mod stacked;
mod strips;
#[cfg(test)]
mod tests;
mod track;
mod versions;

pub use bars::{Bar, Bars};
pub use canvas::Width;
pub use dumbbell::{Dumbbell, DumbbellLine};
pub use frame::{Cell, Column, Figure, Table};
pub use growth::{Expected, Growth, Mark, Measured};
pub use layered::{Layered, Node};
pub use line::{Line, Point, Target, Tick};
pub use matrix::{Matrix, MatrixRow};
pub use slope::{Slope, SlopeLine};
pub use stacked::{Stacked, StackedBar};
pub use strips::{StripDot, Strips};
pub use track::{Lane, Track, TrackStep};
pub use versions::{Version, Versions};

use crate::Language;
use canvas::Canvas;

/// A picture.
#[derive(Clone, Debug)]
pub enum Picture {
    /// How many, of each.
    Bars(Bars),
    /// How many of all before and after, of each.
    Dumbbell(Dumbbell),
    /// How something grows with size.
    Growth(Growth),
    /// What needs what, in layers.
    Layered(Layered),
    /// How many over time, held against a target.
    Line(Line),
    /// How many of each kind, of each.
    Matrix(Matrix),
    /// How many then and now, of each.
    Slope(Slope),
    /// In which state, of each.
    Stacked(Stacked),
    /// How far something has come.
    Track(Track),
    /// How much, in strips by kind.
    Strips(Strips),
    /// Which versions are in use, along their order.
    Versions(Versions),
}

impl Picture {
    fn draw(&self, canvas: &mut Canvas, language: Language) {
        match self {
            Self::Bars(bars) => bars.draw(canvas, language),
            Self::Dumbbell(dumbbell) => dumbbell.draw(canvas, language),
            Self::Growth(growth) => growth.draw(canvas, language),
            Self::Layered(layered) => layered.draw(canvas, language),
            Self::Line(line) => line.draw(canvas, language),
            Self::Matrix(matrix) => matrix.draw(canvas, language),
            Self::Slope(slope) => slope.draw(canvas, language),
            Self::Stacked(stacked) => stacked.draw(canvas, language),
            Self::Track(track) => track.draw(canvas, language),
            Self::Strips(strips) => strips.draw(canvas, language),
            Self::Versions(versions) => versions.draw(canvas, language),
        }
    }

    fn describe(&self, language: Language) -> String {
        match self {
            Self::Bars(bars) => bars.describe(language),
            Self::Dumbbell(dumbbell) => dumbbell.describe(language),
            Self::Growth(growth) => growth.describe(language),
            Self::Layered(layered) => layered.describe(language),
            Self::Line(line) => line.describe(language),
            Self::Matrix(matrix) => matrix.describe(language),
            Self::Slope(slope) => slope.describe(language),
            Self::Stacked(stacked) => stacked.describe(language),
            Self::Track(track) => track.describe(language),
            Self::Strips(strips) => strips.describe(language),
            Self::Versions(versions) => versions.describe(language),
        }
    }

    fn table(&self, language: Language) -> Table {
        match self {
            Self::Bars(bars) => bars.table(language),
            Self::Dumbbell(dumbbell) => dumbbell.table(language),
            Self::Growth(growth) => growth.table(language),
            Self::Layered(layered) => layered.table(language),
            Self::Line(line) => line.table(language),
            Self::Matrix(matrix) => matrix.table(language),
            Self::Slope(slope) => slope.table(language),
            Self::Stacked(stacked) => stacked.table(language),
            Self::Track(track) => track.table(language),
            Self::Strips(strips) => strips.table(language),
            Self::Versions(versions) => versions.table(language),
        }
    }
}

/// The colours of paper, for a picture that stands alone. On pages the style of the house has these classes.
const PAPER: &str = ".axis,.target,.leader{stroke:#6b6f76;fill:none}.target{stroke-dasharray:6 4;stroke-width:1.5}.leader{stroke-dasharray:1 3}\
.line{stroke:#0062ba;stroke-width:2.5;fill:none}.area{fill:#0062ba;fill-opacity:.1}.mass,.dot{fill:#0062ba}.part{stroke:#6b6f76}.good{fill:#2f7d62}.middling{fill:#d7c56f}.bad{fill:#b3261e}.unknown{fill:none;stroke-dasharray:3 2}.stroke{stroke:#22262a;stroke-width:1;fill:none}.box{fill:none;stroke:#6b6f76}.box.affected{stroke:#b3261e;stroke-width:3}.box.group{stroke-dasharray:3 2}.way{stroke:#6b6f76;fill:none}.way.affected{stroke:#b3261e;stroke-width:2.5}.band{fill:#b3261e;fill-opacity:.08}.ring{fill:none;stroke:#0062ba}.line.rising{stroke:#b3261e;stroke-dasharray:9 3}.cell{stroke:#b9bec5;fill:#0062ba}.cell.none{fill:none}.cell.few{fill-opacity:.08}.cell.half{fill-opacity:.18}.cell.most{fill-opacity:.3}.cell.all{fill-opacity:.42}.cell.missing{fill:#b3261e;fill-opacity:.12}.hit{fill:none}\
text{fill:#22262a}.soft{fill:#555a61}.strong{font-weight:650}";
