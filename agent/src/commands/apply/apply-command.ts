import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type ApplyRequest, resourceKinds } from "@mycloud/protocol/resource";
import { Command } from "commander";
import { connect } from "../../client/index.ts";
import {
  addExamples,
  addInstanceOptions,
  CommandError,
  collect,
  flagsOf,
  paintFor,
  printJson,
  resolveFrom,
  type Terminal,
  write,
} from "../../command-line/index.ts";
import { describeChanges, describeRecipientChanges } from "./describe-changes.ts";
import { type FileFault, type ReadResource, readResources } from "./read-resources.ts";
import { sendApply } from "./send-apply.ts";
import { createProgressLine } from "./show-progress.ts";

interface ApplyFlags {
  readonly file: string[];
  readonly dryRun?: boolean;
  readonly prune?: boolean;
}

/** `mycloud apply -f FILE|DIR|-`. */
export function createApplyCommand(terminal: Terminal): Command {
  const command = new Command("apply")
    .description(
      "Make the definitions what the files say: all of it or nothing. Doing it twice changes nothing the second time.",
    )
    .requiredOption(
      "-f, --file <PATH>",
      "a YAML file, a directory of *.yaml and *.yml, or - for stdin; repeatable",
      collect,
    )
    .option("--dry-run", "print the difference, and who would be told differently; change nothing")
    .option("--prune", "also delete definitions that are not in the files, of the kinds that are");
  addInstanceOptions(command);
  addExamples(command, [
    ["mycloud apply -f definitions --dry-run", "show what would change"],
    ["mycloud apply -f definitions --prune", "make it so, and delete the rest"],
  ]);
  return command.action(async () => {
    const flags = flagsOf<ApplyFlags>(command);
    const resources = await readAll(terminal, flags.file);
    const client = await connect(terminal, flags);
    const body: ApplyRequest = {
      resources: resources.map((resource) => resource.value),
      dryRun: flags.dryRun === true,
      prune: flags.prune === true ? kindsIn(resources) : [],
    };
    const line = createProgressLine(terminal);
    const answer = await sendApply(client, body, line.report)
      .catch((error: unknown) => {
        throw withPlaces(error, resources);
      })
      .finally(line.end);
    if (flags.json) return printJson(terminal, answer);
    const { changes, dryRun, recipientChanges, notes } = answer;
    const paint = paintFor(terminal);
    await write(
      terminal.stdout,
      describeChanges(changes, dryRun, paint) + describeRecipientChanges(recipientChanges, paint),
    );
    if (notes.length > 0) await write(terminal.stderr, notes.map((note) => `${note}\n`).join(""));
  });
}

function kindsIn(resources: readonly ReadResource[]): ApplyRequest["prune"] {
  const written = new Set(resources.map(({ value }) => fieldOf(value, "kind")));
  return resourceKinds.filter((kind) => written.has(kind));
}

/** All resources of all files; throws one CommandError that names every fault of every file. */
async function readAll(terminal: Terminal, paths: readonly string[]): Promise<ReadResource[]> {
  const resources: ReadResource[] = [];
  const faults: FileFault[] = [];
  for await (const { name, text } of readFiles(terminal, paths)) {
    const read = readResources(name, text);
    resources.push(...read.resources);
    faults.push(...read.faults);
  }
  if (faults.length > 0) {
    const issues = faults.map(({ file, line, message }) => ({ field: `${file}:${line}`, message }));
    throw new CommandError("input", `${count(faults.length, "fault")} in the files; nothing was changed`, { issues });
  }
  if (resources.length === 0) throw new CommandError("input", `${paths.join(", ")} holds no definition`);
  return resources;
}

/** The files one after the other, so that only one is held as text. */
async function* readFiles(
  terminal: Terminal,
  paths: readonly string[],
): AsyncGenerator<{ readonly name: string; readonly text: string }, undefined> {
  for (const path of paths) {
    if (path === "-") {
      let text = "";
      terminal.stdin.setEncoding("utf8");
      for await (const chunk of terminal.stdin) text += chunk;
      yield { name: "stdin", text };
      continue;
    }
    const full = resolveFrom(terminal.workingDirectory, path);
    const names = (await stat(full)).isDirectory() ? await yamlFilesIn(full, path) : [path];
    for (const name of names)
      yield { name, text: await readFile(resolveFrom(terminal.workingDirectory, name), "utf8") };
  }
}

async function yamlFilesIn(full: string, shown: string): Promise<string[]> {
  const entries = await readdir(full, { recursive: true });
  return entries
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(shown, name));
}

/** The control plane names faults as `resources[3].spec.x` (or `Check/disk.spec.x`); people need file and line. */
function withPlaces(error: unknown, resources: readonly ReadResource[]): unknown {
  if (!(error instanceof CommandError) || error.issues.length === 0) return error;
  const issues = error.issues.map((issue) => {
    const index = /^resources(?:\[|\.)(\d+)\]?\.?/.exec(issue.field);
    const resource = index
      ? resources[Number(index[1])]
      : resources.find(({ value }) => issue.field.startsWith(`${fieldOf(value, "kind")}/${fieldOf(value, "name")}`));
    if (resource === undefined) return issue;
    const field = index ? issue.field.slice(index[0].length) : issue.field;
    return {
      ...issue,
      field: `${resource.file}:${resource.line}`,
      message: field ? `${field}: ${issue.message}` : issue.message,
    };
  });
  return new CommandError("input", error.message, { code: error.code, issues, exitCode: error.exitCode });
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
