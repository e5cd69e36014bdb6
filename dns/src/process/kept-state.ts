import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { NameServerConfiguration } from "@mycloud/protocol/name-server";
import type { ZoneKey } from "../name-server/index.ts";
import { diskFiles, type StoreFiles, zoneIdOf } from "../zone-store/index.ts";
import type { Logger } from "./logger.ts";
import type { KeptUntil } from "./messages.ts";
import { zoneKeyOf } from "./worker-zones.ts";

const cookieSecretOctets = 16;
const isText = (value: unknown): value is string => typeof value === "string";

/** What a name server keeps beside its zones: the configuration it was told last, its own cookie secret, how long secondary zones hold. */
export class KeptState {
  readonly #directory: string;
  readonly #logger: Logger;
  readonly #files: StoreFiles;
  readonly #expiries = new Map<string, KeptUntil>();
  #writing: Promise<void> = Promise.resolve();
  #isChanged = false;

  constructor(directory: string, logger: Logger, files: StoreFiles = diskFiles) {
    this.#directory = directory;
    this.#logger = logger;
    this.#files = files;
  }

  /** The configuration as it was told last; undefined where there is none. */
  async configuration(): Promise<NameServerConfiguration | undefined> {
    const value = await this.#read("configuration.json");
    if (value === undefined) return undefined;
    const parsed = NameServerConfiguration.safeParse(value);
    if (parsed.success) return parsed.data;
    this.#logger.warn({ file: "configuration.json" }, "the kept configuration is not of this version; it is not used");
    return undefined;
  }

  keepConfiguration(configuration: NameServerConfiguration): Promise<void> {
    return this.#write("configuration.json", configuration);
  }

  /** Made once, so that cookies hold over a restart. */
  async cookieSecret(): Promise<string> {
    const kept = await this.#read("cookie-secret.json");
    if (isText(kept) && /^[0-9a-f]{32}$/.test(kept)) return kept;
    const secret = randomBytes(cookieSecretOctets).toString("hex");
    await this.#write("cookie-secret.json", secret);
    return secret;
  }

  async openExpiries(): Promise<void> {
    const kept = await this.#read("secondaries.json");
    if (!Array.isArray(kept)) return;
    for (const each of kept) if (isKeptUntil(each)) this.#expiries.set(JSON.stringify(each.key), each);
  }

  get expiries(): readonly KeptUntil[] {
    return [...this.#expiries.values()];
  }

  /** Written with the next `saveExpiries`; the zone's name as copies of zones are found by, however the configuration writes it. */
  noteExpiry({ name, view }: ZoneKey, expiresAtMs: number): void {
    const key = zoneKeyOf(zoneIdOf(name, view));
    this.#expiries.set(JSON.stringify(key), { key, expiresAtMs });
    this.#isChanged = true;
  }

  async saveExpiries(): Promise<void> {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    await this.#write("secondaries.json", this.expiries);
  }

  async #read(name: string): Promise<unknown> {
    try {
      return JSON.parse(String(await this.#files.read(join(this.#directory, name))));
    } catch (error) {
      const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
      if (!isMissing) this.#logger.error({ file: name, err: error }, "what was kept cannot be read");
      return undefined;
    }
  }

  #write(name: string, value: unknown): Promise<void> {
    const octets = Buffer.from(JSON.stringify(value));
    this.#writing = this.#writing.then(async () => {
      try {
        await this.#files.replace(join(this.#directory, name), [octets]);
      } catch (error) {
        this.#logger.error({ file: name, err: error }, "the disk does not take what is to be kept; answers go on");
      }
    });
    return this.#writing;
  }
}

function isKeptUntil(value: unknown): value is KeptUntil {
  if (typeof value !== "object" || value === null || !("key" in value) || !("expiresAtMs" in value)) return false;
  const { key, expiresAtMs } = value;
  if (typeof expiresAtMs !== "number" || typeof key !== "object" || key === null) return false;
  return "name" in key && isText(key.name) && "view" in key && (key.view === null || isText(key.view));
}
