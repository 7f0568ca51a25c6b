// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Pictures, drawn here as SVG: the same for a page, a document and a mail. Shapes have classes instead of colours, so that light, dark,
//! forced colours and paper each give their own; no meaning rests on colour alone. Words are measured before they are drawn.

mod bars;
mod canvas;
mod frame;
mod line;
mod metrics;
mod scale;
mod sentences;
mod stacked;
#[cfg(test)]
mod tests;

pub use bars::{Bar, Bars};
pub use canvas::Width;
pub use frame::{Cell, Column, Figure, Table};
pub use line::{Line, Point, Target, Tick};
pub use stacked::{Stacked, StackedBar};

use crate::Language;
use canvas::Canvas;

/// A picture.
#[derive(Clone, Debug)]
pub enum Picture {
    /// How many, of each.
    Bars(Bars),
    /// How many over time, held against a target.
    Line(Line),
    /// In which state, of each.
    Stacked(Stacked),
}

impl Picture {
    fn draw(&self, canvas: &mut Canvas, language: Language) {
        match self {
            Self::Bars(bars) => bars.draw(canvas, language),
            Self::Line(line) => line.draw(canvas, language),
            Self::Stacked(stacked) => stacked.draw(canvas, language),
        }
    }

    fn describe(&self, language: Language) -> String {
        match self {
            Self::Bars(bars) => bars.describe(language),
            Self::Line(line) => line.describe(language),
            Self::Stacked(stacked) => stacked.describe(language),
        }
    }

    fn table(&self, language: Language) -> Table {
        match self {
            Self::Bars(bars) => bars.table(language),
            Self::Line(line) => line.table(language),
            Self::Stacked(stacked) => stacked.table(language),
        }
    }
}

/// The colours of paper, for a picture that stands alone. On pages the style of the house has these classes.
const PAPER: &str = ".axis,.target,.leader{stroke:#6b6f76;fill:none}.target{stroke-dasharray:6 4;stroke-width:1.5}.leader{stroke-dasharray:1 3}\
.line{stroke:#0062ba;stroke-width:2.5;fill:none}.area{fill:#0062ba;fill-opacity:.1}.mass,.dot{fill:#0062ba}.part{stroke:#6b6f76}.good{fill:#2f7d62}.middling{fill:#d7c56f}.bad{fill:#b3261e}.unknown{fill:none;stroke-dasharray:3 2}.hit{fill:none}\
text{fill:#22262a}.soft{fill:#555a61}.strong{font-weight:650}";
