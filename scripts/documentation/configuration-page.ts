import { flagOf } from "../../agent/src/commands/storage/storage-flags.ts";
import { defaultConfigurationFile as agentFile, agentOptions } from "../../agent/src/config/index.ts";
import { type StorageOption, storageOptions } from "../../backup/src/storage-server/index.ts";
import {
  defaultConfigurationFile as serverFile,
  options as serverOptions,
} from "../../control-plane/src/configuration/index.ts";
import { type NameServerOption, nameServerOptions } from "../../dns/src/process/options.ts";
import { formatTable } from "./markdown-table.ts";

/** What both option tables have in common. */
interface Documented {
  readonly name: string;
  readonly flag?: string;
  readonly environment: string;
  readonly description: string;
  readonly defaultText?: string;
  readonly default?: string | number;
}

/** `docs/configuration.md`, made from the two option tables. Pure. */
export function configurationPage(): string {
  return `# Configuration

This page is made from the programs' own option tables by \`scripts/write-documentation.ts\`; change those, not this.

An option is taken from the first place that has it: the command line, the environment, the configuration file, the default. An empty variable counts as none.
Every fault is reported at once, with the place it was written in, and nothing is started.

## The control plane

\`mycloud server\`. The file is \`${serverFile}\` when it exists; \`--config FILE\` or \`MYCLOUD_SERVER_CONFIG\` names another, which then must. It is YAML, one
\`name: value\` a line, with the names below.

${tableOf(serverOptions)}
Command lines can be read by everybody on a machine: give what holds a password in the environment of the one process, or in a file of mode 0600.

\`\`\`yaml
# ${serverFile}
http: 127.0.0.1:8080
publicUrl: https://mycloud.example.org
trustProxy: 1
databaseUrl: mariadb://mycloud:secret@db1.example.org:3306/mycloud
smtpUrl: smtp://mail.example.org:25
mailFrom: mycloud@example.org
\`\`\`

## The agent

\`mycloud agent\`. The file is \`${agentFile}\` when it exists; \`--config FILE\` or \`MYCLOUD_AGENT_CONFIG\` names another, which then must.

${tableOf(agentOptions)}
What it checks is not configured here: it follows from the checks of the control plane whose selector matches the host. What the control plane may ask of it beyond that is
in its [policy file](how-to/watch-another-host.md#what-the-control-plane-may-ask).

\`MYCLOUD_LOG_LEVEL\` and \`MYCLOUD_LOG_FORMAT\` mean the same as for the control plane. \`MYCLOUD_ENROLMENT_TOKEN\` is the one-time token for \`mycloud agent enrol\`, where no
\`--token-file\` is given.

## The storage server

\`mycloud storage serve\`; it has no configuration file. Sizes are bytes or take \`K\`, \`M\`, \`G\`, \`T\`; durations are \`30s\`, \`12h\`, \`7d\`. What it does is told in
[Run a storage server](how-to/run-a-storage-server.md).

${storageTable(storageOptions)}
## The name server

\`mycloud dns serve\`. A flag that may be given several times has its values with commas between them in the environment. What it does is told in
[Run a name server](how-to/run-a-name-server.md).

${nameServerTable(nameServerOptions)}
## Both at once

\`mycloud up\` (\`npm start\`) takes \`--state-dir\` and \`--http\`, and hands every variable above to the process it concerns:

\`\`\`sh
MYCLOUD_SMTP_URL=smtp://mail.example.org:25 npm start -- --state-dir /srv/mycloud --http 127.0.0.1:9000
\`\`\`

## Commands

Commands such as \`mycloud host list\` find the control plane by \`--server\` or \`--state-dir\`, else by \`MYCLOUD_SERVER\` or \`MYCLOUD_STATE_DIR\`, else by what \`mycloud login\` kept,
else in the default state directory of this machine. \`--token-file\` or \`MYCLOUD_TOKEN_FILE\` names a file with an API token. \`NO_COLOR\` turns colours off; \`MYCLOUD_DEBUG=1\` shows
where a fault of the program itself arose.

## Backup

\`mycloud repo ...\` needs a repository and its password. The flag wins over our variable, ours over restic's.

${formatTable(["what", "flag", "environment"], backupVariables)}
Also read, with restic's meaning: \`RESTIC_HOST\`, \`RESTIC_COMPRESSION\`, \`RESTIC_PACK_SIZE\`, \`RESTIC_READ_CONCURRENCY\`, \`RESTIC_KEY_HINT\`. What a
\`rest:\` address asks for may stand in the address (\`rest:https://user:password@host/path/\`): it is never printed, but a file is the better place.
`;
}

const backupVariables = [
  [
    "the repository",
    "`--repo`, `--repository-file`",
    "`MYCLOUD_REPOSITORY`, `RESTIC_REPOSITORY`, `RESTIC_REPOSITORY_FILE`",
  ],
  [
    "its password",
    "`--password-file`, `--password-command`",
    "`MYCLOUD_PASSWORD_FILE`, `RESTIC_PASSWORD_FILE`, `RESTIC_PASSWORD_COMMAND`, `RESTIC_PASSWORD`",
  ],
  ["a capability token for `rest:`, in a file; read again when it was renewed", "", "`MYCLOUD_REST_TOKEN_FILE`"],
  [
    "a user name and password for `rest:`",
    "",
    "`RESTIC_REST_USERNAME`, and `MYCLOUD_REST_PASSWORD_FILE` or `RESTIC_REST_PASSWORD`",
  ],
  ["a certificate authority for `rest:https:`", "`--cacert`", "`RESTIC_CACERT`"],
  ["the local cache", "`--cache-dir`, `--no-cache`", "`RESTIC_CACHE_DIR`"],
  [
    "another repository to copy from",
    "`--from-repo`, `--from-password-file`",
    "`RESTIC_FROM_REPOSITORY`, `RESTIC_FROM_PASSWORD_FILE`",
  ],
];

function storageTable(options: readonly StorageOption[]): string {
  const rows = options.map((option) => [
    `\`${flagOf(option)}\``,
    `\`${option.env}\``,
    option.description,
    option.defaultText ?? (option.default === undefined ? "" : String(option.default)),
  ]);
  return formatTable(["flag", "environment", "meaning", "default"], rows);
}

function nameServerTable(options: readonly NameServerOption[]): string {
  const rows = options.map((option) => [
    `\`${option.flag}\``,
    `\`${option.env}\``,
    option.description + (option.isList === true ? "; several times" : ""),
    option.defaultText ?? option.default ?? "",
  ]);
  return formatTable(["flag", "environment", "meaning", "default"], rows);
}

function tableOf(options: readonly Documented[]): string {
  const rows = options.map(({ name, flag, environment, description, defaultText, default: value }) => [
    `\`${name}\``,
    flag === undefined ? "" : `\`${flag}\``,
    `\`${environment}\``,
    description,
    defaultText ?? (value === undefined ? "" : String(value)),
  ]);
  return formatTable(["name in the file", "flag", "environment", "meaning", "default"], rows);
}
