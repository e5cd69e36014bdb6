import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Host } from "@mycloud/protocol/host";
import { ResourceDefinition, TemplatedDefinition } from "@mycloud/protocol/resource";
import { Service } from "@mycloud/protocol/service";
import { Command } from "commander";
import { connect, listAll, parseAnswer, readExport } from "../client/index.ts";
import {
  addInstanceOptions,
  CommandError,
  flagsOf,
  printable,
  printJson,
  remark,
  resolveFrom,
  type Terminal,
} from "../command-line/index.ts";
import { exportMark, keyOf, writeConfiguration } from "../nagios-export/index.ts";

/** `mycloud export nagios DIR`: a configuration that nagios4 starts with. */
export function createExportNagiosCommand(terminal: Terminal): Command {
  const command = new Command("nagios")
    .description(
      "Write the definitions as a Nagios 4 configuration into DIR, all files at once or none. What Nagios has no word for is told.",
    )
    .argument("<DIR>", "made anew; one that holds anything but an earlier export is left alone");
  addInstanceOptions(command);
  return command.action(async (path: string) => {
    const flags = flagsOf(command);
    const directory = resolveFrom(terminal.workingDirectory, path);
    const client = await connect(terminal, flags);
    const all = { limit: Number.POSITIVE_INFINITY };
    const resources: ResourceDefinition[] = [];
    const templated = new Map<string, TemplatedDefinition>();
    for await (const { definition, written } of readExport(client)) {
      resources.push(parseAnswer(ResourceDefinition, definition));
      const use = written === definition ? undefined : TemplatedDefinition.safeParse(written).data;
      if (use !== undefined) templated.set(keyOf(use), use);
    }
    const hosts = (await listAll(client, "/api/v1/hosts", all)).rows.map((row) => parseAnswer(Host, row));
    const services = (await listAll(client, "/api/v1/services", all)).rows.map((row) => parseAnswer(Service, row));
    const remarks: { what: string; why: string }[] = [];
    const inventory = {
      resources,
      hosts,
      services,
      templated,
      remarks: { add: (what: string, why: string) => void remarks.push({ what, why }) },
    };
    const files = writeConfiguration(inventory, directory);
    await replaceDirectory(directory, files);
    if (flags.json) return printJson(terminal, { directory, files: [...files.keys()], remarks });
    for (const { what, why } of remarks) await remark(terminal, printable(`${what}: ${why}`));
    await remark(
      terminal,
      `${hosts.length} hosts and ${services.length} services written; nagios4 -v ${join(directory, "nagios.cfg")} verifies them`,
    );
  });
}

/** Writes the files beside the directory and puts them in its place, so that nobody ever reads half of them. */
async function replaceDirectory(directory: string, files: ReadonlyMap<string, string>): Promise<void> {
  const present = await readdir(directory).catch(() => null);
  const mark = await readFile(join(directory, "nagios.cfg"), "utf8").catch(() => "");
  if (present !== null && present.length > 0 && !mark.startsWith(exportMark)) {
    throw new CommandError(
      "conflict",
      `${directory} holds something else than an earlier export; name another directory`,
    );
  }
  const beside = join(dirname(directory), `.${basename(directory)}.${process.pid}`);
  const temporary = `${beside}.new`;
  await mkdir(temporary, { recursive: true });
  try {
    for (const [name, text] of files) await writeFile(join(temporary, name), text);
    if (present !== null) await rename(directory, `${beside}.old`);
    await rename(temporary, directory);
  } finally {
    await rm(temporary, { recursive: true, force: true });
    await rm(`${beside}.old`, { recursive: true, force: true });
  }
}
