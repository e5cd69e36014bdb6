import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  exitCodes,
  type NameServerOption,
  nameServerOptions,
  readSettings,
  StartError,
  serve,
} from "./process/index.ts";
import { createLogger, type Logger } from "./process/logger.ts";
import { systemClock } from "./server/index.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const stopWithinMs = 4_500;

function help(): string {
  const options: readonly NameServerOption[] = nameServerOptions;
  const width = Math.max(...options.map(({ flag }) => flag.length)) + 2;
  const lines = options.map(({ flag, env, description, default: value, defaultText, isList }) => {
    const given = defaultText ?? value;
    const note = given === undefined ? env : `${env}; default: ${given}`;
    return `  ${flag.padEnd(width)}${description}${isList === true ? "; several times" : ""} (${note})`;
  });
  const codes = Object.values(exitCodes).map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`);
  return `Usage: mycloud dns serve [options]

Answers as an authoritative name server: zones of the control plane, of zone files or of other servers.

Options:
${lines.join("\n")}
  ${"-h, --help".padEnd(width)}show this help

Signals: SIGHUP reads files again, SIGTERM ends it.

Examples:
  mycloud dns serve --zone-file example.org=example.org.zone
  mycloud dns serve --listen 192.0.2.1:53 --server https://mycloud.example.org --token-file /etc/mycloud/dns-token

Exit codes:
${codes.join("\n")}
`;
}

async function main(args: readonly string[]): Promise<number> {
  // What is written holds keys.
  process.umask(0o077);
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(help());
    return exitCodes.ok.code;
  }
  const wanted = process.env.MYCLOUD_LOG_FORMAT;
  const format = wanted === "text" || (wanted !== "json" && process.stderr.isTTY) ? "text" : "json";
  const logger = createLogger(format, (line) => process.stderr.write(line), Date.now, process.pid);
  const ended = new AbortController();
  try {
    const settings = readSettings(args, {
      environment: process.env,
      workingDirectory: process.cwd(),
      rootDirectory: root,
    });
    stopOnSignals(ended, logger);
    await serve(settings, {
      clock: systemClock,
      random: Math.random,
      logger,
      version: readVersion(),
      signal: ended.signal,
      onReload: (reload) => process.on("SIGHUP", reload),
      writeQueries: (text) => process.stderr.write(text),
    });
    return exitCodes.ok.code;
  } catch (error) {
    if (!(error instanceof StartError)) {
      process.stderr.write(`mycloud dns: ${error instanceof Error ? error.stack : String(error)}\n`);
      return exitCodes.internal.code;
    }
    for (const line of error.message.split("\n")) process.stderr.write(`mycloud dns: ${line}\n`);
    return error.exitCode;
  }
}

function stopOnSignals(ended: AbortController, logger: Logger): void {
  process.on("unhandledRejection", (err) => {
    // State may be wrong from here on: a fresh process has the last good copy.
    logger.error({ err }, "unhandled rejection");
    process.exit(exitCodes.internal.code);
  });
  // Before everything is ready, a request to read files again means nothing yet.
  process.on("SIGHUP", () => undefined);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      logger.info({ signal }, "the name server stops");
      ended.abort();
      setTimeout(() => process.exit(exitCodes.internal.code), stopWithinMs).unref();
    });
  }
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return typeof version === "string" ? version : "unknown";
}

process.exit(await main(process.argv.slice(2)));
