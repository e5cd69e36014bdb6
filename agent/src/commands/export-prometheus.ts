import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { prometheusFiles } from "@mycloud/dashboards/prometheus-rules";
import { ResourceDefinition } from "@mycloud/protocol/resource";
import { Command } from "commander";
import { type ApiClient, connect, parseAnswer, readExport } from "../client/index.ts";
import {
  addExamples,
  addInstanceOptions,
  flagsOf,
  httpAddress,
  printJson,
  remark,
  resolveFrom,
  rootDirectory,
  type Terminal,
  wholeNumber,
} from "../command-line/index.ts";
import { writeExportedFiles } from "../exported-files/index.ts";

interface Flags {
  readonly controlPlane?: string;
  readonly prometheusTokenFile: string;
  readonly agentTokenFile?: string;
  readonly storageTokenFile?: string;
  readonly nameServer?: readonly string[];
  readonly caFile?: string;
  readonly runbooks: string;
  readonly interval: number;
  readonly force?: boolean;
}

/** `mycloud export prometheus DIR`: what a Prometheus needs to scrape this and to tell when something is wrong. */
export function createExportPrometheusCommand(terminal: Terminal): Command {
  const command = new Command("prometheus")
    .description(
      "Write a configuration for Prometheus into DIR: scrape jobs that find hosts by HTTP, recording and alert rules with their unit tests, alerts sent to MyCloud.",
    )
    .argument("<DIR>", "made when it does not exist; what an earlier export wrote there is replaced")
    .option(
      "--control-plane <URL>",
      "where Prometheus reaches the control plane (default: as this command does)",
      httpAddress,
    )
    .option(
      "--prometheus-token-file <FILE>",
      "where Prometheus finds a MyCloud token with the scopes read, ingest and ingest:register",
      "/etc/prometheus/mycloud-token",
    )
    .option("--agent-token-file <FILE>", "where it finds the token of the agents' metrics (default: they ask for none)")
    .option("--storage-token-file <FILE>", "the same for storage servers' metrics")
    .option(
      "--name-server <URL>",
      "metrics of a name server, http://ns1.example.org:9353; several times",
      (text: string, before: readonly string[] = []) => [...before, httpAddress(text)],
    )
    .option("--ca-file <FILE>", "where it finds certificates to trust in place of the machine's own")
    .option("--runbooks <URL>", "what addresses of runbooks in alerts begin with", "runbooks")
    .option("--interval <SECONDS>", "between two scrapes", wholeNumber(1, 3600), 30)
    .option("--force", "overwrite also what no export wrote, or somebody changed");
  addInstanceOptions(command);
  addExamples(command, [
    ["mycloud export prometheus /etc/prometheus/mycloud", ""],
    ["promtool check config /etc/prometheus/mycloud/prometheus.yml", "look at it before using it"],
  ]);
  return command.action(async (path: string) => {
    const flags = flagsOf<Flags>(command);
    const directory = resolveFrom(terminal.workingDirectory, path);
    const client = await connect(terminal, flags);
    const files = prometheusFiles({
      controlPlane: flags.controlPlane ?? client.instance.url,
      tokenFile: flags.prometheusTokenFile,
      agentTokenFile: flags.agentTokenFile ?? null,
      storage: await readStorageAddresses(client),
      storageTokenFile: flags.storageTokenFile ?? null,
      nameServers: flags.nameServer ?? [],
      certificateAuthorityFile: flags.caFile ?? null,
      scrapeIntervalSeconds: flags.interval,
      runbooks: flags.runbooks,
    });
    const all = new Map([...(await readRunbooks()), ...files]);
    const isForced = flags.force === true;
    const { written, removed } = await writeExportedFiles(directory, all, { kind: "prometheus", isForced });
    if (flags.json) return printJson(terminal, { directory, files: written, removed });
    await remark(
      terminal,
      `${written.length} files written; promtool check config ${join(directory, "prometheus.yml")}`,
    );
  });
}

async function readStorageAddresses(client: ApiClient): Promise<string[]> {
  const addresses: string[] = [];
  for await (const { definition } of readExport(client, ["StorageServer"])) {
    const resource = parseAnswer(ResourceDefinition, definition);
    if (resource.kind === "StorageServer") addresses.push(resource.spec.url);
  }
  return [...new Set(addresses)].sort();
}

/** The pages that alerts refer to, as they are in this version. */
async function readRunbooks(): Promise<Map<string, string>> {
  const directory = join(rootDirectory, "docs", "runbooks");
  const names = (await readdir(directory)).filter((name) => name.endsWith(".md")).sort();
  const pages = new Map<string, string>();
  for (const name of names) {
    // Other pages of the documentation are not beside them.
    const text = (await readFile(join(directory, name), "utf8")).replaceAll(/\[([^\]]+)\]\(\.\.\/[^)]+\)/g, "$1");
    pages.set(`runbooks/${name}`, text);
  }
  return pages;
}
