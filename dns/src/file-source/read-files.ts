import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import {
  type NameServerConfiguration,
  NameServerFile,
  NameServerFileZone,
  type ZoneConfiguration,
} from "@mycloud/protocol/name-server";
import { NameError } from "../name/index.ts";
import { ZoneError } from "../zone/index.ts";
import { octetsOfFile, parseZoneFile } from "../zone-file/index.ts";
import { Turns, ZoneFramer, type ZoneId, zoneIdOf } from "../zone-store/index.ts";

export interface SourceFiles {
  readonly configurationFile: string | null;
  readonly zoneFiles: readonly { readonly name: string; readonly file: string }[];
}

/** A zone file that was read. */
export interface ReadZone {
  readonly id: ZoneId;
  readonly file: string;
  /** Of its octets: the same for the same content. */
  readonly hash: string;
  /** Undefined where it cannot be served; the faults say why. */
  readonly framer: ZoneFramer | undefined;
}

export interface ReadFiles {
  readonly configuration: NameServerConfiguration;
  readonly zones: readonly ReadZone[];
  /** What is wrong, a line each: `FILE:LINE: what`. */
  readonly faults: readonly string[];
}

/** A configuration that cannot be read at all; each line names a fault. */
export class ConfigurationFileError extends Error {
  override readonly name = "ConfigurationFileError";
}

const shownFaults = 20;

/** Reads all of them. `ownCookieSecret` is for a configuration that names none. Throws ConfigurationFileError; what is wrong with one zone is no reason not to serve the others. */
export async function readFiles(source: SourceFiles, ownCookieSecret: string): Promise<ReadFiles> {
  const { file, directory } = await readConfiguration(source.configurationFile);
  const { cookieSecrets = [ownCookieSecret], zones: inFile, ...rest } = file;
  const given = source.zoneFiles.map((each) => NameServerFileZone.parse(each));
  const all = [...inFile, ...given];
  const faults: string[] = [];
  const zones: ReadZone[] = [];
  for (const zone of all) {
    if (zone.file === null) continue;
    zones.push(await readZone(zone, resolve(directory, zone.file), faults));
  }
  return { configuration: { ...rest, cookieSecrets, zones: all.map(asConfigured) }, zones, faults };
}

async function readConfiguration(path: string | null): Promise<{ file: NameServerFile; directory: string }> {
  if (path === null) return { file: NameServerFile.parse({}), directory: process.cwd() };
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new ConfigurationFileError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = NameServerFile.safeParse(value);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path: at, message }) => `${path}: ${at.join(".")}: ${message}`);
    throw new ConfigurationFileError(faults.join("\n"));
  }
  const faults = parsed.data.zones.flatMap(({ name, file, primaries }) => {
    if ((file === null) === primaries.length > 0) return nameFault(path, name);
    return [`${path}: the zone ${name} wants either a file or primaries`];
  });
  if (faults.length > 0) throw new ConfigurationFileError(faults.join("\n"));
  return { file: parsed.data, directory: dirname(path) };
}

function nameFault(path: string, name: string): string[] {
  try {
    zoneIdOf(name, null);
    return [];
  } catch (error) {
    if (error instanceof NameError) return [`${path}: ${error.message}`];
    throw error;
  }
}

async function readZone({ name, view }: NameServerFileZone, file: string, faults: string[]): Promise<ReadZone> {
  const id = zoneIdOf(name, view);
  let octets: Buffer;
  try {
    octets = await readFile(file);
  } catch (error) {
    faults.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    return { id, file, hash: "", framer: undefined };
  }
  const hash = createHash("sha256").update(octets).digest("hex");
  let count = 0;
  const onFault = ({ line, message }: { readonly line: number; readonly message: string }) => {
    count += 1;
    if (count <= shownFaults) faults.push(`${file}:${line}: ${message}`);
  };
  const framer = new ZoneFramer(id);
  const turns = new Turns();
  for (const record of parseZoneFile(octetsOfFile(octets), { origin: id.apex, onFault })) {
    try {
      framer.add(record);
    } catch (error) {
      if (!(error instanceof ZoneError)) throw error;
      count += 1;
      if (count <= shownFaults) faults.push(`${file}: ${error.message}`);
    }
    if (turns.areOver) await turns.next();
  }
  if (count > shownFaults) faults.push(`${file}: ${count - shownFaults} more faults`);
  return { id, file, hash, framer: count === 0 ? framer : undefined };
}

function asConfigured({ file, ...zone }: NameServerFileZone): ZoneConfiguration {
  return { ...zone, kind: file === null ? "secondary" : "primary", serial: null, allowsUpdate: false };
}
