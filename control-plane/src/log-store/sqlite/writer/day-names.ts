import type { DatabaseSync } from "node:sqlite";
import { hashTemplate, maskMessage } from "../../pattern/index.ts";
import type { LogStream } from "../batch-codec.ts";
import { maximumWordsOfShape, type ShapeWords } from "../batch-shapes.ts";
import { shapeWordsOf } from "../shape-word.ts";
import { maximumShapes } from "./day-counts.ts";

/** Streams of a day; a sender that invents names gets no more. */
const maximumStreams = 100_000;
/** Words that are remembered of all shapes beside their templates'; one with more may have any. */
const maximumWords = 100_000;
/** What stands for a name that is one too many; the record has the real one among its fields. */
const tooMany = "(too many)";

/** The numbers that a day's file has for streams and shapes. After a transaction that failed it must be made anew. */
export interface DayNames {
  /** `isOther`: there are too many, and this is the one for the rest. */
  streamId(stream: LogStream): { readonly id: number; readonly isOther: boolean };
  /** The shape of a message, by its hashes; 0 when there are too many. */
  shapeId(hash: number, otherHash: number, message: string): number;
  /** Remembers what messages of a shape hide. */
  noteWords(words: ShapeWords): void;
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

  function addShape(hash: number, otherHash: number, message: string): KnownShape | null {
    if (byId.size >= maximumShapes) return null;
    const template = maskMessage(message);
    const id = Number(insertShape.run(template).lastInsertRowid);
    const shape = { id, otherHash, words: shapeWordsOf(template) };
    keepShape(hash, shape);
    return shape;
  }

  function keepShape(hash: number, shape: KnownShape): void {
    byId.set(shape.id, shape);
    const same = shapes.get(hash);
    if (same === undefined) shapes.set(hash, [shape]);
    else same.push(shape);
  }

  function findShape(hash: number, otherHash: number): KnownShape | undefined {
    const same = shapes.get(hash);
    return same?.[0]?.otherHash === otherHash ? same[0] : same?.find((shape) => shape.otherHash === otherHash);
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
    shapeId(hash, otherHash, message) {
      return (findShape(hash, otherHash) ?? addShape(hash, otherHash, message))?.id ?? 0;
    },
    noteWords({ hash, otherHash, words: hidden }) {
      const shape = findShape(hash, otherHash);
      // Of a batch of several days some shapes are in the other days only.
      if (shape === undefined || shape.words === null) return;
      if (hidden === null) return open(shape);
      for (const word of hidden) {
        if (shape.words.has(word)) continue;
        if (shape.words.size >= maximumWordsOfShape || words >= maximumWords) return open(shape);
        shape.words.add(word);
        words += 1;
        insertWord.run(shape.id, word);
      }
    },
  };
}
