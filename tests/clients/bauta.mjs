// Starts a real `bauta serve` for a suite, with a data directory of its own.
//
//   const bauta = await start({ registrations: "open" });
//   bauta.run("account", "create", "alt_uscis");
//   const api = createRestAPIClient({ url: bauta.url, accessToken: bauta.token("alt_uscis") });
//   after(() => bauta.stop());
//
// With `demo: true` it is `bauta demo`, with its story and few followers.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PROGRAM = process.env.BAUTA_BIN ?? fileURLToPath(new URL("../../target/debug/bauta", import.meta.url));

// Ends the server when this process is gone and can't: then the pipe on its standard input closes.
const WATCHDOG = `trap '' HUP INT QUIT TERM; cat >/dev/null; kill -KILL "$1"`;

// How long starting and stopping may take before the suite gives up, in milliseconds.
const PATIENCE = 120_000;

/** Starts a server. It ends with `stop()`, or with this process. */
export async function start({ registrations, demo = false, args = [], environment = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "bauta-"));
  const data = join(folder, "data");
  const port = await freePort();
  const domain = `localhost:${port}`;
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("BAUTA_"));
  const env = { ...Object.fromEntries(own), BAUTA_RATE_LIMITS: "off", ...environment };
  const serve = [demo ? "demo" : "serve", "--data", data, "--listen", `127.0.0.1:${port}`];
  serve.push(...(demo ? ["--followers", "40"] : ["--domain", domain]));
  if (registrations) serve.push("--registrations", registrations);
  const server = spawn(PROGRAM, [...serve, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => {
    server.on("error", (error) => resolve(error.message));
    server.on("close", (status, signal) => resolve(status ?? signal));
  });
  const watchdog = server.pid && spawn("sh", ["-c", WATCHDOG, "bauta-watchdog", String(server.pid)], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  let said = "";
  const ready = new Promise((resolve) => {
    const hear = (text) => {
      said += text;
      if (/^listening on /m.test(said)) resolve(true);
    };
    server.stdout.setEncoding("utf8").on("data", hear);
    server.stderr.setEncoding("utf8").on("data", hear);
  });
  const end = () => {
    // The watchdog first: after the server's end its number may be another process's.
    watchdog?.kill("SIGKILL");
    server.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  if ((await within(PATIENCE, ready, ended.then(() => false))) !== true) {
    end();
    throw new Error(`bauta serve did not get ready; it said:\n${said}`);
  }

  /** Runs a subcommand on the server's data, and gives what it printed. */
  const run = (...words) => {
    const done = spawnSync(PROGRAM, [...words, "--data", data], { env, encoding: "utf8" });
    if (done.status !== 0) {
      throw new Error(`bauta ${words.join(" ")}: ${done.status}: ${done.stdout}${done.stderr}`);
    }
    return done.stdout;
  };

  return {
    url: `http://${domain}`,
    domain,
    data,
    run,
    said: () => said,
    /** An access token for an account. */
    token: (handle, scopes = "read write follow push") =>
      run("token", handle, "--scopes", scopes).trimEnd().split("\n").at(-1).trim(),
    async stop() {
      server.kill("SIGTERM");
      const status = await within(PATIENCE, ended);
      end();
      if (status !== 0) throw new Error(`bauta serve stopped with ${status}; it said:\n${said}`);
    },
  };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** The first of `promises`, or undefined when none is there in time. */
function within(milliseconds, ...promises) {
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  return Promise.race([...promises, late]).finally(() => clearTimeout(timer));
}
