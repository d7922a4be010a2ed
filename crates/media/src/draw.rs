//! Drawing: filled shapes with soft edges on a canvas of tones. Just enough for the mask.
#![expect(clippy::cast_precision_loss, reason = "sides are at most 1,024 pixels")]

/// Rows of samples in a pixel; across, coverage is exact.
const SUB_ROWS: usize = 4;
/// Straight pieces of a curve.
const CURVE_PIECES: usize = 24;

/// A point in a square of 100 × 100, from the top left.
pub(crate) type Point = (f32, f32);

/// A closed shape.
#[derive(Clone, Default)]
pub(crate) struct Path {
    points: Vec<Point>,
}

impl Path {
    /// Begins at a point.
    pub(crate) fn at(x: f32, y: f32) -> Self {
        Self { points: vec![(x, y)] }
    }

    /// A straight line.
    #[must_use]
    pub(crate) fn line(mut self, x: f32, y: f32) -> Self {
        self.points.push((x, y));
        self
    }

    /// A cubic Bézier curve.
    #[must_use]
    pub(crate) fn curve(mut self, near: Point, far: Point, to: Point) -> Self {
        let from = self.points.last().copied().unwrap_or(near);
        for piece in 1..=CURVE_PIECES {
            let t = piece as f32 / CURVE_PIECES as f32;
            let s = 1.0 - t;
            let along = |a: f32, b: f32, c: f32, d: f32| {
                s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d
            };
            self.points.push((
                along(from.0, near.0, far.0, to.0),
                along(from.1, near.1, far.1, to.1),
            ));
        }
        self
    }

    /// A circle.
    pub(crate) fn circle(x: f32, y: f32, radius: f32) -> Self {
        let points = (0..48)
            .map(|step| {
                let angle = step as f32 * std::f32::consts::TAU / 48.0;
                (x + radius * angle.cos(), y + radius * angle.sin())
            })
            .collect();
        Self { points }
    }

    /// The other half: as seen in a mirror down the middle.
    #[must_use]
    pub(crate) fn mirrored(mut self) -> Self {
        for point in &mut self.points {
            point.0 = 100.0 - point.0;
        }
        self
    }

    /// The shape and its mirror image as one, if it begins and ends on the middle line.
    #[must_use]
    pub(crate) fn and_mirror(mut self) -> Self {
        let back: Vec<Point> = self.points.iter().rev().map(|(x, y)| (100.0 - x, *y)).collect();
        self.points.extend(back);
        self
    }
}

/// A square of tones, 0 to 1.
pub(crate) struct Canvas {
    side: usize,
    tones: Vec<f32>,
}

impl Canvas {
    pub(crate) fn new(side: usize, tone: f32) -> Self {
        Self {
            side,
            tones: vec![tone; side * side],
        }
    }

    pub(crate) fn tones(&self) -> &[f32] {
        &self.tones
    }

    /// Fills a shape with a tone; where it overlaps itself, it stays filled.
    pub(crate) fn fill(&mut self, path: &Path, tone: f32) {
        let scale = self.side as f32 / 100.0;
        let edges = edges(&path.points, scale);
        let mut coverage = vec![0.0; self.side];
        for y in 0..self.side {
            coverage.fill(0.0);
            for sub_row in 0..SUB_ROWS {
                let height = y as f32 + (sub_row as f32 + 0.5) / SUB_ROWS as f32;
                cover_row(&edges, height, &mut coverage);
            }
            let row = &mut self.tones[y * self.side..(y + 1) * self.side];
            for (old, covered) in row.iter_mut().zip(&coverage) {
                *old += (tone - *old) * covered.min(1.0);
            }
        }
    }
}

struct Edge {
    top: Point,
    bottom: Point,
    /// 1 when the shape's outline goes down here, -1 when up.
    winding: i32,
}

fn edges(points: &[Point], scale: f32) -> Vec<Edge> {
    let scaled = |(x, y): Point| (x * scale, y * scale);
    let next = points.iter().cycle().skip(1);
    points
        .iter()
        .zip(next)
        .map(|(from, to)| (scaled(*from), scaled(*to)))
        .filter(|(from, to)| from.1.total_cmp(&to.1).is_ne())
        .map(|(from, to)| {
            if from.1 < to.1 {
                Edge {
                    top: from,
                    bottom: to,
                    winding: 1,
                }
            } else {
                Edge {
                    top: to,
                    bottom: from,
                    winding: -1,
                }
            }
        })
        .collect()
}

/// Adds what the shape covers of each pixel on one line.
fn cover_row(edges: &[Edge], y: f32, coverage: &mut [f32]) {
    let mut crossings: Vec<(f32, i32)> = edges
        .iter()
        .filter(|edge| edge.top.1 <= y && y < edge.bottom.1)
        .map(|edge| {
            let part = (y - edge.top.1) / (edge.bottom.1 - edge.top.1);
            (edge.top.0 + (edge.bottom.0 - edge.top.0) * part, edge.winding)
        })
        .collect();
    crossings.sort_by(|left, right| left.0.total_cmp(&right.0));
    let mut winding = 0;
    for pair in crossings.windows(2) {
        winding += pair[0].1;
        if winding != 0 {
            cover_span(pair[0].0, pair[1].0, coverage);
        }
    }
}

fn cover_span(from: f32, to: f32, coverage: &mut [f32]) {
    let from = from.clamp(0.0, coverage.len() as f32);
    let to = to.clamp(0.0, coverage.len() as f32);
    for (x, covered) in coverage
        .iter_mut()
        .enumerate()
        .take(to.ceil() as usize)
        .skip(from as usize)
    {
        let (left, right) = (x as f32, x as f32 + 1.0);
        *covered += (to.min(right) - from.max(left)).max(0.0) / SUB_ROWS as f32;
    }
}
