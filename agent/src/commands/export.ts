import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ExportAnswer, resourceKinds } from "@mycloud/protocol/resource";
import { Command } from "commander";
import { stringify } from "yaml";
import { connect, parseAnswer } from "../client/index.ts";
import {
  addExamples,
  addInstanceOptions,
  flagsOf,
  printJson,
  remark,
  resolveFrom,
  someOf,
  type Terminal,
  write,
} from "../command-line/index.ts";

import { createExportNagiosCommand } from "./export-nagios.ts";

type Kind = (typeof resourceKinds)[number];
type Resource = ExportAnswer["resources"][number];

/** `mycloud export [DIR]`: the definitions as YAML that `mycloud apply` takes back unchanged. */
export function createExportCommand(terminal: Terminal): Command {
  const command = new Command("export")
    .description("Write the definitions as YAML: one file per kind into DIR, or all to stdout.")
    .argument("[DIR]", "made when it does not exist; files of the same name are replaced")
    .option("--kind <KIND>", `only these kinds: ${resourceKinds.join(", ")}`, someOf(resourceKinds));
  addInstanceOptions(command);
  addExamples(command, [
    ["mycloud export definitions", "one file per kind"],
    ["mycloud export --kind Check > checks.yaml", ""],
    ["mycloud export nagios nagios-etc", "as a configuration for Nagios 4"],
  ]);
  command.enablePositionalOptions().addCommand(createExportNagiosCommand(terminal));
  return command.action(async (directory: string | undefined) => {
    const flags = flagsOf<{ kind?: Kind[] }>(command);
    const client = await connect(terminal, flags);
    const kinds: readonly Kind[] = flags.kind ?? resourceKinds;
    const answer = parseAnswer(ExportAnswer, await client.request("GET", "/api/v1/export"));
    const resources = answer.resources.filter((resource) => kinds.includes(resource.kind));
    if (directory === undefined) {
      if (flags.json) return printJson(terminal, resources);
      return write(terminal.stdout, formatResources(resources));
    }
    await writeFiles(terminal, resolveFrom(terminal.workingDirectory, directory), resources);
  });
}

async function writeFiles(terminal: Terminal, directory: string, resources: readonly Resource[]): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const kind of resourceKinds) {
    const ofKind = resources.filter((resource) => resource.kind === kind);
    if (ofKind.length === 0) continue;
    const path = join(directory, fileNameOfKind(kind));
    await writeFile(path, formatResources(ofKind));
    await remark(terminal, `${path}: ${ofKind.length}`);
  }
}

/** `NotificationRule` -> `notification-rules.yaml`. */
export function fileNameOfKind(kind: Kind): string {
  return `${kind.replaceAll(/(?<!^)[A-Z]/g, "-$&").toLowerCase()}s.yaml`;
}

/** Resources as one YAML document each. Pure. */
export function formatResources(resources: readonly unknown[]): string {
  return resources.map((resource) => `---\n${stringify(resource, { lineWidth: 0 })}`).join("");
}
