import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { collectFaults, expandConfiguration, type Fault, formatPlace } from "@mycloud/checks/nagios-objects";
import { HostName } from "@mycloud/protocol/name";
import { resourceKinds } from "@mycloud/protocol/resource";
import { Command } from "commander";
import { connect, readExport } from "../../client/index.ts";
import {
  addExamples,
  addInstanceOptions,
  CommandError,
  collect,
  flagsOf,
  paintFor,
  printable,
  printJson,
  resolveFrom,
  remark as say,
  type Terminal,
  write,
} from "../../command-line/index.ts";
import {
  type ImportedResource,
  mapConfiguration,
  type NeededPolicy,
  type Remark,
  readNagiosFiles,
} from "../../nagios-import/index.ts";
import { describeChanges } from "../apply/describe-changes.ts";
import { sendApply } from "../apply/send-apply.ts";
import { createProgressLine } from "../apply/show-progress.ts";
import { fileNameOfKind, formatResources } from "../export.ts";
import { importedKinds, planImport } from "./plan-import.ts";
import { readHostsWithAgent, requireProbers, tellWhoRuns } from "./who-runs.ts";

interface ImportFlags {
  readonly shinken?: boolean;
  readonly dryRun?: boolean;
  readonly output?: string;
  readonly allowShell?: boolean;
  readonly skipFaulty?: boolean;
  readonly prober?: string[];
  readonly timeZone?: string;
}

/** `mycloud import nagios PATH`. */
export function createImportNagiosCommand(terminal: Terminal): Command {
  const command = new Command("nagios")
    .description(
      "Take over a Nagios, Naemon, Icinga 1 or Shinken configuration. What cannot be carried is told line by line; doing it twice changes nothing the second time.",
    )
    .argument("<PATH>", "nagios.cfg (or shinken.cfg), a directory that has one, or a directory of object files")
    .option(
      "--shinken",
      "read Shinken's additions: group expressions, duplicate_foreach, tags, missing templates as tags",
    )
    .option("--dry-run", "print what would change, and change nothing")
    .option("--output <DIR>", "write the definitions as YAML into DIR instead of applying them")
    .option("--allow-shell", "carry commands with pipes, redirections and the like as sh -c")
    .option("--skip-faulty", "go on although there are errors with which Nagios itself would not start")
    .option(
      "--prober <HOST>",
      "the agent of HOST runs the checks of hosts that have none; repeatable, first choice first",
      collect,
    )
    .option(
      "--time-zone <ZONE>",
      "zone of the time periods (default: use_timezone of the main file, or this machine's)",
    );
  addInstanceOptions(command);
  addExamples(command, [
    ["mycloud import nagios /etc/nagios4 --dry-run", "what would be carried, and what not"],
    ["mycloud import nagios /etc/shinken --shinken --prober mon1", "do it; mon1's agent runs the plugins"],
    ["mycloud import nagios /etc/nagios4 --output definitions", "as YAML for mycloud apply"],
  ]);
  return command.action(async (path: string) => {
    const flags = flagsOf<ImportFlags>(command);
    const { resources, remarks, faults, policies } = await readResources(
      terminal,
      resolveFrom(terminal.workingDirectory, path),
      flags,
    );
    if (flags.output !== undefined) {
      const files = await writeResources(resolveFrom(terminal.workingDirectory, flags.output), resources);
      if (flags.json) return printJson(terminal, { files, remarks, faults, policies });
      await printRemarks(terminal, remarks, faults);
      await printPolicies(terminal, policies);
      return say(terminal, `${resources.length} definitions written into ${flags.output}`);
    }
    const client = await connect(terminal, flags);
    const hostsWithAgent = await readHostsWithAgent(client);
    requireProbers(flags.prober ?? [], hostsWithAgent);
    const plan = await planImport(resources, readExport(client, importedKinds));
    const body = { ...plan, dryRun: flags.dryRun === true };
    const line = createProgressLine(terminal);
    const answer = await sendApply(client, body, line.report).finally(line.end);
    const mine = new Set(
      resources.map(({ kind, name, host }) => `${kind} ${host === undefined ? "" : `${host}/`}${name}`),
    );
    const changes = answer.changes.filter(
      (change) => change.action !== "unchanged" || mine.has(`${change.kind} ${change.name}`),
    );
    if (flags.json) return printJson(terminal, { dryRun: answer.dryRun, changes, remarks, faults, policies });
    await printRemarks(terminal, remarks, faults);
    await printPolicies(terminal, policies);
    const whoRuns = tellWhoRuns(resources, hostsWithAgent, flags.prober ?? []);
    if (whoRuns !== undefined) await say(terminal, printable(whoRuns));
    await write(terminal.stdout, describeChanges(changes, answer.dryRun, paintFor(terminal)));
  });
}

