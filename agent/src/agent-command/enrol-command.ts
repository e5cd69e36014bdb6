import { access, constants, mkdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { resolve } from "node:path";
import { plugins } from "@mycloud/checks/plugins";
import { Command } from "commander";
import {
  addExamples,
  CommandError,
  flagsOf,
  namedValue,
  printJson,
  remark,
  type Terminal,
} from "../command-line/index.ts";
import { collectFacts } from "../facts/index.ts";
import { agentPaths } from "../state-directory/index.ts";
import type { Failure } from "../transport/index.ts";
import { addAgentOptions, agentSettings } from "./agent-settings.ts";
import { agentVersion } from "./agent-version.ts";
import { enrolHost } from "./enrol-host.ts";

interface EnrolFlags {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly hostName?: string;
  readonly address?: string;
  readonly label?: Readonly<Record<string, string>>;
  readonly serverKey?: string;
  readonly caFile?: string;
  readonly force?: boolean;
}

/** `mycloud agent enrol`. */
export function createEnrolCommand(terminal: Terminal): Command {
  const command = new Command("enrol").description(
    "make this host known to a control plane with a one-time token; the key is made here and only its public part leaves",
  );
  addAgentOptions(command, ["stateDirectory", "serverUrl"])
    .option("--token <token>", "the one-time token; visible to other users of this machine while it runs, so rather:")
    .option(
      "--token-file <file>",
      "file with the token, - for standard input (env MYCLOUD_ENROLMENT_TOKEN holds the token itself)",
    )
    .option("--host-name <name>", "the host's name there (default: this machine's host name)")
    .option("--address <address>", "where other hosts reach it: a name or an IP address")
    .option("--label <name=value>", "a label for check selectors; may be repeated", namedValue)
    .option(
      "--server-key <sha256:...>",
      "pin the server's public key: its SHA-256 in base64; then no CA is asked (https)",
    )
    .option("--ca-file <file>", "PEM file with the CA to trust instead of the system's (https)")
    .option("--force", "replace the identity this host has already")
    .option("--json", "print JSON");
  addExamples(command, [
    ["mycloud agent enrol --server https://mycloud.example.org --token-file token", ""],
    ["  --host-name web1 --label role=web", "with a name and a label of your choice"],
  ]);
  return command.action(async () => {
    const settings = await agentSettings(command, terminal);
    const flags = flagsOf<EnrolFlags>(command);
    const paths = agentPaths(settings.stateDirectory);
    if (settings.serverUrl === undefined)
      throw new CommandError("usage", "--server is missing: the address of the control plane");
    await ensureWritable(settings.stateDirectory, paths.directory);
    const caFile = flags.caFile === undefined ? null : resolve(terminal.workingDirectory, flags.caFile);
    const outcome = await enrolHost({
      paths,
      serverUrl: settings.serverUrl,
      token: await readToken(flags, terminal),
      hostName: flags.hostName ?? hostname(),
      address: flags.address ?? null,
      facts: {
        ...(await collectFacts({ procRoot: "/proc", sysRoot: "/sys", osReleasePath: "/etc/os-release" })),
        ...flags.label,
      },
      version: agentVersion(),
      serverKeySha256: readServerKey(flags.serverKey),
      caFile,
      ca: caFile === null ? undefined : await readFile(caFile, "utf8"),
      isForced: flags.force === true,
      now: terminal.now,
      signal: terminal.signal,
    });
    if (outcome.kind === "failed") throw enrolmentError(outcome.failure, settings.serverUrl);
    if (outcome.kind === "wrong-input") throw new CommandError("input", outcome.message);
    const { agentId, hostId, hostName, serverUrl } = outcome.identity;
    if (outcome.kind === "already-enrolled") {
      throw new CommandError(
        "conflict",
        `this host is already enrolled as ${hostName} at ${serverUrl}; --force enrols it anew`,
      );
    }
    await loadEveryPlugin();
    if (flags.json === true) return printJson(terminal, { agentId, hostId, hostName, serverUrl });
    return remark(
      terminal,
      `Enrolled as ${hostName}. Start (or restart) the agent: mycloud agent run, or its systemd unit.`,
    );
  });
}

/** Fills Node's compile cache, so that the agent's first run does not load the TypeScript compiler for its checks (20 MB). */
async function loadEveryPlugin(): Promise<void> {
  await Promise.all([...plugins.values()].map((load) => load()));
}

async function readToken(flags: EnrolFlags, terminal: Terminal): Promise<string> {
  if (flags.token !== undefined) return flags.token.trim();
  const { tokenFile } = flags;
  if (tokenFile === undefined) {
    const fromEnvironment = terminal.environment.MYCLOUD_ENROLMENT_TOKEN?.trim();
    if (fromEnvironment) return fromEnvironment;
    throw new CommandError(
      "usage",
      "the token is missing; give --token-file FILE, --token TOKEN or MYCLOUD_ENROLMENT_TOKEN",
    );
  }
  if (tokenFile !== "-") return (await readFile(resolve(terminal.workingDirectory, tokenFile), "utf8")).trim();
  let text = "";
  for await (const part of terminal.stdin) text += String(part);
  return text.trim();
}

function readServerKey(text: string | undefined): string | null {
  if (text === undefined) return null;
  const [, hash] = /^(?:sha256[:/])?([A-Za-z0-9+/]{43}=)$/.exec(text) ?? [];
  if (hash !== undefined) return hash;
  throw new CommandError("input", `--server-key is "${text}"; write sha256: and 44 characters of base64`);
}

async function ensureWritable(stateDirectory: string, directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o750 });
    await access(directory, constants.W_OK);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    throw new CommandError(
      "cannotWrite",
      `the state directory ${stateDirectory} cannot be written${code}; choose another with --state-dir`,
    );
  }
}

function enrolmentError(failure: Failure, serverUrl: string): CommandError {
  if (failure.kind === "refused") return new CommandError("notAllowed", failure.message);
  if (failure.kind === "conflict") return new CommandError("conflict", failure.message);
  if (failure.kind === "invalid") return new CommandError("input", failure.message);
  if (failure.kind === "busy") return new CommandError("tryAgain", `${serverUrl}: ${failure.message}`);
  return new CommandError("unavailable", `${serverUrl} cannot be reached: ${failure.message}`);
}
