import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { openConnection } from "../../connection/connect.ts";
import { explainNetworkError } from "../../connection/explain-network-error.ts";
import { describeEndpoint, FAMILY_OPTIONS, readFamily, readPort } from "../../connection/network-options.ts";
import { handshakeOf } from "../../connection/secure.ts";
import { formatNrpeCommandLine, versionQuery } from "../../nrpe/command-line.ts";
import { type NrpePacket, type NrpeVersion, readNrpePacket, writeNrpePacket } from "../../nrpe/packet.ts";
import { anonymousClient } from "../../nrpe/tls.ts";
import { systemErrorReason } from "../../plugin/explain-system-error.ts";
import type { OptionValues } from "../../plugin/option-values.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import { StoppedWaiting } from "../../plugin/stopped-waiting.ts";
import { UsageError } from "../../plugin/usage-error.ts";
import { parsePerfdata } from "../../plugin-api/perfdata.ts";
import { parsePluginOutput } from "../../plugin-api/plugin-output.ts";
import { toReturnCode } from "../../plugin-api/return-code.ts";

const longestResponse = 65_536;

/** Asks an NRPE daemon, as check_nrpe does: for hosts that have no agent of ours. */
export const nrpe = {
  name: "nrpe",
  summary: "a check that an NRPE daemon runs on another host",
  notes:
    "Without -c it asks for the daemon's version. What the daemon answers is the result; a daemon that cannot be asked is CRITICAL, or UNKNOWN with " +
    "-u. Daemons are asked by TLS, with anonymous Diffie-Hellman where they have no certificate (which proves nothing about who answers); -A demands one " +
    "of an authority, -n asks in plain text.",
  options: [
    { letter: "H", name: "hostname", value: "HOST", description: "name or address of the host to ask" },
    { letter: "p", name: "port", value: "PORT", default: "5666", description: "port of its daemon" },
    ...FAMILY_OPTIONS,
    { letter: "c", name: "command", value: "NAME", description: "the command, by its name in nrpe.cfg" },
    {
      letter: "a",
      name: "argument",
      value: "TEXT",
      isRepeatable: true,
      description: "an argument of it, where the daemon takes any",
    },
    { letter: "2", name: "v2-packets-only", description: "speak protocol version 2" },
    { letter: "3", name: "v3-packets-only", description: "speak protocol version 3, then 2" },
    { letter: "n", name: "no-ssl", description: "without TLS" },
    {
      letter: "u",
      name: "unknown-timeout",
      description: "a daemon that cannot be asked is UNKNOWN instead of CRITICAL",
    },
    {
      letter: "A",
      name: "ca-cert-file",
      value: "FILE",
      description: "PEM of the authority that must have signed its certificate",
    },
    { letter: "C", name: "client-cert", value: "FILE", description: "PEM of a certificate to show" },
    { letter: "K", name: "key-file", value: "FILE", description: "PEM of its key" },
  ],
  examples: [
    { arguments: "-H db.example.org -c check_load", description: "the load of a host without an agent" },
    { arguments: "-H db.example.org -c check_disk -a 20% -a 10%", description: "a command that takes arguments" },
  ],
  async run(options, context) {
    const settings = readSettings(options);
    const place = describeEndpoint(settings.host, settings.port);
    const line = formatNrpeCommandLine({ name: settings.command, arguments: settings.arguments });
    try {
      const { resultCode, text } = await ask(settings, line, context.signal);
      const parsed = parsePluginOutput(text.toString("utf8"));
      if (parsed.output === "") return report("nrpe", 3, `${place}: the daemon answered nothing`);
      return {
        returnCode: toReturnCode(resultCode),
        output: parsed.output,
        longOutput: parsed.longOutput,
        perfdata: parsePerfdata(parsed.perfdata).perfdata,
      };
    } catch (error) {
      if (error instanceof StoppedWaiting) throw error;
      return report("nrpe", settings.isUnknown ? 3 : 2, `${place}: ${explainNetworkError(error)}`);
    }
  },
} satisfies Plugin;

