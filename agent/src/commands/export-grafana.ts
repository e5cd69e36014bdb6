import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { tailorFiles } from "@mycloud/dashboards/grafana-files";
import { Command } from "commander";
import { connect } from "../client/index.ts";
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
} from "../command-line/index.ts";
import { writeExportedFiles } from "../exported-files/index.ts";

interface Flags {
  readonly controlPlane?: string;
  readonly prometheus: string;
  readonly grafanaTokenFile: string;
  readonly email: string;
  readonly force?: boolean;
}

/** `mycloud export grafana DIR`: dashboards and provisioning, with this instance's addresses. */
export function createExportGrafanaCommand(terminal: Terminal): Command {
  const command = new Command("grafana")
    .description(
      "Write dashboards and provisioning for Grafana into DIR: data sources, dashboards, alert rules, contact points.",
    )
    .argument("<DIR>", "made when it does not exist; what an earlier export wrote there is replaced")
    .option(
      "--control-plane <URL>",
      "where Grafana and people reach the control plane (default: as this command does)",
      httpAddress,
    )
    .option("--prometheus <URL>", "where Grafana reaches Prometheus", httpAddress, "http://127.0.0.1:9090")
    .option(
      "--grafana-token-file <FILE>",
      "where Grafana finds a MyCloud token with the scopes read, ingest and ingest:register",
      "/etc/grafana/mycloud-token",
    )
    .option("--email <ADDRESS>", "who hears by Grafana when MyCloud itself is in trouble", "operators@example.org")
    .option("--force", "overwrite also what no export wrote, or somebody changed");
  addInstanceOptions(command);
  addExamples(command, [["mycloud export grafana /etc/grafana/mycloud --prometheus http://prometheus:9090", ""]]);
  return command.action(async (path: string) => {
    const flags = flagsOf<Flags>(command);
    const directory = resolveFrom(terminal.workingDirectory, path);
    const client = await connect(terminal, flags);
    const files = tailorFiles(await readGenerated(), {
      controlPlane: flags.controlPlane ?? client.instance.url,
      prometheus: flags.prometheus,
      tokenFile: flags.grafanaTokenFile,
      dashboards: join(directory, "dashboards"),
      email: flags.email,
    });
    const isForced = flags.force === true;
    const { written, removed } = await writeExportedFiles(directory, files, { kind: "grafana", isForced });
    if (flags.json) return printJson(terminal, { directory, files: written, removed });
    await remark(
      terminal,
      `${written.length} files written; ${join(directory, "README.md")} says how Grafana gets them`,
    );
  });
}

/** As they came with this version. */
async function readGenerated(): Promise<Map<string, string>> {
  const directory = join(rootDirectory, "dashboards", "generated");
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = new Map<string, string>();
  for (const path of paths.sort()) files.set(path.slice(directory.length + 1), await readFile(path, "utf8"));
  return files;
}
