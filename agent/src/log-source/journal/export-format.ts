/** More than this of one field is left out; the journal itself has no bound. */
const MAXIMUM_FIELD_BYTES = 262_144;
const MAXIMUM_FIELDS = 512;

/** A journal entry's fields, by their names as journald writes them. A field that occurs more than once has its first value. */
export interface JournalFields {
  readonly values: ReadonlyMap<string, Buffer>;
  readonly isCut: boolean;
}

/** Reads systemd's journal export format, given piece by piece. */
export interface ExportReader {
  /** Returns the entries that became complete. */
  write(piece: Buffer): JournalFields[];
}

type State = "line" | "length" | "value" | "value-end";

/**
 * Makes a reader. Source: systemd, "Journal Export Formats": fields are `NAME=text LF`, or `NAME LF`, 8 bytes of length (little-endian), as many bytes, LF; an
 * empty line ends an entry.
 */
export function createExportReader(): ExportReader {
  let values = new Map<string, Buffer>();
  let isCut = false;
  let state: State = "line";
  let name = "";
  let kept: Buffer[] = [];
  let keptBytes = 0;
  let missing = 0;

  function keep(bytes: Buffer): void {
    const room = MAXIMUM_FIELD_BYTES - keptBytes;
    if (bytes.length > room) isCut = true;
    // A copy, since the piece it is of belongs to a pipe's buffer.
    if (room > 0) kept.push(Buffer.from(bytes.subarray(0, room)));
    keptBytes += Math.min(bytes.length, Math.max(room, 0));
  }

  function take(): Buffer {
    const bytes = kept.length === 1 ? (kept[0] ?? Buffer.alloc(0)) : Buffer.concat(kept);
    kept = [];
    keptBytes = 0;
    return bytes;
  }

  function set(field: string, value: Buffer): void {
    if (values.size >= MAXIMUM_FIELDS) isCut = true;
    else if (!values.has(field)) values.set(field, value);
  }

  function endLine(entries: JournalFields[]): void {
    const line = take();
    if (line.length === 0) {
      if (values.size > 0) entries.push({ values, isCut });
      values = new Map();
      isCut = false;
      return;
    }
    const equals = line.indexOf(0x3d);
    if (equals !== -1) {
      set(line.toString("latin1", 0, equals), line.subarray(equals + 1));
      return;
    }
    name = line.toString("latin1");
    state = "length";
    missing = 8;
  }

  function endSized(): void {
    if (state === "length") {
      missing = Number(take().readBigUInt64LE());
      state = missing > 0 ? "value" : "value-end";
    } else if (state === "value") state = "value-end";
    else {
      set(name, take());
      state = "line";
    }
    if (state === "value-end") missing = 1;
  }

  function readLine(piece: Buffer, at: number, entries: JournalFields[]): number {
    const lineFeed = piece.indexOf(0x0a, at);
    keep(piece.subarray(at, lineFeed === -1 ? piece.length : lineFeed));
    if (lineFeed === -1) return piece.length;
    endLine(entries);
    return lineFeed + 1;
  }

  function readSized(piece: Buffer, at: number): number {
    const size = Math.min(missing, piece.length - at);
    if (state !== "value-end") keep(piece.subarray(at, at + size));
    missing -= size;
    if (missing === 0) endSized();
    return at + size;
  }

  return {
    write(piece) {
      const entries: JournalFields[] = [];
      for (let at = 0; at < piece.length; ) {
        at = state === "line" ? readLine(piece, at, entries) : readSized(piece, at);
      }
      return entries;
    },
  };
}
