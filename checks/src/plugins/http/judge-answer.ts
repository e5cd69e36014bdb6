import { durationRange } from "../../plugin/duration-range.ts";
import { formatBytes, formatDuration } from "../../plugin/format-quantity.ts";
import type { OptionValues } from "../../plugin/option-values.ts";
import { printable } from "../../plugin/printable.ts";
import { isOutOfRange } from "../../plugin-api/range.ts";
import type { ReturnCode } from "../../plugin-api/return-code.ts";
import type { HttpAnswer } from "./request.ts";

/** Something wrong with an answer. */
export interface Fault {
  readonly returnCode: ReturnCode;
  readonly text: string;
}

const REDIRECT_CODES: ReadonlyMap<string, ReturnCode> = new Map([
  ["ok", 0],
  ["warning", 1],
  ["critical", 2],
]);

/** Finds everything wrong with an answer, in check_http's terms; empty when it is as it should be. */
export function judgeAnswer(answer: HttpAnswer, options: OptionValues, nowMs: number): Fault[] {
  return [
    ...judgeStatus(answer, options),
    ...judgeText(answer, options),
    ...judgePattern(answer, options),
    ...judgeAge(answer, options, nowMs),
    ...judgeSize(answer, options),
  ];
}

function judgeStatus(answer: HttpAnswer, options: OptionValues): Fault[] {
  const expected = options.text("expect");
  if (expected !== undefined) {
    const isFound = expected.split(",").some((text) => answer.statusLine.includes(text.trim()));
    return isFound ? [] : [{ returnCode: 2, text: `status is not one of "${expected}"` }];
  }
  const { statusCode } = answer;
  if (statusCode >= 500) return [{ returnCode: 2, text: "server error" }];
  if (statusCode >= 400) return [{ returnCode: 1, text: "request refused" }];
  if (statusCode >= 300) {
    const returnCode = REDIRECT_CODES.get(options.text("onredirect") ?? "ok") ?? 0;
    const location = answer.headers.get("location");
    return returnCode === 0 ? [] : [{ returnCode, text: `redirect to ${printable(location ?? "nowhere")}` }];
  }
  return [];
}

function judgeText(answer: HttpAnswer, options: OptionValues): Fault[] {
  const header = options.text("header-string");
  const text = options.text("string");
  return [
    ...(header === undefined || answer.rawHeaders.includes(header)
      ? []
      : [{ returnCode: 2, text: `"${header}" is not in the headers` } as const]),
    ...(text === undefined || answer.body.includes(text)
      ? []
      : [{ returnCode: 2, text: `"${text}" is not in the body${cutNote(answer)}` } as const]),
  ];
}

function judgePattern(answer: HttpAnswer, options: OptionValues): Fault[] {
  const name = options.isGiven("eregi") ? "eregi" : "regex";
  const text = options.text(name);
  if (text === undefined) return [];
  // POSIX patterns without REG_NEWLINE match ^ and $ only at the ends of the text, but `.` stops at line ends unless -l.
  const pattern = options.pattern(
    name,
    text,
    `${name === "eregi" ? "i" : ""}${options.isGiven("linespan") ? "s" : "m"}`,
  );
  const isFound = pattern.test(answer.body);
  if (isFound !== options.isGiven("invert-regex")) return [];
  return [
    {
      returnCode: 2,
      text: isFound ? `pattern "${text}" was found` : `pattern "${text}" was not found${cutNote(answer)}`,
    },
  ];
}

function judgeAge(answer: HttpAnswer, options: OptionValues, nowMs: number): Fault[] {
  const range = durationRange(options, "max-age");
  if (range === undefined) return [];
  const modified = answer.headers.get("last-modified");
  const modifiedMs = modified === undefined ? Number.NaN : Date.parse(modified);
  if (Number.isNaN(modifiedMs)) return [{ returnCode: 2, text: "the document does not say when it was last modified" }];
  const ageSeconds = Math.max(0, (nowMs - modifiedMs) / 1_000);
  return isOutOfRange(range, ageSeconds)
    ? [{ returnCode: 2, text: `last modified ${formatDuration(ageSeconds)} ago` }]
    : [];
}

function judgeSize(answer: HttpAnswer, options: OptionValues): Fault[] {
  const text = options.text("pagesize");
  if (text === undefined) return [];
  const [min = "", max] = text.split(":");
  const least = options.numberIn("pagesize", min, { min: 0 });
  const most = max === undefined || max === "" ? Infinity : options.numberIn("pagesize", max, { min: 0 });
  if (answer.pageBytes < least) return [{ returnCode: 1, text: `page is too small, ${formatBytes(answer.pageBytes)}` }];
  if (answer.pageBytes > most) return [{ returnCode: 1, text: `page is too large, ${formatBytes(answer.pageBytes)}` }];
  return [];
}

function cutNote(answer: HttpAnswer): string {
  return answer.isBodyCut ? ` (only the first ${formatBytes(answer.bodyBytes)} were read)` : "";
}
