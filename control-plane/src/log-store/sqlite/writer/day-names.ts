import type { DatabaseSync } from "node:sqlite";
import { hashTemplate, type MaskedMessage } from "../../pattern/index.ts";
import type { LogStream } from "../batch-codec.ts";
import { isPlain } from "../field-token.ts";
import { shapeWordsOf, visitShapeWords } from "../shape-word.ts";
import { maximumShapes } from "./day-counts.ts";

/** Streams of a day; a sender that invents names gets no more. */
const maximumStreams = 100_000;
/** Words that are remembered of a shape beside its template's, and of all; a shape with more may have any. */
const maximumWords = { ofShape: 1_000, ofAll: 100_000 };
/** What stands for a name that is one too many; the record has the real one among its fields. */
const tooMany = "(too many)";

/** The numbers that a day's file has for streams and shapes. After a transaction that failed it must be made anew. */
export interface DayNames {
  /** `isOther`: there are too many, and this is the one for the rest. */
  streamId(stream: LogStream): { readonly id: number; readonly isOther: boolean };
  /** The shape of a message, 0 when there are too many; what it hides is remembered of it. */
  shapeId(message: MaskedMessage): number;
}

interface KnownShape {
  readonly id: number;
  readonly otherHash: number;
  /** Null when it may have any. */
  words: Set<string> | null;
}

export function createDayNames(database: DatabaseSync): DayNames {
  const insertStream = database.prepare(
    "insert into stream (host, host_id, customer, source, service) values (?, ?, ?, ?, ?)",
  );
  const insertShape = database.prepare("insert into shape (template) values (?)");
  const insertWord = database.prepare("insert into shape_word (shape, word) values (?, ?)");
  const streams = new Map<string, number>();
  for (const row of database.prepare("select id, host, host_id, customer, source, service from stream").iterate()) {
    streams.set(`${row.host}\n${row.host_id}\n${row.customer}\n${row.source}\n${row.service}`, Number(row.id));
  }
  /** Numbers are found quicker than templates, which would be made for each message. */
  const shapes = new Map<number, KnownShape[]>();
  const byId = new Map<number, KnownShape>();
  for (const row of database.prepare("select id, template from shape").iterate()) {
    const template = String(row.template);
    const { hash, otherHash } = hashTemplate(template);
    keepShape(hash, { id: Number(row.id), otherHash, words: shapeWordsOf(template) });
  }
  let words = 0;
  for (const row of database.prepare("select shape, word from shape_word").iterate()) {
    const shape = byId.get(Number(row.shape));
    words += 1;
    if (shape === undefined) continue;
    if (row.word === null) shape.words = null;
    else shape.words?.add(String(row.word));
  }

  function idOf({ host, hostId, customer, source, service }: LogStream, isOther: boolean): number | null {
    const key = `${host}\n${hostId}\n${customer}\n${source}\n${service}`;
    const known = streams.get(key);
    if (known !== undefined) return known;
    if (streams.size >= maximumStreams && !isOther) return null;
    const id = Number(insertStream.run(host, hostId, customer, source, service).lastInsertRowid);
    streams.set(key, id);
    return id;
  }

  function addShape({ hash, otherHash, template }: MaskedMessage): KnownShape | null {
    if (byId.size >= maximumShapes) return null;
    const text = template();
    const id = Number(insertShape.run(text).lastInsertRowid);
    const shape = { id, otherHash, words: shapeWordsOf(text) };
    keepShape(hash, shape);
    return shape;
  }

  function keepShape(hash: number, shape: KnownShape): void {
    byId.set(shape.id, shape);
    const same = shapes.get(hash);
    if (same === undefined) shapes.set(hash, [shape]);
    else same.push(shape);
  }

  function noteWords(shape: KnownShape, hidden: string | null): void {
    if (hidden !== null) {
      visitShapeWords(hidden, (word) => {
        if (shape.words === null || shape.words.has(word)) return;
        if (shape.words.size >= maximumWords.ofShape || words >= maximumWords.ofAll) return open(shape);
        shape.words.add(word);
        words += 1;
        insertWord.run(shape.id, word);
      });
    } else open(shape);
  }

  function open(shape: KnownShape): void {
    shape.words = null;
    insertWord.run(shape.id, null);
  }

  return {
    streamId(stream) {
      const id = idOf(stream, false);
      if (id !== null) return { id, isOther: false };
      const other = { host: tooMany, hostId: null, customer: stream.customer, source: tooMany, service: tooMany };
      return { id: idOf(other, true) ?? 0, isOther: true };
    },
    shapeId(message) {
      const { otherHash, hidden, isCut } = message;
      const known = shapes.get(message.hash)?.find((shape) => shape.otherHash === otherHash) ?? addShape(message);
      if (known === null) return 0;
      if (known.words !== null && (isCut || hidden !== "")) noteWords(known, isCut || !isPlain(hidden) ? null : hidden);
      return known.id;
    },
  };
}
