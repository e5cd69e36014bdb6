import { turnOfOthers } from "../../status-view/index.ts";
import type { Value } from "../column/index.ts";
import { type Budget, createPace, type QueryResult } from "../query/prepare-query.ts";
import { type Query, RequestError } from "../request/index.ts";
import { createCsvEncoder, createQuotedCsvEncoder, type Encode, encodeJson, encodePython } from "./encode.ts";

/** How rows become a document. */
interface Layout {
  readonly encode: Encode;
  readonly start: (names: readonly string[] | null) => string;
  readonly row: (cells: readonly string[], isFirst: boolean) => string;
  readonly end: (totalCount: number) => string;
}

/** Writes a result in the format asked for. Throws RequestError (413) when it grows larger than `maximumBytes`. */
export async function writeAnswer(
  result: QueryResult,
  query: Query,
  budget: Budget,
  maximumBytes: number,
): Promise<Buffer> {
  const layout = layoutOf(query);
  const { isTime } = result;
  const offset = query.clockOffsetSeconds;
  const pieces: string[] = [layout.start(query.hasColumnHeaders ? result.columnNames : null)];
  const pace = createPace(budget);
  let characters = 0;
  let isFirst = !query.hasColumnHeaders || query.format === "wrapped_json";
  for (const values of result.rows) {
    const cells = values.map((value, index) => layout.encode(isTime[index] ? inTheirTime(value, offset) : value));
    const row = layout.row(cells, isFirst);
    isFirst = false;
    characters += row.length;
    if (characters > maximumBytes) throw tooLarge(maximumBytes);
    pieces.push(row);
    if (pace.isTimeForOthers()) await turnOfOthers();
  }
  pieces.push(layout.end(result.totalCount));
  const answer = Buffer.from(pieces.join(""), "utf8");
  if (answer.length > maximumBytes) throw tooLarge(maximumBytes);
  return answer;
}

function tooLarge(maximumBytes: number): RequestError {
  return new RequestError(413, `the answer is larger than ${maximumBytes} bytes; ask for fewer columns or rows`);
}

/** 0 is never, in every time zone. */
function inTheirTime(value: Value, offsetSeconds: number): Value {
  return typeof value === "number" && value !== 0 ? value + offsetSeconds : value;
}

function layoutOf({ format, separators }: Query): Layout {
  switch (format) {
    case "csv": {
      const line = (cells: readonly string[]) => cells.join(separators.column) + separators.row;
      return {
        encode: createCsvEncoder(separators),
        start: (names) => (names === null ? "" : line(names)),
        row: line,
        end: () => "",
      };
    }
    case "CSV": {
      const encode = createQuotedCsvEncoder(separators);
      const line = (cells: readonly string[]) => `${cells.join(",")}\r\n`;
      return { encode, start: (names) => (names === null ? "" : line(names.map(encode))), row: line, end: () => "" };
    }
    case "json":
      return arrays(encodeJson, "]\n");
    case "python":
      return arrays(encodePython, "]\n");
    case "wrapped_json":
      return {
        encode: encodeJson,
        start: (names) => (names === null ? '{"data":[' : `{"columns":${JSON.stringify(names)},"data":[`),
        row: (cells, isFirst) => `${isFirst ? "" : ",\n"}[${cells.join(",")}]`,
        end: (totalCount) => `],"total_count":${totalCount}}\n`,
      };
  }
}

function arrays(encode: Encode, end: string): Layout {
  const row = (cells: readonly string[], isFirst: boolean) => `${isFirst ? "" : ",\n"}[${cells.join(",")}]`;
  return {
    encode,
    start: (names) => (names === null ? "[" : `[${row(names.map(encode), true)}`),
    row,
    end: () => end,
  };
}
