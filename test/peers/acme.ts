import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { get } from "node:https";
import { join } from "node:path";
import { promisify } from "node:util";
import { killAtExit } from "../support/at-exit.ts";
import { makeCertificates } from "../support/certificates.ts";
import type { Cleanup } from "../support/cleanup.ts";
import { freePort } from "../support/free-port.ts";
import { waitFor } from "../support/wait-for.ts";

export const acmePrograms = {
  pebble: { path: "/usr/bin/pebble", debianPackage: "pebble" },
  lego: { path: "/usr/bin/lego", debianPackage: "lego" },
} as const;

/** A certificate authority by ACME (RFC 8555) that asks one name server about everything. */
export interface AcmeAuthority {
  readonly directoryUrl: string;
  /** Of the certificate that its own web server has. */
  readonly caFile: string;
  /** What it did, with each challenge's outcome. */
  said(): string;
}

/** Starts pebble in a directory; it ends with the test. */
export async function startPebble(cleanup: Cleanup, directory: string, dnsPort: number): Promise<AcmeAuthority> {
  const [port, managementPort] = [await freePort(), await freePort()];
  const certificate = makeCertificates(directory, ["acme"], "IP:127.0.0.1");
  const configuration = {
    pebble: {
      listenAddress: `127.0.0.1:${port}`,
      managementListenAddress: `127.0.0.1:${managementPort}`,
      certificate: certificate("acme.pem"),
      privateKey: certificate("acme.key"),
      // It does not ask there: challenges are by DNS.
      httpPort: 1,
      tlsPort: 1,
    },
  };
  const file = join(directory, "pebble.json");
  await writeFile(file, JSON.stringify(configuration));
  const child = spawn(
    acmePrograms.pebble.path,
    ["-config", file, "-dnsserver", `127.0.0.1:${dnsPort}`],
    // Without these it waits up to 15 s before each validation, and refuses one request of twenty to see what clients do.
    { env: { PEBBLE_VA_NOSLEEP: "1", PEBBLE_WFE_NONCEREJECT: "0" }, stdio: ["ignore", "pipe", "pipe"] },
  );
  const letLive = killAtExit(child);
  const ended = once(child, "close");
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  cleanup.after(async () => {
    child.kill("SIGTERM");
    await ended;
    letLive();
  });
  const directoryUrl = `https://127.0.0.1:${port}/dir`;
  const caFile = certificate("ca.pem");
  const ca = await readFile(caFile);
  const answers = () =>
    new Promise<boolean>((resolve) => {
      if (child.exitCode !== null) throw new Error(`pebble ended:\n${said}`);
      get(directoryUrl, { ca }, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      }).on("error", () => resolve(false));
    });
  await waitFor(answers, 60_000, "pebble to answer");
  return { directoryUrl, caFile, said: () => said };
}

/** Orders one certificate for names by DNS-01. Answers its text (PEM); throws with what lego said where none came. */
export async function orderByLego(
  directory: string,
  authority: AcmeAuthority,
  order: {
    readonly provider: string;
    readonly names: readonly [string, ...string[]];
    /** Of the name server that says which zone a name is in. */
    readonly dnsPort: number;
    readonly env: Readonly<Record<string, string>>;
  },
): Promise<string> {
  const { provider, names, dnsPort, env } = order;
  const args = [
    ...["--accept-tos", "--email", "hostmaster@example.org", "--path", directory, "--server", authority.directoryUrl],
    // It would ask the servers named by NS records on port 53.
    ...["--dns", provider, "--dns.resolvers", `127.0.0.1:${dnsPort}`, "--dns.disable-cp"],
    ...names.flatMap((name) => ["--domains", name]),
    "run",
  ];
  const environment = { LEGO_CA_CERTIFICATES: authority.caFile, HOME: directory, ...env };
  await promisify(execFile)(acmePrograms.lego.path, args, { env: environment, timeout: 120_000 }).catch(
    (error: unknown) => {
      throw new Error(`no certificate came; the authority said:\n${authority.said()}`, { cause: error });
    },
  );
  return await readFile(join(directory, "certificates", `${names[0].replace("*", "_")}.crt`), "utf8");
}
