import { readFile } from "node:fs/promises";
import { parseOptions } from "@mycloud/checks/plugin";
import { plugins } from "@mycloud/checks/plugins";
import type { AgentCommandRequest } from "@mycloud/protocol/agent";
import { matchesPattern } from "@mycloud/protocol/selector";
import { z } from "zod";
import { closedNrpePolicy, NrpePolicy } from "./nrpe-policy.ts";

const AllowedKind = z.enum([
  "check-now",
  "test-run",
  "event-handler",
  "discover",
  "probe",
  "backup",
  "restore",
  "browse",
  "files",
  "logs",
  "register",
]);
type AllowedKind = z.infer<typeof AllowedKind>;

/** A program by its absolute path, and arguments that it always gets. */
const ProgramWords = z
  .array(z.string().refine((word) => !word.includes("\0"), "has a NUL character"))
  .refine((words) => words[0]?.startsWith("/") === true, "does not start with the absolute path of a program");

/** `policy.yaml`. What is not listed is refused. */
export const AgentPolicy = z.strictObject({
  /**
   * Kinds of command; `probe` is to run the checks of other hosts, `browse` to look into this host's private backups, `files` to manage the files of its
   * backed-up folders, `logs` to read its logs and to send them, `register` to tell the host's addresses, so that the name service answers them.
   */
  allow: z.array(AllowedKind).default([...AllowedKind.options]),
  /** Programs that `external` checks may run, as the checks name them; patterns with * and ?: `/usr/lib/nagios/plugins/*`. */
  externalPrograms: z.array(z.string()).default(["*"]),
  /** What event handlers may run: by name a program with its first arguments. None but these. */
  eventHandlers: z
    .record(z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, "is no name of a command"), ProgramWords)
    .default({}),
  /** What backups may run before and after: by name a program with its first arguments. */
  backupHooks: z.record(z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, "is no name of a hook"), ProgramWords).default({}),
  /** Where restores may write and remove: in these directories and below them. */
  restoreRoots: z.array(z.string().startsWith("/", "is no absolute path").max(4096)).default(["/"]),
  /**
   * Where files are managed, as far as it is backed up: in these directories and below them. Left out: all that is backed up, but folders of the system
   * (/etc, /usr, /root, /var/lib and the like) are not changed.
   */
  fileRoots: z.array(z.string().startsWith("/", "is no absolute path").max(4096)).nullable().default(null),
  /** Whether files are looked at only. */
  filesReadOnly: z.boolean().default(false),
  /** The largest file that may be sent here. */
  maximumUploadBytes: z
    .number()
    .int()
    .min(0)
    .default(1024 ** 3),
  /** Where files are read as logs: in these directories and below them. */
  logRoots: z.array(z.string().startsWith("/", "is no absolute path").max(4096)).default(["/var/log"]),
  /** Commands whose output is read as logs: by name a program with its arguments. None but these. */
  logCommands: z
    .record(z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, "is no name of a command"), ProgramWords)
    .default({}),
  /** What is told to check_nrpe, when the agent listens for it. */
  nrpe: NrpePolicy.prefault({}),
});
export type AgentPolicy = z.infer<typeof AgentPolicy>;

/** Without a policy file. */
export const defaultPolicy: AgentPolicy = AgentPolicy.parse({});

/** Refuses everything: what applies while the file cannot be understood. */
export const closedPolicy: AgentPolicy = {
  allow: [],
  externalPrograms: [],
  eventHandlers: {},
  backupHooks: {},
  restoreRoots: [],
  fileRoots: [],
  filesReadOnly: true,
  maximumUploadBytes: 0,
  logRoots: [],
  logCommands: {},
  nrpe: closedNrpePolicy,
};

/** Whether a policy lets this kind of command in; whatever is about backups goes by one word, and so do restores. Pure. */
export function allowsCommand(policy: AgentPolicy, kind: AgentCommandRequest["kind"]): boolean {
  return policy.allow.includes(wordOf(kind));
}

function wordOf(kind: AgentCommandRequest["kind"]): AllowedKind {
  switch (kind) {
    case "backup-now":
    case "backup-pause":
    case "backup-resume":
    case "backup-cancel":
      return "backup";
    case "restore-cancel":
      return "restore";
    default:
      return kind;
  }
}

/** How far files of this host may be managed by way of the control plane. Pure. */
export function liveFilesOf({ allow, filesReadOnly }: AgentPolicy): "none" | "read" | "change" {
  if (!allow.includes("files")) return "none";
  return filesReadOnly ? "read" : "change";
}

/** A policy, and what is wrong with its file if anything is. */
export interface LoadedPolicy {
  readonly policy: AgentPolicy;
  readonly fault: string | undefined;
}

/** Reads the policy file. A missing one means the default; a wrong one closes, since somebody meant to restrict something. */
export async function loadPolicy(path: string): Promise<LoadedPolicy> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return { policy: defaultPolicy, fault: undefined };
    }
    return closed(path, error);
  }
  try {
    const { parse } = await import("yaml");
    const parsed = AgentPolicy.safeParse(parse(text) ?? {});
    if (parsed.success) return { policy: parsed.data, fault: undefined };
    const issue = parsed.error.issues[0];
    return closed(path, `${issue?.path.join(".")} ${issue?.message}`);
  } catch (error) {
    return closed(path, error);
  }
}

/** Says why a check may not run here; undefined when it may. */
export async function refusalOfCheck(
  policy: AgentPolicy,
  check: { readonly command: string; readonly arguments: readonly string[] },
): Promise<string | undefined> {
  if (check.command !== "external" || policy.externalPrograms.includes("*")) return undefined;
  const program = await externalProgram(check.arguments);
  const isAllowed =
    program !== undefined &&
    !program.split("/").includes("..") &&
    policy.externalPrograms.some((pattern) => matchesPattern(pattern, program));
  return isAllowed ? undefined : `this host's policy does not allow the program ${program ?? ""}`.trimEnd();
}

/** The program that `external` would run, found by the plugin's own option table so that no option's value passes for it. */
async function externalProgram(argv: readonly string[]): Promise<string | undefined> {
  const external = await plugins.get("external")?.();
  if (external === undefined) return undefined;
  try {
    return parseOptions(argv, external.options, external.operands).operands[0];
  } catch {
    return undefined;
  }
}

function closed(path: string, reason: unknown): LoadedPolicy {
  const words = reason instanceof Error ? reason.message : String(reason);
  return { policy: closedPolicy, fault: `${path} is not understood, so every command is refused: ${words}` };
}
