import { Command } from "commander";
import { addExamples, flagsOf, type Terminal } from "../command-line/index.ts";
import { passedOnOptions } from "./passed-on-options.ts";
import { runUp } from "./run-up.ts";
import { type UpFlags, upSettings } from "./up-settings.ts";

/** `mycloud up`. */
export function createUpCommand(terminal: Terminal): Command {
  const command = new Command("up")
    .description(
      "Start the control plane with its console, an agent enrolled for this host, a storage server for backups and a name server, and keep them running until Ctrl-C.",
    )
    .option(
      "--state-dir <DIR>",
      "keeps everything in DIR (env MYCLOUD_STATE_DIR; default ./var of a clone, else /var/lib/mycloud)",
    )
    .option("--http <HOST:PORT>", "console and API listen there (env MYCLOUD_HTTP; default 127.0.0.1:8080)")
    .option(
      "--storage <HOST:PORT>",
      "backup repositories are served there, or off (env MYCLOUD_STORAGE; default 127.0.0.1:8081)",
    )
    .option(
      "--dns <HOST:PORT>",
      "a name server answers there by UDP and TCP, or off (env MYCLOUD_DNS; default 127.0.0.1:5300)",
    )
    .option("--nrpe <HOST:PORT>", "this host's agent answers check_nrpe there, or off (env MYCLOUD_NRPE; default off)")
    .option(
      "--agent-metrics <HOST:PORT>",
      "Prometheus may fetch this host's metrics there, or off (env MYCLOUD_AGENT_METRICS; default 127.0.0.1:9273)",
    )
    .option("--json", "logs as JSON lines")
    .addHelpText(
      "after",
      `
Environment:
  MYCLOUD_DATABASE_URL    mariadb://user:password@host:port/database instead of SQLite in the state directory
  MYCLOUD_ADMIN_PASSWORD  the administrator's first password instead of a generated one`,
    );
  for (const { flag, description } of passedOnOptions) command.option(flag, description);
  addExamples(command, [
    ["mycloud up", "everything on loopback"],
    ["mycloud up --state-dir /tmp/try --http 127.0.0.1:9000 --storage off --dns off", "a second one beside it"],
  ]);
  return command.action(() => runUp(terminal, upSettings(flagsOf<UpFlags>(command), terminal)));
}
