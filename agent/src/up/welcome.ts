import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { User } from "@mycloud/protocol/user";
import { type ApiClient, listAll, parseAnswer } from "../client/index.ts";
import { defaultStateDirectory, installedStateDirectory, type Paint } from "../command-line/index.ts";

/** What the person is told when everything runs. */
export interface Welcome {
  readonly url: string;
  readonly adminEmail: string | null;
  /** The generated password, on the first start only. */
  readonly newPassword: string | null;
  /** Where the generated password is kept; null when there is no such file. */
  readonly passwordFile: string | null;
  readonly stateDir: string;
  /** Where backups go: `rest:http://127.0.0.1:8081/`; null without a storage server. */
  readonly backups: string | null;
}

/** The lines. Pure. */
export function formatWelcome(welcome: Welcome, paint: Paint): string {
  const { url, adminEmail, newPassword, passwordFile } = welcome;
  const kept = passwordFile === null ? "as you set it" : `see ${passwordFile}`;
  const password = newPassword === null ? kept : `${newPassword}  (generated now; kept in ${passwordFile})`;
  const rows: [string, string][] = [
    ["Console", paint("bold", url)],
    ["E-mail", adminEmail ?? "of the administrator"],
    ["Password", password],
    ["State", welcome.stateDir],
    ...(welcome.backups === null ? [] : [["Backups", welcome.backups] satisfies [string, string]]),
  ];
  const lines = rows.map(([name, value]) => `  ${paint("dim", name.padEnd(10))}${value}`);
  return `\n${paint("bold", "MyCloud is running and watches this host.")}\n\n${lines.join("\n")}\n\nCtrl-C stops it.\n\n`;
}

/** Gathers what the welcome says. `hadPassword`: the password file was there before this start. */
export async function gatherWelcome(
  client: ApiClient,
  url: string,
  stateDir: string,
  workingDirectory: string,
  { hadPassword, storageUrl }: { readonly hadPassword: boolean; readonly storageUrl: string | null },
): Promise<Welcome> {
  const path = join(stateDir, "admin-password");
  const hasFile = existsSync(path);
  const newPassword = hasFile && !hadPassword ? (await readFile(path, "utf8")).trim() : null;
  const shown = relative(workingDirectory, path);
  return {
    url,
    stateDir,
    backups:
      storageUrl === null
        ? null
        : `rest:${storageUrl}/NAME/  (mycloud storage password set NAME USER${stateOption(stateDir)} lets somebody in)`,
    adminEmail: await firstAdministrator(client),
    newPassword,
    passwordFile: hasFile ? (shown.startsWith("..") ? path : shown) : null,
  };
}

/** What the command must be told to find the storage server of this instance; nothing where it looks by itself. */
function stateOption(stateDir: string): string {
  return stateDir === defaultStateDirectory() && stateDir !== installedStateDirectory
    ? ""
    : ` --state-dir ${join(stateDir, "storage")}`;
}

/** The administrator's address; null when this token may not list users. */
async function firstAdministrator(client: ApiClient): Promise<string | null> {
  const request = { filter: { role: "admin" }, sort: "id", order: "ASC", limit: 1 } as const;
  const { rows } = await listAll(client, "/api/v1/users", request).catch(() => ({ rows: [] }));
  return rows.length === 0 ? null : parseAnswer(User, rows[0]).email;
}
