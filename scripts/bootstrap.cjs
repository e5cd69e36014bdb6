// Runs on whatever Node started npm: installs the locked dependencies when the lock changed, then makes sure that the
// pinned Node 26 they bring really runs. Plain CommonJS without dependencies, because nothing is installed yet.
"use strict";
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { spawnSync } = require("node:child_process");

const root = path.join(__dirname, "..");
const modules = path.join(root, "node_modules");
const stamp = path.join(modules, ".mycloud-lock-sha256");
const pinned = path.join(modules, ".bin", "node");
const requiredMajor = 26;

function lockHash() {
  return createHash("sha256")
    .update(fs.readFileSync(path.join(root, "package-lock.json")))
    .digest("hex");
}

function isInstalled() {
  try {
    return fs.readFileSync(stamp, "utf8") === lockHash();
  } catch {
    return false;
  }
}

function fail(message) {
  process.stderr.write(`mycloud: ${message}\n`);
  process.exit(69);
}

function install() {
  process.stderr.write("mycloud: installing dependencies (first start, or the lock file changed) ...\n");
  const args = ["ci", "--include=optional", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  // npm's own script on the Node that runs npm: `npm ci` removes node_modules/.bin/node while it works.
  const outer = process.env.npm_node_execpath || process.execPath;
  const cli = process.env.npm_execpath;
  const options = { cwd: root, stdio: ["ignore", 2, 2] };
  const result = cli ? spawnSync(outer, [cli, ...args], options) : spawnSync("npm", args, options);
  if (result.error) fail(`npm could not be started: ${result.error.message}; install npm 10 or later and try again`);
  if (result.status !== 0) fail(`npm ci failed with exit code ${result.status}; the lines above say why`);
  fs.writeFileSync(stamp, lockHash());
}

function checkRuntime() {
  const node = fs.existsSync(pinned) ? pinned : process.execPath;
  const result = spawnSync(node, ["-p", "process.versions.node"], { encoding: "utf8" });
  const complaint = `${(result.stderr || "").trim()}${result.error ? result.error.message : ""}`;
  if (/libatomic/.test(complaint))
    fail("the pinned Node needs libatomic.so.1; install it with: apt-get install libatomic1");
  if (result.status !== 0) fail(`the pinned Node at ${node} does not run: ${complaint.split("\n")[0]}`);
  const major = Number(result.stdout.split(".")[0]);
  if (major < requiredMajor) {
    fail(
      `no pinned Node for ${process.platform}-${process.arch}; install Node ${requiredMajor} or later (this one is ${result.stdout.trim()})`,
    );
  }
}

if (!isInstalled()) install();
checkRuntime();
