//! `bauta account`, `token`, `invite`.

use bauta_model::Role;
use serde_json::Value;

use crate::admin::{self, Request};
use crate::cli::{AccountCommand, InviteArgs, RoleArg, TokenArgs};
use crate::failure::Outcome;
use crate::output;

/// `bauta account create HANDLE`: prints the passphrase once.
pub fn account(command: AccountCommand) -> Outcome<()> {
    let AccountCommand::Create {
        handle,
        role,
        data,
        json,
    } = command;
    let (role, duty) = match role {
        RoleArg::User => (Role::User, None),
        RoleArg::Moderator => (Role::Moderator, None),
        RoleArg::Operator => (Role::Operator, None),
        RoleArg::Intake => (Role::User, Some("intake")),
        RoleArg::Determine => (Role::User, Some("determine")),
        RoleArg::Produce => (Role::User, Some("produce")),
        RoleArg::Counsel => (Role::User, Some("counsel")),
    };
    let made = admin::ask(
        &data.into(),
        &Request::AccountCreate {
            handle,
            role: role.code(),
            duty: duty.map(str::to_owned),
        },
    )?;
    if json {
        output::json(&made);
        return Ok(());
    }
    output::line(&format!(
        "@{} is there. Its passphrase, shown only now:",
        text(&made, "handle")
    ));
    output::line(&text(&made, "passphrase"));
    Ok(())
}

/// `bauta token HANDLE`: prints the token alone on its last line.
pub fn token(args: TokenArgs) -> Outcome<()> {
    let made = admin::ask(
        &args.data.into(),
        &Request::Token {
            handle: args.handle,
            scopes: args.scopes,
        },
    )?;
    if args.json {
        output::json(&made);
        return Ok(());
    }
    output::note("The account sees this token among its sessions as \"made by the operator\".");
    output::line(&text(&made, "token"));
    Ok(())
}

/// `bauta invite`: prints one link a line.
pub fn invite(args: InviteArgs) -> Outcome<()> {
    let made = admin::ask(&args.data.into(), &Request::Invite { count: args.count })?;
    if args.json {
        output::json(&made);
        return Ok(());
    }
    for invite in made.as_array().into_iter().flatten() {
        output::line(&text(invite, "link"));
    }
    Ok(())
}

fn text(value: &Value, key: &str) -> String {
    value
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}