interface Settings {
  readonly host: string;
  readonly port: number;
  readonly family: 0 | 4 | 6;
  readonly command: string;
  readonly arguments: readonly string[];
  /** Those to try, one after the other. */
  readonly versions: readonly NrpeVersion[];
  readonly isPlain: boolean;
  readonly isUnknown: boolean;
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

function readSettings(options: OptionValues): Settings {
  const host = options.text("hostname");
  if (host === undefined) throw new UsageError("-H/--hostname HOST is required");
  const words = [options.text("command") ?? versionQuery, ...options.texts("argument")];
  if (words.some((word) => word.includes("!"))) throw new UsageError("NRPE cannot carry an exclamation mark");
  const [v2, v3] = [options.isGiven("v2-packets-only"), options.isGiven("v3-packets-only")];
  if (options.text("client-cert") !== undefined && options.text("key-file") === undefined) {
    throw new UsageError("-C/--client-cert needs -K/--key-file");
  }
  return {
    host,
    port: readPort(options) ?? 5666,
    family: readFamily(options),
    command: words[0] ?? "",
    arguments: words.slice(1),
    versions: v2 ? [2] : v3 ? [3, 2] : [4, 2],
    isPlain: options.isGiven("no-ssl"),
    isUnknown: options.isGiven("unknown-timeout"),
    ca: readFile(options, "ca-cert-file"),
    cert: readFile(options, "client-cert"),
    key: readFile(options, "key-file"),
  };
}

function readFile(options: OptionValues, name: string): string | undefined {
  const path = options.text(name);
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`--${name} ${path} cannot be read: ${systemErrorReason(error)}`);
  }
}

/** Asks in each version until one is answered: a daemon closes without a word when it does not know one (4.1.0 knows 4 and 2, but not 3). */
async function ask(settings: Settings, line: string, signal: AbortSignal): Promise<NrpePacket> {
  let last: unknown;
  for (const version of settings.versions) {
    const socket = await openConnection({ host: settings.host, port: settings.port, family: settings.family }, signal);
    try {
      const stream = settings.isPlain ? socket : await secure(socket, settings, signal);
      return await exchange(stream, version, line, signal);
    } catch (error) {
      if (!(error instanceof ClosedWithoutAnswer)) throw error;
      last = error;
    } finally {
      socket.destroy();
    }
  }
  throw last;
}

/** A daemon that has no certificate is trusted as it is; with an authority, its certificate must be of it. */
function secure(socket: Socket, { ca, cert, key }: Settings, signal: AbortSignal): Promise<Socket> {
  const trust = ca === undefined ? anonymousClient : { ca };
  const secured = connectTls({
    socket,
    ...trust,
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    rejectUnauthorized: ca !== undefined,
    // check_nrpe does not compare names either: certificates of hosts are often made without.
    checkServerIdentity: () => undefined,
  });
  const closed = "the daemon closed the connection during the TLS handshake; does it allow this host?";
  return handshakeOf(secured, closed, signal);
}

class ClosedWithoutAnswer extends Error {}

function exchange(socket: Socket, version: NrpeVersion, line: string, signal: AbortSignal): Promise<NrpePacket> {
  const { promise, resolve, reject } = Promise.withResolvers<NrpePacket>();
  let received: Buffer = Buffer.alloc(0);
  const onAbort = (): void => reject(new StoppedWaiting("the daemon's answer"));
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  socket.on("data", (bytes: Buffer) => {
    received = Buffer.concat([received, bytes]);
    const read = readNrpePacket(received, longestResponse);
    if (read.kind === "fault") reject(new Error(`not an answer of NRPE: ${read.reason}`));
    else if (read.kind === "packet") resolve(read.packet);
  });
  const onClose = (): void =>
    reject(
      signal.aborted
        ? new StoppedWaiting("the daemon's answer")
        : new ClosedWithoutAnswer("the daemon closed the connection without an answer; it may not take arguments"),
    );
  socket.once("end", onClose);
  socket.once("close", onClose);
  socket.once("error", reject);
  socket.write(writeNrpePacket({ version, type: "query", resultCode: 0, text: Buffer.from(line, "utf8") }));
  return promise.finally(() => {
    signal.removeEventListener("abort", onAbort);
    socket.destroy();
  });
}
