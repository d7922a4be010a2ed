//! The figures, as docs/ and the design name them.

pub mod deliveries;
pub mod home;
pub mod inbox;
pub mod log;
pub mod page;
pub mod picture;
pub mod post;
pub mod record;
pub mod sealed;
pub mod start;
pub mod stream;

use serde_json::json;

/// One figure: a value, and what it should be.
pub struct Figure {
    name: String,
    value: f64,
    goal: Goal,
}

/// What a figure should be.
#[derive(Clone, Copy)]
pub enum Goal {
    /// At least this.
    AtLeast(f64),
    /// At most this.
    AtMost(f64),
    /// Told, not judged.
    Told,
}

impl Figure {
    /// A figure.
    pub fn new(name: impl Into<String>, value: f64, goal: Goal) -> Self {
        Self {
            name: name.into(),
            value,
            goal,
        }
    }

    fn met(&self) -> bool {
        match self.goal {
            Goal::AtLeast(goal) => self.value >= goal,
            Goal::AtMost(goal) => self.value <= goal,
            Goal::Told => true,
        }
    }

    fn goal(&self) -> String {
        match self.goal {
            Goal::AtLeast(goal) => format!(">= {goal}"),
            Goal::AtMost(goal) => format!("<= {goal}"),
            Goal::Told => String::new(),
        }
    }

    /// A line for programs.
    pub fn json(&self) -> String {
        json!({"name": self.name, "value": self.value, "goal": self.goal(), "met": self.met()}).to_string()
    }

    /// A line for people.
    pub fn line(&self) -> String {
        let met = if self.met() { "met" } else { "NOT MET" };
        format!("{:24} {:>10.2}  {:10} {met}", self.name, self.value, self.goal())
    }
}
