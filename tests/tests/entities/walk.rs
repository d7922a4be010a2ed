//! Somebody who calls endpoints, holds each answer against what is documented, and remembers which answered well.

use std::collections::BTreeSet;

use bauta_tests::http::{Client, Part, Request, query};
use serde_json::Value;

use super::shape::Entities;

/// A line of the table of endpoints.
#[derive(Clone, Copy)]
struct Endpoint {
    method: &'static str,
    path: &'static str,
    returns: &'static str,
}

/// The walk through every endpoint.
pub struct Walk {
    entities: Entities,
    endpoints: Vec<Endpoint>,
    answered: BTreeSet<(&'static str, &'static str)>,
    problems: Vec<String>,
}

impl Walk {
    pub fn begin() -> Self {
        let lines = include_str!("../../../crates/client_api/endpoints.tsv").lines();
        let endpoints = lines.skip(1).map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            Endpoint {
                method: columns[0],
                path: columns[1],
                returns: columns[7],
            }
        });
        Self {
            entities: Entities::read(),
            endpoints: endpoints.collect(),
            answered: BTreeSet::new(),
            problems: Vec::new(),
        }
    }

    /// Calls an endpoint by its line of the table, `GET /api/v1/statuses/{id}`, with what stands for its parameters, and
    /// fields: of the query where nothing is changed, of the body elsewhere.
    pub fn call(
        &mut self,
        client: &mut Client,
        line: &str,
        places: &[&str],
        fields: &[(&str, &str)],
    ) -> Value {
        let (method, template) = line.split_once(' ').expect("a method and a path");
        let mut target = filled(template, places);
        let request = if method == "GET" {
            if !fields.is_empty() {
                target = format!("{target}?{}", query(fields));
            }
            Request::get(&target)
        } else {
            Request::new(method, &target).form(fields)
        };
        self.send(client, line, &request, None)
    }

    /// The same for an answer that differs from the usual one of that endpoint.
    pub fn call_for(
        &mut self,
        client: &mut Client,
        (line, kind): (&str, &'static str),
        places: &[&str],
        fields: &[(&str, &str)],
    ) -> Value {
        let (method, template) = line.split_once(' ').expect("a method and a path");
        let request = Request::new(method, &filled(template, places)).form(fields);
        self.send(client, line, &request, Some(kind))
    }

    /// The same, with files.
    pub fn upload(&mut self, client: &mut Client, line: &str, parts: &[Part]) -> Value {
        let (method, path) = line.split_once(' ').expect("a method and a path");
        self.send(client, line, &Request::new(method, path).multipart(parts), None)
    }

    fn endpoint(&self, line: &str) -> Endpoint {
        let (method, path) = line.split_once(' ').expect("a method and a path");
        let mut known = self.endpoints.iter();
        let found = known.find(|endpoint| endpoint.method == method && endpoint.path == path);
        *found.unwrap_or_else(|| panic!("{line} is not in the table"))
    }

    fn send(
        &mut self,
        client: &mut Client,
        line: &str,
        request: &Request,
        kind: Option<&'static str>,
    ) -> Value {
        let endpoint = self.endpoint(line);
        let answer = client.send(request);
        if answer.status / 100 != 2 {
            self.problems
                .push(format!("{line} answered {}: {}", answer.status, answer.text()));
            return Value::Null;
        }
        self.answered.insert((endpoint.method, endpoint.path));
        if endpoint.returns == "text" {
            return Value::Null;
        }
        let value = answer.json();
        let problems = self.entities.problems(kind.unwrap_or(endpoint.returns), &value);
        self.problems
            .extend(problems.into_iter().map(|problem| format!("{line}: {problem}")));
        value
    }

    /// Streams answer without an end: that they begin is what is asked.
    pub fn stream(&mut self, client: &mut Client, line: &str, fields: &[(&str, &str)]) {
        let endpoint = self.endpoint(line);
        let mut target = endpoint.path.to_owned();
        if !fields.is_empty() {
            target = format!("{target}?{}", query(fields));
        }
        let stream = client.open(&Request::get(&target));
        let is_stream = stream.head.header("content-type") == Some("text/event-stream");
        if stream.head.status == 200 && is_stream {
            self.answered.insert((endpoint.method, endpoint.path));
        } else {
            self.problems
                .push(format!("{line} answered {}", stream.head.status));
        }
    }

    /// The opening of a WebSocket, which another suite speaks through, was seen to be answered.
    pub fn seen(&mut self, line: &str) {
        let endpoint = self.endpoint(line);
        self.answered.insert((endpoint.method, endpoint.path));
    }

    /// What was wrong, and then which endpoints that are said to work did not answer.
    ///
    /// # Panics
    /// When there is anything to say.
    pub fn end(mut self) {
        let page = include_str!("../../../docs/client-api-endpoints.md");
        let silent = self.endpoints.iter().filter(|endpoint| {
            let row = format!("| `{} {}` |", endpoint.method, endpoint.path);
            let works = page
                .lines()
                .any(|line| line.starts_with(&row) && line.ends_with("| works |"));
            works != self.answered.contains(&(endpoint.method, endpoint.path))
        });
        let silent: Vec<String> = silent
            .map(|endpoint| {
                format!(
                    "{} {}: the manual and what it answers here differ",
                    endpoint.method, endpoint.path
                )
            })
            .collect();
        self.problems.extend(silent);
        self.problems.sort();
        self.problems.dedup();
        assert!(self.problems.is_empty(), "{}", self.problems.join("\n"));
    }
}

/// A path with these in the places of its parameters.
fn filled(template: &str, places: &[&str]) -> String {
    let mut places = places.iter();
    let parts = template.split('/').map(|part| {
        if part.starts_with('{') {
            (*places.next().expect("a value for each parameter")).to_owned()
        } else {
            part.to_owned()
        }
    });
    parts.collect::<Vec<_>>().join("/")
}
