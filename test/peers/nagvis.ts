import { spawn } from "node:child_process";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Cleanup, freePort, temporaryDirectory, waitFor } from "../support/index.ts";

export const NAGVIS_DIRECTORY = "/usr/share/nagvis/share";
export const PHP_PROGRAM = "/usr/bin/php";

/** A private NagVis. Requests name their user in the header `X-Remote-User`, who is an administrator of it. */
export interface Nagvis {
  readonly url: string;
}

/**
 * Starts Debian's NagVis on PHP's own web server, with one map, asking Livestatus on `livestatusPort`. A copy in a directory of its own: the
 * package's places belong to the system.
 */
export async function startNagvis(
  cleanup: Cleanup,
  { livestatusPort, map }: { readonly livestatusPort: number; readonly map: { name: string; text: string } },
): Promise<Nagvis> {
  const directory = await temporaryDirectory("nagvis");
  const place = (name: string) => join(directory, name);
  await cp(NAGVIS_DIRECTORY, place("share"), {
    recursive: true,
    dereference: true,
    filter: (path) => !/\/docs(\/|$)/.test(path),
  });
  for (const name of [
    "etc/maps",
    "etc/conf.d",
    "etc/profiles",
    "var/tmpl/cache",
    "var/tmpl/compile",
    "www",
    "share/docs",
  ]) {
    await mkdir(place(name), { recursive: true });
  }
  await symlink("../share", place("www/nagvis"));
  for (const name of ["defines/global.php", "classes/GlobalMainCfg.php"]) {
    const file = place(`share/server/core/${name}`);
    const text = await readFile(file, "utf8");
    const moved = text
      .replaceAll("/etc/nagvis", place("etc"))
      .replaceAll("/var/cache/nagvis", place("var"))
      // Written for an older PHP, it takes every remark of a newer one for a failure.
      .replaceAll(/error_reporting\(E_ALL[^)]*\)/g, "error_reporting(E_ALL & ~E_DEPRECATED)");
    await writeFile(file, moved);
  }
  await writeFile(place("etc/nagvis.ini.php"), configuration(directory, livestatusPort));
  await writeFile(place(`etc/maps/${map.name}.cfg`), map.text);

  const port = await freePort();
  const php = spawn(PHP_PROGRAM, ["-d", "error_reporting=22527", "-S", `127.0.0.1:${port}`, "-t", place("www")]);
  let output = "";
  for (const stream of [php.stdout, php.stderr]) stream.on("data", (chunk) => (output = (output + chunk).slice(-5000)));
  cleanup.after(() => void php.kill("SIGKILL"));
  const url = `http://127.0.0.1:${port}/nagvis`;
  const isUp = async () => (await fetch(`${url}/index.php`, { redirect: "manual" })).status < 500;
  await waitFor(() => isUp().catch(() => false), 20_000, "NagVis").catch((error: unknown) => {
    throw new Error(`NagVis did not start:\n${output}`, { cause: error });
  });
  return { url };
}

function configuration(directory: string, livestatusPort: number): string {
  return `; <?php return 1; ?>
[global]
logonmodule="LogonEnv"
logonenvvar="HTTP_X_REMOTE_USER"
logonenvcreateuser="1"
logonenvcreaterole="Administrators"
[paths]
base="${directory}/"
htmlbase="/nagvis"
htmlcgi="/cgi"
[defaults]
backend="live_1"
[backend_live_1]
backendtype="mklivestatus"
socket="tcp:127.0.0.1:${livestatusPort}"
`;
}
