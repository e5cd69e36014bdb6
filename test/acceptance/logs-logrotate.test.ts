import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { followLogs } from "../../agent/src/log-source/testing/followed-logs.ts";
import { requirePeer } from "../peers/peer.ts";

const run = promisify(execFile);
const logrotate = "/usr/sbin/logrotate";

/** What logrotate does to each file, under its name. Dates are with seconds, since all of it happens in one minute. */
const modes = {
  create: "create nocompress",
  compress: "create compress",
  delaycompress: "create compress delaycompress",
  dateext: "create compress dateext dateformat -%Y%m%d-%s",
  extension: "create nocompress dateext dateformat -%Y%m%d-%s extension .log",
  copytruncate: "copytruncate nocompress",
  "copytruncate-compress": "copytruncate compress",
} as const;

/** Writes numbered lines to every file all the time, and opens the files anew when told to by SIGHUP, as daemons do. */
const writer = `
const { createHash } = require("node:crypto");
const { openSync, closeSync, writeSync, writeFileSync } = require("node:fs");
const [, directory, ...names] = process.argv;
const open = () => names.map((name) => openSync(directory + "/" + name + ".log", "a"));
let files = open();
let count = 0;
const hash = createHash("sha256");
process.on("SIGHUP", () => { const old = files; files = open(); old.forEach((file) => closeSync(file)); });
const timer = setInterval(() => {
  for (let burst = 0; burst < 20; burst++) {
    const line = count++ + " " + "x".repeat(count % 97) + "\\n";
    hash.update(line);
    for (const file of files) writeSync(file, line);
  }
}, 2);
process.on("SIGTERM", () => {
  clearInterval(timer);
  writeFileSync(directory + "/written.json", JSON.stringify({ count, hash: hash.digest("hex") }));
});
writeFileSync(directory + "/ready", "");
`;

test("each line is read once through every way that logrotate rotates, also while the reader is stopped", async (t) => {
  if (!requirePeer(t, logrotate, "logrotate")) return;
  const logs = followLogs(t);
  const names = Object.keys(modes);
  const child = spawn(process.execPath, ["-e", writer, logs.directory, ...names], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  await logs.until(() => existsSync(join(logs.directory, "ready")), "the start of the writer");
  const configuration = join(logs.directory, "logrotate.conf");
  writeFileSync(configuration, configurationOf(logs.directory, child), { mode: 0o644 });
  const rotate = () => run(logrotate, ["--force", "--state", join(logs.directory, "state"), configuration]);
  const input = { paths: [`${logs.directory}/*.log`], excludePaths: [`${logs.directory}/*-2*.log`] };

  let reader = logs.start(input);
  for (let rotation = 0; rotation < 6; rotation++) {
    // The names by date have seconds in them.
    await pause(1_050);
    const isStopped = rotation === 2 || rotation === 3;
    if (rotation === 2) await reader.stop();
    await rotate();
    if (rotation === 3) reader = logs.start(input);
    if (!isStopped) await logs.until(() => reader.sources.counters().test?.lagBytes === 0, "catching up");
  }
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
  const written: { count: number; hash: string } = JSON.parse(
    readFileSync(join(logs.directory, "written.json"), "utf8"),
  );
  // What is missing is told below, by the file it is missing of.
  await logs.until(() => logs.lines.length >= written.count * names.length).catch(() => undefined);
  await pause(200);

  for (const name of names) {
    const batches = logs.batches.filter(({ path }) => path === join(logs.directory, `${name}.log`));
    const lines = batches.flatMap((batch) => batch.lines);
    const numbers = lines.map((line) => Number.parseInt(String(line), 10));
    const wrong = numbers.findIndex((number, index) => number !== index);
    assert.equal(wrong, -1, `${name}: line ${wrong} is ${numbers[wrong]}`);
    const hash = createHash("sha256")
      .update(lines.map((line) => `${line}\n`).join(""))
      .digest("hex");
    assert.deepEqual({ count: lines.length, hash }, written, name);
  }
  assert.deepEqual(logs.warnings, []);
});

/** The writer stands still while logrotate copies and truncates: what is written in between is lost by copytruncate itself, whoever reads. */
function configurationOf(directory: string, child: ChildProcess): string {
  const user = process.getuid?.() === 0 ? "su root root\n" : "";
  const sections = Object.entries(modes).map(([name, words]) => {
    const isCopied = words.startsWith("copytruncate");
    const scripts = isCopied
      ? `prerotate\nkill -STOP ${child.pid}\nendscript\npostrotate\nkill -CONT ${child.pid}\nendscript`
      : `postrotate\nkill -HUP ${child.pid}\nendscript`;
    const directives = words.replace(/ (?=(?:no)?compress|delaycompress|dateext|dateformat|extension)/gu, "\n");
    return `${directory}/${name}.log {\n${user}rotate 20\nsize 1\nmissingok\n${directives}\n${scripts}\n}\n`;
  });
  return sections.join("");
}