async function readResources(terminal: Terminal, path: string, flags: ImportFlags) {
  const found = collectFaults();
  const files = await readNagiosFiles(path, found);
  const counted = { definitions: files.objects.length, files: files.fileCount };
  await progress(terminal, `${counted.definitions} definitions read from ${counted.files} files`);
  const isOn = (name: string) => files.settings.get(name)?.value === "1";
  const reading = {
    isShinken: flags.shinken === true,
    hasRegexMatching: isOn("use_regexp_matching"),
    hasTrueRegexMatching: isOn("use_true_regexp_matching"),
  };
  const configuration = expandConfiguration(files.objects, reading, found);
  await progress(terminal, `${configuration.hosts.length} hosts and ${configuration.services.length} services`);
  const errors = found.faults.filter(({ severity }) => severity === "error");
  if (files.objects.length === 0) throw new CommandError("input", `${path} holds no definition`);
  if (errors.length > 0 && flags.skipFaulty !== true) {
    const issues = errors.map(({ place, message }) => ({ field: formatPlace(place), message }));
    throw new CommandError(
      "input",
      `${errors.length} errors in the configuration; nothing was changed (--skip-faulty leaves out what they are about)`,
      { issues },
    );
  }
  const named = flags.timeZone ?? files.settings.get("use_timezone")?.value.replace(/^:/, "");
  const options = {
    isShinken: flags.shinken === true,
    allowShell: flags.allowShell === true,
    probers: (flags.prober ?? []).map((name) => HostName.parse(name)),
    timeZone: named ?? new Intl.DateTimeFormat("en").resolvedOptions().timeZone,
  };
  const mapped = mapConfiguration(configuration, files, reading, options);
  await progress(terminal, `they are ${mapped.resources.length} definitions here`);
  return { ...mapped, faults: found.faults };
}

/** How far a long import is, for somebody who waits. */
async function progress(terminal: Terminal, words: string): Promise<void> {
  if (terminal.stderr.isTTY === true) await say(terminal, words);
}

/** What has to be in policy files before event handlers run, as YAML to copy. */
async function printPolicies(terminal: Terminal, policies: readonly NeededPolicy[]): Promise<void> {
  if (policies.length === 0) return;
  await say(terminal, "event handlers run where the agent's policy.yaml allows them:");
  for (const { command, program, hosts } of policies) {
    const shown = hosts.slice(0, 5).join(", ");
    const more = hosts.length > 5 ? ` and ${hosts.length - 5} more` : "";
    await say(terminal, printable(`  eventHandlers: { ${command}: [${program}] }   # on ${shown}${more}`));
  }
}

async function writeResources(directory: string, resources: readonly ImportedResource[]): Promise<string[]> {
  await mkdir(directory, { recursive: true });
  const files: string[] = [];
  for (const kind of resourceKinds) {
    const ofKind = resources.filter((resource) => resource.kind === kind);
    if (ofKind.length === 0) continue;
    const file = join(directory, fileNameOfKind(kind));
    await writeFile(file, formatResources(ofKind));
    files.push(file);
  }
  return files;
}

async function printRemarks(terminal: Terminal, remarks: readonly Remark[], faults: readonly Fault[]): Promise<void> {
  for (const { place, severity, message } of faults)
    await say(terminal, printable(`${formatPlace(place)}: ${severity}: ${message}`));
  for (const { what, why, ...place } of remarks)
    await say(terminal, printable(`${formatPlace(place)}: ${what}: ${why}`));
  if (remarks.length > 0) await say(terminal, `${remarks.length} things are not carried, or not as they stand`);
}
