import { appendFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { resourceKinds } from "@mycloud/protocol/resource";
import { Command } from "commander";
import { stringify } from "yaml";
import { connect, type Exported, readExport } from "../client/index.ts";
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
import { createExportGrafanaCommand } from "./export-grafana.ts";
import { createExportNagiosCommand } from "./export-nagios.ts";
import { createExportPrometheusCommand } from "./export-prometheus.ts";

type Kind = (typeof resourceKinds)[number];

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
    ["mycloud export prometheus /etc/prometheus/mycloud", "what a Prometheus needs to scrape this"],
    ["mycloud export grafana /etc/grafana/mycloud", "dashboards, data sources and alerts for Grafana"],
  ]);
  command
    .enablePositionalOptions()
    .addCommand(createExportNagiosCommand(terminal))
    .addCommand(createExportPrometheusCommand(terminal))
    .addCommand(createExportGrafanaCommand(terminal));
  return command.action(async (directory: string | undefined) => {
    const flags = flagsOf<{ kind?: Kind[] }>(command);
    const client = await connect(terminal, flags);
    const stored = readExport(client, flags.kind);
    if (directory !== undefined) {
      return await writeFiles(terminal, resolveFrom(terminal.workingDirectory, directory), stored);
    }
    if (flags.json) {
      const resources: unknown[] = [];
      for await (const { written } of stored) resources.push(written);
      return printJson(terminal, resources);
    }
    for await (const some of together(stored)) await write(terminal.stdout, formatResources(some.map(shown)));
  });
}

/** Beside what is there, and in its place when all of it is there: an export that breaks off replaces nothing. */
async function writeFiles(terminal: Terminal, directory: string, stored: AsyncIterable<Exported>): Promise<void> {
  await mkdir(directory, { recursive: true });
  const counts = new Map<Kind, number>();
  const pathOf = (kind: Kind) => join(directory, fileNameOfKind(kind));
  const besideOf = (kind: Kind) => join(directory, `.${fileNameOfKind(kind)}.${process.pid}`);
  try {
    for await (const some of together(stored)) {
      for (const [kind, ofKind] of Map.groupBy(some, ({ definition }) => definition.kind)) {
        const count = counts.get(kind) ?? 0;
        const text = formatResources(ofKind.map(shown));
        await (count === 0 ? writeFile(besideOf(kind), text) : appendFile(besideOf(kind), text));
        counts.set(kind, count + ofKind.length);
      }
    }
    for (const kind of counts.keys()) await rename(besideOf(kind), pathOf(kind));
  } finally {
    for (const kind of counts.keys()) await rm(besideOf(kind), { force: true });
  }
  for (const kind of resourceKinds) {
    const count = counts.get(kind);
    if (count !== undefined) await remark(terminal, `${pathOf(kind)}: ${count}`);
  }
}

/** So many at a time: enough to be written quickly, and few enough to be kept. */
async function* together(stored: AsyncIterable<Exported>): AsyncGenerator<readonly Exported[], undefined> {
  let some: Exported[] = [];
  for await (const one of stored) {
    some.push(one);
    if (some.length < 500) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

function shown({ written }: Exported): unknown {
  return written;
}

/** `NotificationRule` -> `notification-rules.yaml`. */
export function fileNameOfKind(kind: Kind): string {
  return `${kind.replaceAll(/(?<!^)[A-Z]/g, "-$&").toLowerCase()}s.yaml`;
}

/** Resources as one YAML document each. Pure. */
export function formatResources(resources: readonly unknown[]): string {
  return resources.map((resource) => `---\n${stringify(resource, { lineWidth: 0 })}`).join("");
}
