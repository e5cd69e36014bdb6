import { type ByteString, byteString } from "../../byte-string/index.ts";
import { StatNumbers } from "../../filesystem/index.ts";
import { goFileMode } from "../../tree/file-mode.ts";
import { jsonString } from "../../tree/go-json.ts";
import type { TreeText } from "./tree-text.ts";
import type { WalkContext } from "./walk-context.ts";

type MatchContext = Pick<WalkContext, "index" | "nodeOptions">;

const comma = 0x2c;
const closingBrace = 0x7d;
const mtimeStart = Buffer.from(',"mtime":"');
const atimeStart = Buffer.from(',"atime":"');
const ctimeStart = Buffer.from(',"ctime":"');
const deviceStart = Buffer.from(',"device_id":');
const sizeStart = Buffer.from(',"size":');
const linksStart = Buffer.from(',"links":');
const contentStart = Buffer.from('"content":');
const idsStart = Buffer.from('["');
const idsEnd = Buffer.from('"]');
const nextId = Buffer.from('","');
const noIds = Buffer.from("[]");

/**
 * Compares nodes of a tree, as `encodeTree` writes them, with what lstat says. What lstat does not say (attributes, flags, a link's target)
 * is the same when all else is, since it cannot change without a new ctime.
 */
export class NodeMatcher {
  readonly stat = new StatNumbers();
  readonly #context: MatchContext;
  readonly #text: TreeText;
  readonly #beginnings = new Map<number, Uint8Array>();
  readonly #owners = new Map<number, Uint8Array>();

  constructor(context: MatchContext, text: TreeText) {
    this.#context = context;
    this.#text = text;
  }

  /** Goes past the next node when it is what `stat` says, with that name, and its content is stored. Of directories only the name counts. */
  take(name: ByteString): boolean {
    const { stat } = this;
    const text = this.#text;
    if (!text.takeSeparator() || !text.takeName(name)) return false;
    if (stat.type !== "dir" && !this.#takeMetadata()) return false;
    let isContentKnown = stat.type !== "file";
    while (text.takeByte(comma)) {
      if (stat.type === "file" && text.take(contentStart)) {
        if (!this.#takeContent()) return false;
        isContentKnown = true;
      } else text.skipValue();
    }
    return isContentKnown && text.takeByte(closingBrace);
  }

  #takeMetadata(): boolean {
    const { stat } = this;
    const text = this.#text;
    const { withAtime } = this.#context.nodeOptions;
    return (
      text.take(this.#beginning()) &&
      text.take(mtimeStart) &&
      text.takeInstant(stat.mtimeSeconds, stat.mtimeNanoseconds) &&
      text.take(atimeStart) &&
      (withAtime
        ? text.takeInstant(stat.atimeSeconds, stat.atimeNanoseconds)
        : text.takeInstant(stat.mtimeSeconds, stat.mtimeNanoseconds)) &&
      text.take(ctimeStart) &&
      text.takeInstant(stat.ctimeSeconds, stat.ctimeNanoseconds) &&
      text.take(this.#owner()) &&
      text.takeNumber(stat.inode) &&
      (stat.links === 1 || this.#takeDevice()) &&
      (stat.type !== "file" || stat.size === 0 || (text.take(sizeStart) && text.takeNumber(stat.size))) &&
      text.take(linksStart) &&
      text.takeNumber(stat.links)
    );
  }

  /** Only hard links say which device they are on. As makedev(3) joins its parts, but for numbers that hardly any host has. */
  #takeDevice(): boolean {
    const { deviceMajor: major, deviceMinor: minor } = this.stat;
    if (major >= 0x1000 || minor >= 0x10_0000) return false;
    const device = Math.floor(minor / 0x100) * 0x10_0000 + major * 0x100 + (minor % 0x100);
    return this.#text.take(deviceStart) && this.#text.takeNumber(device);
  }

  /** Every id of a list, when all are of known blobs. */
  #takeContent(): boolean {
    const text = this.#text;
    const { index } = this.#context;
    if (text.take(noIds)) return true;
    if (!text.take(idsStart)) return false;
    for (;;) {
      if (!index.hasWritten("data", text.bytes, text.at)) return false;
      text.at += 64;
      if (text.take(idsEnd)) return true;
      if (!text.take(nextId)) return false;
    }
  }

  #beginning(): Uint8Array {
    const { type, mode } = this.stat;
    const fileMode = goFileMode(type, mode);
    let text = this.#beginnings.get(fileMode);
    if (text === undefined) {
      text = Buffer.from(`,"type":"${type}"${fileMode === 0 ? "" : `,"mode":${fileMode}`}`);
      this.#beginnings.set(fileMode, text);
    }
    return text;
  }

  #owner(): Uint8Array {
    const { uid, gid } = this.stat;
    const key = uid * 2 ** 32 + gid;
    let text = this.#owners.get(key);
    if (text === undefined) {
      const { accounts } = this.#context.nodeOptions;
      const user = accounts.userName(uid);
      const group = accounts.groupName(gid);
      const names = `${user ? `,"user":${jsonString(byteString(user))}` : ""}${group ? `,"group":${jsonString(byteString(group))}` : ""}`;
      text = Buffer.from(`,"uid":${uid},"gid":${gid}${names},"inode":`, "latin1");
      this.#owners.set(key, text);
    }
    return text;
  }
}
