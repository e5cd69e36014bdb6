import { statSync } from "node:fs";
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";
import { isOfPattern, patternId } from "../../pattern/index.ts";
import type { LogStream } from "../batch-codec.ts";
import { dayPath } from "../day-files.ts";
import { dayFormat, formatOf, openDayForReading } from "../day-schema.ts";
import { createShapeIndex, type ShapeIndex } from "./shape-index.ts";

export type Row = SQLOutputValue[];

/** A day's file, open for reading. */
export interface DayReader {
  readonly day: number;
  /** Those that there are now, by their number. */
  streams(): ReadonlyMap<number, LogStream>;
  stream(id: number): LogStream | undefined;
  template(shape: number): string;
  /** What shapes there are now, by the words of their records. */
  shapes(): ShapeIndex;
  /** Hours of the day in which there are records of some shapes; null when that takes longer to find out than it saves. */
  hoursOf(shapes: ReadonlySet<number>): ReadonlySet<number> | null;
  /** Shapes with one of the ids, or of one of the patterns. */
  shapesOf(isAsked: (id: string) => boolean, templates: readonly string[]): number[];
  all(sql: string, ...parameters: SQLInputValue[]): Row[];
  /** Must be ended before the next statement of the same text begins. */
  iterate(sql: string, ...parameters: SQLInputValue[]): IterableIterator<Row>;
}

/** Shapes whose hours are looked up. */
const maximumShapesLooked = 300;
const hoursOfDay = JSON.stringify(Array.from({ length: 24 }, (_, hour) => hour));

/** Statements that are kept prepared for each day. */
const maximumStatements = 100;

interface OpenDay extends DayReader {
  readonly inode: number;
  close(): void;
}

/** Days that a reader's thread keeps open. */
export interface DayReaders {
  /** Null when the day has no file, or none that is ready. */
  open(day: number): DayReader | null;
  close(day: number): void;
}

const maximumOpen = 8;

export function createDayReaders(directory: string): DayReaders {
  const readers = new Map<number, OpenDay>();

  function close(day: number): void {
    const reader = readers.get(day);
    readers.delete(day);
    reader?.close();
  }

  return {
    open(day) {
      const path = dayPath(directory, day);
      const inode = statSync(path, { throwIfNoEntry: false })?.ino;
      const known = readers.get(day);
      if (known !== undefined && known.inode === inode) {
        readers.delete(day);
        readers.set(day, known);
        return known;
      }
      // It was removed, or put aside and begun anew.
      close(day);
      if (inode === undefined) return null;
      const [oldest] = readers.keys();
      if (readers.size >= maximumOpen && oldest !== undefined) close(oldest);
      const reader = openDayReader(path, day, inode);
      if (reader !== null) readers.set(day, reader);
      return reader;
    },
    close,
  };
}

function openDayReader(path: string, day: number, inode: number): OpenDay | null {
  const database = openDayForReading(path);
  try {
    // Being made just now, or of another version.
    if (formatOf(database) !== dayFormat) {
      database.close();
      return null;
    }
    return createDayReader(database, day, inode);
  } catch (error) {
    database.close();
    throw error;
  }
}

function createDayReader(database: DatabaseSync, day: number, inode: number): OpenDay {
  const statements = new Map<string, StatementSync>();
  const streams = new Map<number, LogStream>();
  const templates = new Map<number, string>();
  const shapeIndex = createShapeIndex();
  let lastStream = 0;
  let lastShape = 0;
  let lastWord = 0;

  function prepare(sql: string): StatementSync {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    if (statements.size >= maximumStatements) statements.clear();
    const statement = database.prepare(sql);
    statement.setReturnArrays(true);
    statements.set(sql, statement);
    return statement;
  }

  function all(sql: string, ...parameters: SQLInputValue[]): Row[] {
    return prepare(sql).all(...parameters) as unknown as Row[];
  }

  /** New ones have higher numbers; none ever goes. */
  function readStreams(): void {
    const rows = all(
      "select id, host, host_id, customer, source, service from stream where id > ? order by id",
      lastStream,
    );
    for (const [id, host, hostId, customer, source, service] of rows) {
      lastStream = Number(id);
      streams.set(lastStream, {
        host: String(host),
        hostId: hostId === null ? null : Number(hostId),
        customer: customer === null ? null : String(customer),
        source: String(source),
        service: String(service),
      });
    }
  }

  function readTemplates(): void {
    for (const [id, template] of all("select id, template from shape where id > ? order by id", lastShape)) {
      lastShape = Number(id);
      templates.set(lastShape, String(template));
      shapeIndex.addShape(lastShape, String(template));
    }
  }

  function readShapeWords(): void {
    for (const [id, shape, word] of all("select id, shape, word from shape_word where id > ? order by id", lastWord)) {
      lastWord = Number(id);
      shapeIndex.addWord(Number(shape), word === null ? null : String(word));
    }
  }

  return {
    day,
    inode,
    streams() {
      readStreams();
      return streams;
    },
    stream(id) {
      if (!streams.has(id)) readStreams();
      return streams.get(id);
    },
    template(shape) {
      if (!templates.has(shape)) readTemplates();
      return templates.get(shape) ?? "";
    },
    shapes() {
      readTemplates();
      readShapeWords();
      return shapeIndex;
    },
    hoursOf(shapes) {
      if (shapes.size > maximumShapesLooked) return null;
      const rows = all(
        `select hour.value from json_each('${hoursOfDay}') as hour where exists
         (select 1 from shape_count where shape_count.hour = hour.value and shape in (select value from json_each(?)))`,
        JSON.stringify([...shapes]),
      );
      return new Set(rows.map(([hour]) => Number(hour)));
    },
    shapesOf(isAsked, wanted) {
      readTemplates();
      return [...templates]
        .filter(([, template]) => isAsked(patternId(template)) || wanted.some((one) => isOfPattern(one, template)))
        .map(([id]) => id);
    },
    all,
    iterate: (sql, ...parameters) => prepare(sql).iterate(...parameters) as unknown as IterableIterator<Row>,
    close() {
      statements.clear();
      database.close();
    },
  };
}
